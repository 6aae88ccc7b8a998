"""The standard reading of an answer to a multiple-choice question: the first level that finds something decides."""

import re

from choice_explicit import (CLOSE, before_next_question, closed, contradicted, ends_there, explicit, own_text_at,
                             second_letter, sentence_before)
from choice_text import CLOSING, GAP, INLINE_GAP, SIGN, WORD_ENDS, Prepared, loose, prepared, words_of
from choice_words import (BAD, BEST, BEST_NOUN, CHOOSE, DOUBT, ENGLISH, FIRST_PERSON, OPINION, OPTION, REASONS, VERBS)
from standard import CONFLICT, PARSED, UNPARSED, Reading, opened, unread

NAMED = rf"(?:(?i:{OPTION}){GAP})?"
ANY_COPY = "[\ue000-\ue7ff]"


def agreed(letters: set[str]) -> Reading | None:
    if not letters:
        return None
    return Reading(PARSED, letters.pop()) if len(letters) == 1 else Reading(CONFLICT, None)


def is_beginning(words: list[str], whole: list[str], least: int) -> bool:
    return len(words) >= least and (words == whole[:len(words)] or (
        words[:-1] == whole[:len(words) - 1] and len(words) <= len(whole) and whole[len(words) - 1].startswith(words[-1])))


def own_text_follows(item: Prepared, letter: str, place: int, least: int = 1) -> bool:
    """Whether the option's text, or its beginning up to the line's end, follows."""
    if own_text_at(item, letter, place):
        return True
    words, whole = words_of(item.text[place:].partition("\n")[0]), item.words[letter]
    return is_beginning(words, whole, min(least, len(whole))) or (len(whole) == 1 and words[:1] == whole)


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
    if not rest or rest[0] == "\n" or ENDS_LINE.match(signs + rest[:1]):
        return "?" not in signs
    enclosed = re.search(r"""[)\]"'”»」】`]|\*\*|__""", signs)
    if enclosed:
        small = word is not None and word[0][0].islower() and not re.match(rf"(?:{REASONS})\b", rest)
        return rest[0] not in "?%/&=" and not small
    return re.match(r"[*_ \t]*[.。](?=[^\w]|\Z)", signs + rest) is not None and rest[0] not in "?%/&="


MARKS = re.compile(CLOSE.pattern + r"""[.:,!;。、]*(?:[)\]}*_"”`»」』】>|]|'(?!\w))*[ \t]*""")
ENDS_LINE = re.compile(r"\Z|\n")


def letter_head(item: Prepared, gap: str) -> re.Pattern:
    """The letter in dress that a reply or a line opens with."""
    return re.compile(rf"{gap}{NAMED}(?<!\\)([{item.letters}{item.letters.lower()}]){WORD_ENDS}(?!'\w|[-+#%/(\[{{<])")


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
    if contradicted(item, letter, end):
        return set(item.letters)
    if own_text_at(item, letter, end) or words_of(text[end:].partition("\n")[0]) == item.words[letter]:
        return {letter}
    if second_letter(item, end) or another_follows(item, end) or list_in_line(item, letter, end):
        return set(item.letters)
    return {letter} if opening_holds(item, letter, end) else set()


def list_in_line(item: Prepared, letter: str, place: int) -> bool:
    """`(A) one (B) two`: the next letters in the same style on the opening line."""
    style = re.compile(r"[)\].:]").match(item.text, place)
    rest = item.text[place:].partition("\n")[0]
    later = item.letters[item.letters.index(letter) + 1:]
    return bool(style and later) and re.search(rf"(?<![^\W_])[{later}]{re.escape(style[0])}(?=\s)", rest) is not None


def another_follows(item: Prepared, place: int) -> bool:
    """`(A) (B)`, `A. B.`: two letters on one line."""
    other = re.compile(rf"(?:{SIGN}|[ \t.:,])*{NAMED}([{item.letters}]){WORD_ENDS}").match(item.text, place)
    return bool(other) and ends_there(item.text, other.end())


