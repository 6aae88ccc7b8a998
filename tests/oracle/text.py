"""Text before it is read: white space, NFKC, the leading reasoning block."""

import unicodedata

# Unicode's White_Space property. str.isspace() would add U+001C..001F.
WHITE_SPACE = ("\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
               "\u2028\u2029\u202f\u205f\u3000")

REASONING_TAGS = (("<think>", "</think>"), ("◁think▷", "◁/think▷"))


def is_blank(text: str) -> bool:
    return not text.strip(WHITE_SPACE)


def nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def without_reasoning(text: str) -> str | None:
    """The text after one leading reasoning block; None if that block never ends."""
    head = text.lstrip(WHITE_SPACE)
    for begin, end in REASONING_TAGS:
        if head.startswith(begin):
            _, found, rest = head.partition(end)
            return rest if found else None
    for begin, end in REASONING_TAGS:
        before, found, rest = text.partition(end)
        if found and begin not in before:
            return rest
    return text
