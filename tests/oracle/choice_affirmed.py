"""Rule 11 of the standard choice reading: the one letter that prose affirms."""

import re
from functools import lru_cache

from choice_explicit import ends_there, sentence_before
from choice_text import CLOSING, GAP, SIGN, WORD_ENDS, Prepared, agreed
from choice_words import BAD, BEST, BEST_NOUN, CHOOSE, DOUBT, ENGLISH, FIRST_PERSON, OPINION
from standard import Reading

JOINTS = "|".join(rf"(?<=\b{word}\s)" for word in (
    "and", "but", "so", "that", "think", "believe", "therefore", "hence", "thus", "because"))
LEADS = r"so|therefore|hence|thus|that|then|and|because|clearly|overall|i\s+(?:think|believe)|i'd\s+say"
CLAUSE_BEGINS = rf"(?:(?:^|{JOINTS}|(?<=[.;:,!\n(—–]))(?:{SIGN}|\s){{0,16}}(?:(?:{LEADS})[ ,]+){{0,3}})"
BE = (r"\s+(?:is|would be|must be|should be|remains)\s+(?:(?:clearly|definitely|indeed|therefore|by far)\s+)?"
      r"(?:the\s+)?")
OWN_TEXT = r"(?:,?[ \t]*[\ue000-\ue7ff],?|[ \t]*\d+)"  # whose text it is, is asked behind the letter
MAY_FOLLOW_BEST = r"because|since|as|here|among|of|in|for|given|due|based|and"


@lru_cache(None)
def affirmations(letters: str) -> list[re.Pattern]:
    """What affirms a letter; behind the first two (somebody chooses it) the letter must end."""
    letter = rf"(?:{SIGN}){{0,4}}(?-i:([{letters}]))(?:[)\]*\"'”_`])*(?!{LETTER})"
    option = rf"(?:option|choice|answer){GAP}{letter}"
    either = rf"(?:(?:option|choice|answer|letter){GAP}|{GAP}){letter}"
    begins = rf"(?:{CLAUSE_BEGINS}|\b(?=option\b|choice\b)){either}"
    done = rf"(?={CLOSING}(?:\Z|\n)|[.,;!]|\s*\()"
    after_best = rf"{BEST_NOUN}(?=\W*\Z|{CLOSING}[.,;:!\n)]|\s+(?:[-–—]|(?:{MAY_FOLLOW_BEST})\b))"
    patterns = [
        rf"\b(?:{FIRST_PERSON})\b[^.!?\n,;:]{{0,40}}?\b(?:{CHOOSE})\b{GAP}(?:the\s+)?{either}",
        rf"\b(?:should|must|therefore|thus|hence)\b[^.!?\n;:]{{0,40}}?\b(?:{CHOOSE})\b{GAP}{option}",
        rf"{begins}(?:{OWN_TEXT})?{BE}(?:{BEST}){after_best}",
        rf"(?:选项|選項){GAP}{letter}(?:{OWN_TEXT})?[°%]?\s*是(?:正确|正確|最佳|最好|最安全)的?(?:答案|选项|選項)?"
        rf"(?={CLOSING}(?:\Z|\n|[。,;]))",
        rf"\bmaking\s+(?:the|my)\s+(?:(?:right|correct|best|final)\s+)?answer{GAP}{letter}",
        rf"\b(?:it\s+is|it's|it\s+must\s+be|it\s+has\s+to\s+be){GAP}{either}{done}",
        rf"\b(?:is|matches|corresponds\s+to|would\s+be|must\s+be)\s+{option}{done}",
        rf"{begins}\s+rather\s+than\s+(?:(?:option|choice)\s+)?{GAP}(?-i:[{letters}]){WORD_ENDS}",
        rf"{begins}\s*,\s*not\s+(?:(?:option|choice)\s+)?{GAP}(?-i:[{letters}]){WORD_ENDS}",
    ]
    return [re.compile(pattern, re.I) for pattern in patterns]


LETTER = r"[^\W_\u3040-\u30ff\u4e00-\u9fff]"  # of a script that sets words apart
NEGATED = re.compile(r"\b(?:not|never|neither|nor|no|none|nobody|hardly|cannot|without|avoid|if|unless|whether|when"
                     rf"|suppose|assuming)\b|n't\b|\b(?:{DOUBT})\b|{OPINION}", re.I)
TAKEN_BACK = re.compile(r"[^.!?\n]{0,100}?(?:\?|\b(?:if|unless|except|but|though|although|however)\b)", re.I)


def ruled_out(item: Prepared) -> set[str]:
    text, letter = item.unlisted, rf"(?:{SIGN}){{0,4}}([{item.letters}])(?:[)\]*\"'”])*{WORD_ENDS}"
    named = r"(?:(?i:option|choice|answer)\s+)?"
    before = (rf"(?i:\bnot|n't|\bnever|\bavoid|\brul(?:e|es|ed|ing)\s+out|\beliminat(?:e|es|ed|ing)"
              rf"|\bexclud(?:e|es|ed|ing)|\bbut|\breject|\bdiscard)\s+(?i:(?:{CHOOSE}|be|is)\s+)?{named}{letter}")
    after = rf"{named}{letter}\s+(?i:is|are|was|seems|would\s+be)\s+(?i:{BAD})\b"
    return {found for pattern in (before, after) for found in re.findall(pattern, text)}


# One of these stands in each of the patterns.
AFFIRMING = re.compile(rf"\b(?:{CHOOSE}|is|be|remains|matches|corresponds|rather|not|making)\b|it's|是", re.I)


def affirmed_there(item: Prepared, place: int) -> bool:
    """Whether the words around the letter affirm it."""
    text = item.unlisted
    if not AFFIRMING.search(text, max(0, place - 110), place + 40):
        return False
    for number, pattern in enumerate(affirmations(item.letters)):
        for match in pattern.finditer(text, max(0, place - 110), place + 200):
            before = sentence_before(text, match.start(), 100) + text[match.start():place]
            if match.start(1) != place or NEGATED.search(before) or TAKEN_BACK.match(text, match.end()):
                continue
            if number >= 2 or ends_there(text, match.end(), CHOICE_REASON):
                return True
    return False


def affirmed(item: Prepared) -> Reading | None:
    """Rule 11: exactly one letter is affirmed in prose."""
    alone = rf"(?<!{LETTER})(?<!')[{item.letters}](?!{LETTER}|'\w|[ \t]+(?!{MAY_FOLLOW})[a-z])"
    places = re.finditer(alone, item.unlisted)
    found = {place[0] for place in places if affirmed_there(item, place.start())}
    return agreed(found - ruled_out(item)) if found else None


MAY_FOLLOW = rf"(?:is|would|must|should|remains|rather|over|instead|{ENGLISH.reason})\b"
CHOICE_REASON = re.compile(rf"\s*(?:{ENGLISH.reason}|over|instead|rather)\b", re.I)