def last_line(item: Prepared) -> set[str]:
    line = item.text.rstrip().rpartition("\n")[2]
    if not re.search(r"[^\W_]|[\ue000-\uefff]", line):
        lines = [each for each in item.text.split("\n") if re.search(r"[^\W_]|[\ue000-\uefff]", each)]
        line = lines[-1] if lines else ""
    head = letter_head(item, INLINE_GAP).match(line)
    if not head:
        return set()
    letter, rest = head[1].upper(), line[head.end():]
    if not rest.strip() and letter == "I" or "?" in rest[:1]:
        return set()
    alone = re.fullmatch(CLOSING, rest) is not None
    said = loose(rest)
    own = bool(said) and (said == item.words[letter] or said == item.listed.get(letter)
                          or len(said) == 1 and letter in copy_letters(item, said[0]))
    return {letter} if own or alone and head[1].isupper() else set()


def copy_letters(item: Prepared, sign: str) -> str:
    return item._replace(text=sign).copy_at(0)


def opening_or_last(item: Prepared) -> Reading | None:
    """Rule 10."""
    labelled = re.fullmatch(rf"{GAP}[^\W_]+{GAP}:{GAP}{NAMED}([{item.letters}]){WORD_ENDS}{CLOSING}", item.text)
    if labelled:
        return Reading(PARSED, labelled[1])
    return agreed(opening(item) | last_line(item))


JOINTS = "|".join(rf"(?<=\b{word}\s)" for word in ("and", "but", "so", "that", "think", "believe", "therefore", "hence", "thus",
                                                     "because"))
CLAUSE_BEGINS = (rf"(?:(?:^|{JOINTS}" r"|(?<=[.;:,!\n(—–]))(?:" + SIGN + r"|\s){0,16}(?:(?:so|therefore|hence|thus|that|then|and|because|clearly"
                 r"|overall|i\s+(?:think|believe)|i'd\s+say)[ ,]+){0,3})")


def affirmations(letters: str) -> list[re.Pattern]:
    letter = rf"(?:{SIGN}){{0,4}}(?-i:([{letters}]))(?:[)\]*\"'”_`])*{WORD_ENDS}"
    option = rf"(?:option|choice|answer){GAP}{letter}"
    either = rf"(?:(?:option|choice|answer|letter){GAP}|{GAP}){letter}"
    begins = rf"(?:{CLAUSE_BEGINS}|\b(?=option\b|choice\b)){either}"
    be = r"\s+(?:is|would be|must be|should be|remains)\s+(?:clearly\s+|definitely\s+|indeed\s+|therefore\s+|by far\s+)?(?:the\s+)?"
    after_best = rf"{BEST_NOUN}(?=\W*\Z|{CLOSING}[.,;:!\n)]|\s+(?:because|since|as|here|among|of|in|for|given|due|based|and)\b)"
    patterns = [
        rf"\b(?:{FIRST_PERSON})\b[^.!?\n,;:]{{0,40}}?\b(?:{CHOOSE})\b{GAP}(?:the\s+)?{either}",
        rf"\b(?:should|must|therefore|thus|hence)\b[^.!?\n;:]{{0,40}}?\b(?:{CHOOSE})\b{GAP}{option}",
        rf"{begins}{be}(?:{BEST}){after_best}",
        rf"\b(?:it\s+is|it's|it\s+must\s+be|it\s+has\s+to\s+be){GAP}{either}(?={CLOSING}(?:\Z|\n)|[.,;!])",
        rf"\b(?:is|matches|corresponds\s+to|would\s+be|must\s+be)\s+{option}(?={CLOSING}(?:\Z|\n)|[.,;!])",
        rf"{begins}\s+rather\s+than\s+(?:(?:option|choice)\s+)?{GAP}(?-i:[{letters}]){WORD_ENDS}",
        rf"{begins}\s*,\s*not\s+(?:(?:option|choice)\s+)?{GAP}(?-i:[{letters}]){WORD_ENDS}",
    ]
    return [re.compile(pattern, re.I) for pattern in patterns]


