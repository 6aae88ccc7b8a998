"""Text before it is read: reasoning taken away, then what only dresses it made plain."""

import html
import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

# Unicode's White_Space property. str.isspace() would add U+001C..001F.
WHITE_SPACE = ("\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
               "\u2028\u2029\u202f\u205f\u3000")
Span = tuple[int, int]

# Quotations end on the line they begin on.
QUOTATION = re.compile(r"""
    "(?:\\.|[^"\\\n])*" | “[^”\n]*” | „[^“”\n]*[“”] | ‘[^’\n]*’ | «[^»\n]*» | 「[^」\n]*」 | 『[^』\n]*』
    | (`+)[^`\n]+\1 | (?<!\w)'[^\n]*?'(?!\w)""", re.X)

# The families of reasoning tags: what opens a block, what closes it. A harmony reply closes by its final channel.
NAMES = ("think", "thinking", "thought", "thoughts", "reasoning", "seed:think", "antthinking", "inner_thoughts")
FAMILIES = (
    *((rf"<{name}\s*>", rf"</{name}\s*>") for name in NAMES),
    (r"\[think\]", r"\[/think\]"),
    ("◁think▷", "◁/think▷"),
    (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
    (r"<\|start_thinking\|>", r"<\|end_thinking\|>"),
    (r"<unused94>", r"<unused95>"),
    (r"<\|channel>\s*thought", r"<channel\|>"),
    (r"<\|channel\|>\s*(?:analysis|commentary)[^<>|]{0,64}(?:<\|constrain\|>\w*)?<\|message\|>",
     r"<\|channel\|>\s*final[^<>|]{0,64}(?:<\|constrain\|>\w*)?<\|message\|>"),
)
TAGS = re.compile("|".join(f"(?P<o{i}>{opener})|(?P<c{i}>{closer})" for i, (opener, closer) in enumerate(FAMILIES)),
                  re.I)
ROLES = re.compile(r"(?:\s|:|assistant|model|<\|[^|<>\n]{0,64}\|>|</?s>)*", re.I)

INVISIBLE = re.compile("[\ufe00-\ufe0f\u034f\u180b-\u180d\u115f\u1160\u3164]")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
LATEX_TEXT = re.compile(r"\\(?:text(?:bf|it|rm|sf|tt|normal)?|math(?:rm|bf|it|sf|tt|cal|bb)|mbox)\s*\{([^{}]*)\}")


class Tag(NamedTuple):
    family: int
    closes: bool
    start: int
    end: int


def is_blank(text: str) -> bool:
    return not text.strip(WHITE_SPACE)


def nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def inside(spans: list[Span], begin: int, end: int) -> Span | None:
    """The span, of ascending ones that don't overlap, that holds begin and end."""
    i = bisect_right(spans, (begin, len(spans) and spans[-1][1] + 1)) - 1
    return spans[i] if i >= 0 and end <= spans[i][1] else None


def quotations(text: str) -> list[Span]:
    return [match.span() for match in QUOTATION.finditer(text)]


def fences(text: str) -> list[tuple[int, int, bool]]:
    """Fenced blocks, and whether they are closed."""
    found, opened_at, mark, at = [], None, "", 0
    for line in text.split("\n"):
        head = line.strip()
        if opened_at is None:
            if head[:3] in ("```", "~~~") and "`" not in head.lstrip("`"):
                opened_at, mark = at, head[:3]
        elif head.startswith(mark) and not head.strip(mark[0]):
            found.append((opened_at, at + len(line), True))
            opened_at = None
        at += len(line) + 1
    if opened_at is not None:
        found.append((opened_at, len(text), False))
    return found


def after_bare_harmony(text: str) -> str | None:
    """A harmony reply that lost its tokens: what follows "assistantfinal"; None if only analysis came."""
    head = text.lstrip(WHITE_SPACE)
    if not head.startswith("analysis"):
        return text
    before, found, final = head.rpartition("assistantfinal")
    if found:
        return final
    return None if head[len("analysis"):][:1].isupper() else text


def reasoning_tags(text: str) -> list[Tag]:
    return [Tag(int(match.lastgroup[1:]), match.lastgroup[0] == "c", *match.span())
            for match in TAGS.finditer(text)]


def closer_of(opener: Tag, tags: list[Tag], fenced: list[Span]) -> Tag | None:
    """What ends the block: the family's last closer before another block begins, one in a fence only if there is no
    other."""
    found, found_in_fence = None, None
    for tag in tags:
        if tag.family != opener.family or tag.start < opener.end:
            continue
        in_fence = inside(fenced, tag.start, tag.end) is not None
        if not tag.closes and found and not in_fence:
            break
        if tag.closes and in_fence:
            found_in_fence = tag
        elif tag.closes:
            found = tag
    return found or found_in_fence


def begins_reply(before: str) -> bool:
    return len(before) < 400 and bool(ROLES.fullmatch(before))


def begins_line(text: str, at: int) -> bool:
    return is_blank(text[text.rfind("\n", 0, at) + 1:at])


def without_blocks(text: str) -> str | None:
    """What stands behind the last block, or before it where nothing stands behind. None: a block never ends that opens
    the reply, or a line."""
    tags = reasoning_tags(text)
    if not tags:
        return text
    quoted, fenced = quotations(text), [(begin, end) for begin, end, closed in fences(text) if closed]
    tags = [tag for tag in tags if not inside(quoted, tag.start, tag.end)]
    plain = [tag for tag in tags if not inside(fenced, tag.start, tag.end)]
    begin, before, opened = 0, "", set()
    for tag in plain:
        if tag.start < begin:
            continue
        prose, closer = text[begin:tag.start], None if tag.closes else closer_of(tag, tags, fenced)
        if tag.closes:
            before, begin = prose if tag.family not in opened and not begins_reply(prose) else before, tag.end
        elif closer:
            before, begin = before if begins_reply(prose) else prose, closer.end
            opened.add(tag.family)
        elif begins_reply(prose) or begins_line(text, tag.start):
            return None
    return before if begin and begins_reply(text[begin:]) else text[begin:]


def without_reasoning(text: str) -> str | None:
    """The text without its reasoning; None if that never ends."""
    text = after_bare_harmony(text)
    return text if text is None else without_blocks(text)


def decoded(entity: re.Match) -> str:
    return html.unescape(entity[0])


def visible(text: str) -> str:
    """Without control and format characters and variation selectors; every line ends in a line feed."""
    text = re.sub("\r\n?|[\u2028\u2029\x85\v\f]", "\n", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in INVISIBLE.sub("", text)
                   if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))


def without_latex_text(text: str) -> str:
    """The content of LaTeX's text commands; \\boxed stays, since it tells an answer."""
    for _ in range(4):
        if "\\" not in text:
            break
        text = LATEX_TEXT.sub(r"\1", text)
    return text


def readable(text: str) -> str:
    """How a text is read, alike for replies, options and phrases."""
    return without_latex_text(visible(nfkc(ENTITY.sub(decoded, nfkc(text)))))
