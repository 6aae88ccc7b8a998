"""The reply made ready for the choice reading: dress, the copies of option texts and the reply's own list set apart."""

import html
import re
from functools import lru_cache
from typing import NamedTuple

from standard import CONFLICT, PARSED, Reading
from text import nfkc

# Stand-ins: a copy of an option's text, the beginning of one at the reply's end, a letter of the reply's own list.
COPY, STUMP, LISTED = 0xE000, "\ue800", "\uf000"
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
                       "\ufe00-\ufe0f\ufeff\u20e3\ue000-\uf8ff]")
LATEX_WRAPPER = re.compile(r"\\(?:text(?:bf|it|rm|sf|tt|normal)?|math(?:bf|it|rm|sf|tt|bb|cal)|operatorname|mbox|bf|rm)"
                           r"\s*(?=\{)")
LATEX_SIGN = re.compile(r"\\[()\[\],;:! ]|\$+|\\(?=[{}_*%#&])"
                        r"|\\(?:quad|left|right|bigl?|bigr|times|cdot)(?![a-zA-Z])")
END_TOKEN = re.compile(r"<\|[^|<>\n]{0,60}\|>|</?s>|\[/?INST\]|<(?:start|end)_of_turn>|<(?:eos|bos|pad)>"
                       r"|(?i:</?(?:b|i|p|em|strong)>)"
                       r"|<br ?/?>")
SAME_SIGNS = re.compile(r"([^\w\n])\1{4,}")
WORD = re.compile(r"\d+(?:[.,]\d+)+[^\W_\ue000-\uf8ff]*|[^\W_\ue000-\uf8ff]+")  # a number is one word
TAG = r"</?[A-Za-z][\w-]{1,30}>"
MATHEMATICS = "\u2200-\u2211\u2213-\u2218\u221a-\u22c4\u22c6-\u22ff△"  # not the minus, nor the dots of lists
SIGN = rf"{TAG}|[^\w\s.,;:!?%°&=/@{MATHEMATICS}\ue000-\uf8ff]|_"
GAP = rf"(?:{SIGN}|\s){{0,64}}"  # capped: a gap is tried at every place
INLINE_GAP = rf"(?:{SIGN}|[ \t]){{0,64}}"
CLOSING = rf"(?:{SIGN}|[\s.,;:!。])*"
WORD_BEGINS, WORD_ENDS = r"(?<![^\W_])", r"(?![^\W_])"
LEAST_STUMP = 4


def agreed(letters: set[str]) -> Reading | None:
    """The one letter of a level that found some; several contradict each other."""
    if not letters:
        return None
    return Reading(PARSED, letters.pop()) if len(letters) == 1 else Reading(CONFLICT, None)


class Prepared(NamedTuple):
    text: str
    unlisted: str                 # the same, with the letters of the reply's own list
    letters: str
    words: dict[str, list[str]]   # each option's words
    groups: tuple[str, ...]       # what a stand-in's number means: the letters whose texts are equal
    begun: str                    # the letters of the options whose beginning ends the reply
    listed: dict[str, list[str]]  # what the reply's own list says behind each letter

    def copy_at(self, place: int) -> str:
        """The letters whose text is copied there."""
        code = ord(self.text[place]) - COPY if place < len(self.text) else -1
        return self.groups[code] if 0 <= code < len(self.groups) else ""

    def stump_at(self, place: int) -> str:
        return self.begun if self.text.startswith(STUMP, place) else ""


def plain(text: str) -> str:
    """Without entities, LaTeX wrappers, invisible characters and chat tokens: alike for texts and options."""
    if "&" in text:
        text = html.unescape(text)
    text = nfkc(INVISIBLE.sub("", text)).replace("’", "'").replace("‘", "'")
    text = SAME_SIGNS.sub(r"\1\1\1\1", END_TOKEN.sub(" ", text))
    if "\\" in text or "$" in text:
        text = LATEX_SIGN.sub(" ", LATEX_WRAPPER.sub("", text))
    return text


def line_from(text: str, place: int) -> str:
    """The rest of the line, as far as anything is looked for."""
    return text[place:place + 400].partition("\n")[0]


