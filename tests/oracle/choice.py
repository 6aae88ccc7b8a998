"""The standard reading of an answer to a multiple-choice question: the first level that finds something decides."""

import re

from choice_affirmed import affirmed
from choice_explicit import (CLOSE, before_next_question, contradicted, ends_there, explicit, list_in_line,
                             own_text_at, second_letter)
from choice_text import (CLOSING, GAP, INLINE_GAP, LATEX_WRAPPER, SIGN, TAG, WORD, WORD_ENDS, Prepared, agreed, loose,
                         line_from, plain, prepared, words_of)
from choice_words import OPTION, REASONS, VERBS
from standard import CONFLICT, PARSED, UNPARSED, Reading, opened, unread

NAMED = rf"(?:(?i:{OPTION}){GAP})?"
ANY_COPY = "[\ue000-\ue7ff]"


def is_beginning(words: list[str], whole: list[str], least: int) -> bool:
    """Whether the words begin the text, the last of them perhaps cut."""
    if not least <= len(words) <= len(whole):
        return False
    return words[:-1] == whole[:len(words) - 1] and whole[len(words) - 1].startswith(words[-1])


def own_text_follows(item: Prepared, letter: str, place: int, least: int = 1) -> bool:
    """Whether the option's text, or its beginning up to the line's end, follows."""
    if own_text_at(item, letter, place):
        return True
    words, whole = words_of(line_from(item.text, place)), item.words[letter]
    word = re.compile(rf"{GAP}{WORD.pattern}\s*?(?=[^\w\s]|\n|\Z)").match(item.text, place)
    return is_beginning(words, whole, min(least, len(whole))) or word is not None and words_of(word[0]) == whole


def opening_holds(item: Prepared, letter: str, place: int) -> bool:
    """Whether what follows the opening capital lets it be an answer."""
    marks = MARKS.match(item.text, place)
    signs, rest = marks[0], item.text[marks.end():]
    word = re.match(r"[^\W_]+(?:'\w+)?", rest)
    if re.match(r"[A-Z]\.\s", rest) and not own_text_follows(item, letter, place):
        return False  # initials
    if ":" in signs or not signs.strip() and not rest.startswith("\n"):
        return own_text_follows(item, letter, place, 1 if ":" in signs else 3)
    if own_text_follows(item, letter, place):
        return True
    if "," in signs or "、" in signs:
        return re.match(rf"(?:{REASONS})\b", rest) is not None
    if re.match(rf"(?:{VERBS})\b", rest.lstrip()) and not re.match(rf"(?:{REASONS})\b", rest):
        return False
    if not rest or rest[0] == "\n":
        return "?" not in signs
    enclosed = re.search(r"""[)\]"'”»」】`]|\*\*|__""", signs)
    if enclosed:
        small = word is not None and word[0][0].islower() and not re.match(rf"(?:{REASONS})\b", rest)
        return rest[0] not in "?%/&=" and not small
    return re.match(r"[*_ \t]*[.。](?=[^\w]|\Z)", signs + rest) is not None and rest[0] not in "?%/&="


MARKS = re.compile(CLOSE.pattern + r"""[.:,!;。、]*(?:[)\]}*_"”`»」』】>|]|'(?!\w))*[ \t]*""")


def letter_head(item: Prepared, gap: str) -> re.Pattern:
    """The letter in dress that a reply or a line opens with."""
    either_case = item.letters + item.letters.lower()
    return re.compile(rf"{gap}{NAMED}(?<!\\)([{either_case}]){WORD_ENDS}(?!'\w|[-+#%/(\[{{<]|_[^\W_]|_\{{)")


def opening(item: Prepared) -> set[str]:
    text = item.text
    head = letter_head(item, GAP).match(text)
    if not head:
        return set()
    letter, end = head[1].upper(), head.end()
    if re.compile(rf"{CLOSING}\Z").match(text, end):
        return {letter}
    if head[1].islower():
        return {letter} if own_text_follows(item, letter, end, 3) else set()
    if list_in_line(item, letter, end):
        return set()
    if own_text_at(item, letter, end) or words_of(line_from(text, end)) == item.words[letter]:
        return {letter}
    bracketed = re.compile(r"[)\]][ \t]*[(\[](\w)[)\]]").match(text, end)
    if second_letter(item, end) or another_follows(item, end) or bracketed and bracketed[1].upper() in item.letters:
        return set(item.letters)
    return {letter} if opening_holds(item, letter, end) else set()


