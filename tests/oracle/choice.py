"""The standard reading of an answer to a multiple-choice question."""

import re

from standard import CLOSING, CONFLICT, GAP, PARSED, UNPARSED, WORD_BEGINS, WORD_ENDS, Reading, opened, unread
from text import nfkc

NAMED = rf"(?:(?i:option|choice|选项){GAP})?"  # "Option B" is a dress of B
# An A is the article where a lower-case word follows, unless the word is one that follows an option.
NOT_ARTICLE = r"(?!(?<=[Aa])[ \t]+(?!(?:is|was|or|and|because|since|as|but)\b)[a-z])"
NEGATED = r"(?i:not|n't|n’t|never) (?i:choose\b|pick\b|select\b|go\s+with\b)?"
PHRASE = (rf"(?:\b(?i:answer|option|choice)\b(?:{GAP}(?<=[:=\n])|\s+(?i:is|would\s+be|should\s+be)\b)"
          rf"|(?<!not )(?<!n't )(?<!never )\b(?i:choose|pick|select|go\s+with)\b"
          rf"|答案(?:是|为)?|<answer>|\\boxed\b)")


def folded(text: str) -> str:
    return " ".join(nfkc(text).split()).casefold()


def last_phrase(text: str, letter: str) -> Reading | None:
    """What the last "the answer is B" says; two letters there are no answer."""
    found = list(re.finditer(rf"{PHRASE}{GAP}{NAMED}({letter}){WORD_ENDS}{NOT_ARTICLE}", text))
    if not found:
        return None
    another = rf"{GAP}(?:,|/|&|\bor\b|\band\b|或|和){GAP}{NAMED}{letter.upper()}{WORD_ENDS}{NOT_ARTICLE}"
    if re.compile(another).match(text, found[-1].end(1)):
        return Reading(CONFLICT, None)
    return Reading(PARSED, found[-1][1].upper())


def option_quoted(text: str, options: dict[str, str]) -> Reading | None:
    """A reply that is nothing but an option's text."""
    letters = [letter for letter, option in options.items() if folded(option) == folded(text)]
    if not letters:
        return None
    return Reading(PARSED, letters[0]) if len(letters) == 1 else Reading(UNPARSED, None)


def letter_first(text: str, letter: str, options: dict[str, str]) -> Reading | None:
    """A letter, alone or with nothing but its own option's text after it."""
    head = re.match(rf"{GAP}{NAMED}({letter}){WORD_ENDS}{CLOSING}", text)
    if not head:
        return None
    name, rest = head[1].upper(), text[head.end():]
    own_text = name in options and folded(rest) == folded(options[name])
    return Reading(PARSED, name) if own_text or not rest else None


def bare_letters(text: str, letter: str) -> set[str]:
    standing_alone = rf"{WORD_BEGINS}(?<!['’])({letter.upper()}){WORD_ENDS}(?!['’]\w){NOT_ARTICLE}"
    dressed_small = rf"[(\[]({letter.lower()})[)\]]"
    return {found.upper() for found in re.findall(standing_alone, text) + re.findall(dressed_small, text)}


def ruled_out(text: str, letter: str) -> set[str]:
    """The letters of "not A", "don't choose A"."""
    return {found.upper() for found in re.findall(rf"{NEGATED}{GAP}{NAMED}({letter}){WORD_ENDS}{NOT_ARTICLE}", text)}


def read_choice(reply: str, options: dict[str, str]) -> Reading:
    """The value is one of the options' letters."""
    text = opened(reply)
    if isinstance(text, Reading):
        return text
    letters = "".join(options)
    letter = f"[{letters.upper()}{letters.lower()}]"
    decided = (last_phrase(text, letter) or option_quoted(text, options)
               or letter_first(text, letter, options))
    if decided:
        return decided
    found = bare_letters(text, f"[{letters}]")
    if len(found) > 1:
        return Reading(CONFLICT, None)
    return Reading(PARSED, found.pop()) if found - ruled_out(text, letter) else unread(text)