def words_of(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


class Item(NamedTuple):
    letters: str
    words: dict[str, list[str]]
    groups: tuple[str, ...]
    tails: tuple[str, ...]                               # a question mark behind each group's last word
    first: dict[str, list[tuple[list[str], int, bool]]]  # by first word: the words, the group, begins with a sign


@lru_cache(64)
def item_of(options: tuple[tuple[str, str], ...]) -> Item:
    texts = {letter: plain(text) for letter, text in options}
    words = {letter: words_of(text) for letter, text in texts.items()}
    equal: dict[tuple[str, ...], str] = {}
    for letter, each in words.items():
        equal[tuple(each)] = equal.get(tuple(each), "") + letter
    groups, first = tuple(equal.values()), {}
    for number, each in enumerate(equal):
        if len(each) >= 2:
            signed = re.match(r"\W*[-−+]\d", texts[groups[number][0]]) is not None
            first.setdefault(each[0], []).append((list(each), number, signed))
    for entries in first.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    tails = tuple(re.search(r"\??$", texts[group[0]].rstrip())[0] for group in groups)
    return Item("".join(words), words, groups, tails, first)


def within_number(text: str, begin: int, end: int, signed: bool) -> bool:
    """Whether the place is a piece of another number."""
    before = re.search(r"[-−+]$|\d[.,]$", text[max(0, begin - 2):begin])
    opens = text[begin].isdigit() and bool(before) and not signed
    return opens or (text[end - 1].isdigit() and re.match(r"[.,]\d", text[end:end + 2]) is not None)


def copies(text: str, item: Item) -> tuple[str, str]:
    """Rule 8: each copy of an option's text of two words and more is one sign; so is a beginning at the reply's end,
    whose letters are given beside the text."""
    spans = [match.span() for match in WORD.finditer(text)]
    words = [text[begin:end].casefold() for begin, end in spans]
    out, done, at = [], 0, 0
    while at < len(words):
        found = copy_there(text, spans, words, at, item)
        if found:
            number, count = found
            end = spans[at + count - 1][1]
            tail = item.tails[number]
            out += [text[done:spans[at][0]], chr(COPY + number)]
            done = end + len(tail) if text.startswith(tail, end) else end
            at += count
            continue
        letters = begun(words, at, item)
        if letters:
            return "".join(out) + text[done:spans[at][0]] + STUMP + text[spans[-1][1]:], letters
        at += 1
    return "".join(out) + text[done:], ""


def copy_there(text: str, spans: list[tuple[int, int]], words: list[str], at: int,
               item: Item) -> tuple[int, int] | None:
    """The number of the group whose text stands there, and its count of words."""
    for each, number, signed in item.first.get(words[at], ()):
        last = at + len(each) - 1
        if words[at:last + 1] == each and not within_number(text, spans[at][0], spans[last][1], signed):
            return number, len(each)
    return None


def begun(words: list[str], at: int, item: Item) -> str:
    """The letters of the options that the rest of the reply, of some words, begins."""
    rest = len(words) - at
    if rest < LEAST_STUMP or words[at] not in item.first:
        return ""
    return "".join(item.groups[number] for each, number, _ in item.first[words[at]] if words[at:] == each[:rest])


LIST_LINE = re.compile(rf"[ \t]*(?P<before>(?:{SIGN}|[ \t])*)(?P<option>(?:option|choice)[ \t]+(?:{SIGN})*)?"
                       rf"(?P<letter>[A-Za-z])"
                       rf"(?P<after>(?:{SIGN})*[.:]?(?:{SIGN})*)(?=\s|$|[\ue000-\uefff])", re.I | re.M)


def styled(line: re.Match) -> tuple[str, ...] | None:
    after = line["after"]
    if not after and not line["option"] and line.string[line.end():line.string.find("\n", line.end())].strip():
        return None
    return ("".join(line["before"].split()), "option" if line["option"] else "", after, str(line["letter"].isupper()))


def own_list(text: str, letters: str) -> tuple[str, dict[str, list[str]]]:
    """The lines that open with ascending letters in one style: their letters open nothing."""
    runs: dict[tuple[str, ...], list[list[tuple[str, int, list[str]]]]] = {}
    place = 0
    for row in text.split("\n"):
        line = LIST_LINE.match(row)
        style = styled(line) if line else None
        if style:
            letter = line["letter"].upper()
            found = runs.setdefault(style, [])
            if not found or letter <= found[-1][-1][0]:
                found.append([])
            found[-1].append((letter, place + line.start("letter"), list(row[line.end():])))
        place += len(row) + 1
    chars, listed = list(text), {}
    for run in (run for found in runs.values() for run in found if len(run) >= 2):
        for letter, place, rest in run:
            chars[place] = LISTED
            if letter in letters:
                listed[letter] = loose("".join(rest))
    return "".join(chars), listed


def loose(text: str) -> list[str]:
    """Words and stand-ins, to compare a line with what the list said."""
    return re.findall(r"[^\W_]+|[\ue000-\uefff]", text.casefold())


def prepared(text: str, options: dict[str, str]) -> Prepared:
    item = item_of(tuple(options.items()))
    unlisted, stump = copies(plain(text), item)
    text, listed = own_list(unlisted, item.letters)
    return Prepared(text, unlisted, item.letters, item.words, item.groups, stump, listed)