def another_follows(item: Prepared, place: int) -> bool:
    """`(A) (B)`, `A. B.`: two letters on one line."""
    other = re.compile(rf"(?=\s*[^\s\w])(?:{SIGN}|[ \t.:,])*{NAMED}([{item.letters}]){WORD_ENDS}(?!_[^\W_]|_\{{)"
                       ).match(item.text, place)
    return bool(other) and ends_there(item.text, other.end())


def lines_that_speak(text: str) -> list[str]:
    return [line for line in text.split("\n") if re.search(r"[^\W_]|[\ue000-\uefff]", re.sub(TAG, "", line))]


def last_line(item: Prepared) -> set[str]:
    line = (lines_that_speak(item.text) or [""])[-1]
    head = letter_head(item, INLINE_GAP).match(line)
    if not head:
        return set()
    letter, rest = head[1].upper(), line[head.end():]
    if not rest.strip() and letter == "I" or "?" in rest[:1]:
        return set()
    alone = re.fullmatch(CLOSING, rest) is not None
    if second_letter(item._replace(text=line), head.end()):
        return set(item.letters)
    said = loose(rest)
    own = bool(said) and (said in (item.words[letter], item.listed.get(letter))
                          or own_text_at(item._replace(text=line), letter, head.end()))
    return {letter} if own or alone and head[1].isupper() else set()


def opening_or_last(item: Prepared) -> tuple[Reading | None, Reading | None]:
    """Rule 10: a letter that opens the reply, or stands on its last line, or behind one word and a colon. The second
    is a conflict of letters side by side, for the case that no later level decides."""
    letter = rf"{NAMED}([{item.letters}]){WORD_ENDS}(?![-+#])"
    labelled = re.fullmatch(rf"{GAP}[^\W_]+{GAP}:{GAP}{letter}{CLOSING}", item.text)
    if labelled:
        return Reading(PARSED, labelled[1]), None
    head = letter_head(item, GAP).match(item.text)
    if head and contradicted(item, head[1].upper(), head.end()):
        return Reading(CONFLICT, None), None
    found = [letters for letters in (opening(item), last_line(item)) if letters]
    several = any(len(letters) > 1 for letters in found)
    certain = {letter for letters in found if len(letters) == 1 for letter in letters}
    return agreed(certain), Reading(CONFLICT, None) if several else None


def text_alone(item: Prepared) -> Reading | None:
    """Rule 12: the reply, or its first or last line, is nothing but one option's text."""
    word = WORD.match(item.text, re.compile(GAP).match(item.text).end())
    if word and not re.compile(r"[^\W_]|[?\ue000-\uefff]").search(item.text, word.end()):
        return agreed({letter for letter, words in item.words.items() if words == words_of(word[0])})
    lines = lines_that_speak(item.text)
    said = [letters_of_line(item, line) for line in lines]
    if not lines or not (said[0] or said[-1]):
        return None
    sets = {letters for letters in said if letters}
    if len(sets) > 1 or len(next(iter(sets))) > 1:
        return Reading(CONFLICT, None)
    return Reading(PARSED, sets.pop())


def letters_of_line(item: Prepared, line: str) -> str:
    copy = re.fullmatch(rf"{GAP}({ANY_COPY}){CLOSING}", line)
    if copy:
        return item._replace(text=copy[1]).copy_at(0)
    return ""


def letters_are_options(options: dict[str, str]) -> bool:
    """Rule 13: an option's text is itself a letter, perhaps in brackets; ~~F, a formula, is none."""
    letter = re.compile(rf"[^\w~]*[{''.join(options)}][^\w~]*", re.I)
    return any(letter.fullmatch(plain(text)) for text in options.values())


def read_choice(reply: str, options: dict[str, str]) -> Reading:
    """The value is one of the options' letters."""
    text = opened(LATEX_WRAPPER.sub("", reply))  # the braces stay, as dress
    if isinstance(text, Reading):
        return text
    item = before_next_question(prepared(text, options))
    strict = letters_are_options(options)
    found = explicit(item, strict)
    waiting = None
    if not found:
        found, waiting = opening_or_last(item)
    if not found and not strict:
        found = affirmed(item) or text_alone(item)
    found = found or waiting
    return found if found and found.outcome != UNPARSED else unread(text)