CACHE: dict[str, list[re.Pattern]] = {}
NEGATED = re.compile(r"\b(?:not|never|neither|nor|no|nobody|hardly|cannot|without|avoid|if|unless|whether|when|suppose"
                     rf"|assuming)\b|n't\b|\b(?:{DOUBT})\b|{OPINION}", re.I)
TAKEN_BACK = re.compile(r"[^.!?\n]{0,100}?(?:\?|\b(?:if|unless|except|but|though|although|however)\b)", re.I)


def ruled_out(item: Prepared) -> set[str]:
    text, letter = item.unlisted, rf"(?:{SIGN}){{0,4}}([{item.letters}])(?:[)\]*\"'”])*{WORD_ENDS}"
    named = r"(?:(?i:option|choice|answer)\s+)?"
    before = (rf"(?i:\bnot|n't|\bnever|\bavoid|\brul(?:e|es|ed|ing)\s+out|\beliminat(?:e|es|ed|ing)|\bexclud(?:e|es|ed|ing)"
              rf"|\bbut|\breject|\bdiscard)\s+(?i:(?:{CHOOSE}|be|is)\s+)?{named}{letter}")
    after = rf"{named}{letter}\s+(?i:is|are|was|seems|would\s+be)\s+(?i:{BAD})\b"
    return {found for pattern in (before, after) for found in re.findall(pattern, text)}


def affirmed_there(item: Prepared, place: int) -> bool:
    """Whether the words around the letter affirm it."""
    text = item.unlisted
    for number, pattern in enumerate(CACHE[item.letters]):
        for match in pattern.finditer(text, max(0, place - 110), place + 200):
            before = sentence_before(text, match.start(), 100) + text[match.start():place]
            if match.start(1) != place or NEGATED.search(before) or TAKEN_BACK.match(text, match.end()):
                continue
            if number >= 2 or ends_there(text, match.end(), CHOICE_REASON):
                return True
    return False


def affirmed(item: Prepared) -> Reading | None:
    """Rule 11: exactly one letter is affirmed in prose."""
    if item.letters not in CACHE:
        CACHE[item.letters] = affirmations(item.letters)
    places = re.finditer(rf"(?<![^\W_])(?<!')[{item.letters}](?![^\W_]|'\w|[ \t]+(?!{MAY_FOLLOW})[a-z])", item.unlisted)
    found = {place[0] for place in places if affirmed_there(item, place.start())}
    return agreed(found - ruled_out(item)) if found else None


MAY_FOLLOW = rf"(?:is|would|must|should|remains|rather|over|instead|{ENGLISH.reason})\b"
CHOICE_REASON = re.compile(rf"\s*(?:{ENGLISH.reason}|over|instead|rather)\b", re.I)


def text_alone(item: Prepared) -> Reading | None:
    """Rule 12: the reply, or its first or last line, is nothing but one option's text."""
    lines = [line for line in item.text.split("\n") if re.search(r"[^\W_]|[\ue000-\uefff]", line)]
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
    word = re.fullmatch(rf"{GAP}([^\W_]+){CLOSING}", line)
    return "".join(letter for letter, words in item.words.items() if word and words == words_of(word[1]))


def letters_are_options(item: Prepared) -> bool:
    """Rule 13: an option's text is itself a letter."""
    return any(len(words) == 1 and words[0].upper() in item.letters for words in item.words.values())


def read_choice(reply: str, options: dict[str, str]) -> Reading:
    """The value is one of the options' letters."""
    text = opened(reply)
    if isinstance(text, Reading):
        return text
    item = before_next_question(prepared(text, options))
    strict = letters_are_options(item)
    levels = [explicit(item, strict), opening_or_last(item)]
    if not strict and not any(levels):
        levels += [affirmed(item) or text_alone(item)]
    found = next((reading for reading in levels if reading), None)
    return found if found and found.outcome != UNPARSED else unread(text)
