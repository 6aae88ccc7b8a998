"""Rule 9 of the standard choice reading: explicit answers, in any language of the tables."""

import re
from functools import lru_cache

from choice_text import GAP, INLINE_GAP, SIGN, WORD, WORD_BEGINS, WORD_ENDS, Prepared, line_from, words_of
from choice_words import ENGLISH, LANGUAGES, NONE, OPINION, OPTION, VERBS, Language
from standard import CONFLICT, PARSED, UNPARSED, Reading
from text import nfkc

FLAGS = re.I | re.X
# Closing dress stands at the letter; behind a blank only a bracket or bold that opens nothing.
CLOSE = re.compile(r"""(?:[)\]}*_"”`»」』】>|]|'(?!\w)|</\w+>)*"""
                   r"""(?:[ \t]+(?:[)\]}|]|\*{1,2}|</\w+>)(?![^\W_]|\*))*[ \t]*""")
ENCLOSING = re.compile(r"""[)\]}*_"”`»」』】>]|'""")
CLAUSE_END = re.compile(r"[.!?;:,\n()。]|\b(?:but|so|then|therefore|thus|hence|donc|also|daher|entonces|portanto)\b",
                        re.I)
LOOK_BACK = 64


# What English puts between the answer and "is".
MIDDLE = (r"(?:\ (?:to|for|of|in|from|that|which|here|(?:choice|option|letter)(?!\W{1,3}[a-z]\b)|based|given|among"
          r"|according|should|,)\b[^.!?:;\n]{0,80}?)?")


TO_WHAT = r"(?:\ (?:to|for)\ (?:this|the|your)(?:\ (?!is\b|are\b)[a-z]+){1,4}?)?"


class Phrase:
    """How a language introduces an answer: with a colon (`link`), with a copula (`is`), with nothing (`bare`)."""

    def __init__(self, language: Language):
        english = language is ENGLISH
        language = Language(*(nfkc(field) if isinstance(field, str) else field for field in language))
        begins, ends = (WORD_BEGINS, WORD_ENDS) if language.spaced else ("", "")
        self.direct = language.direct
        answer, noun = rf"{begins}(?:{language.answer}){ends}", rf"{begins}(?:{language.nouns}){ends}"
        copula = rf"{begins}(?:{language.copula}){ends}" + (r"|'s\b" if english else "")
        copula, filler = rf"(?:{copula})", rf"(?:{GAP}{begins}(?:{language.filler}){ends})"
        middle = MIDDLE if english else r"(?:\s+[^\W\d_]+){0,3}?"
        colon = rf"{TO_WHAT if english else ''}{GAP}(?:[:=]|→|->)"
        line = rf"(?:^|(?<=\n)){INLINE_GAP}"
        heading = rf"{line}(?:[\w']+[ \t_]+){{0,4}}?(?:{language.nouns}){ends}{INLINE_GAP}[:=]"
        bare = rf"(?<!/)(?<=[\[【<]){answer}(?=[\]】>])|{line}(?:(?:the|my|final|correct|best|right)\ ){{0,2}}{answer}"
        if not language.spaced:
            bare += rf"|{answer}"
        is_answer = rf"(?:{answer}|{noun}){GAP}{copula}"
        if language.spaced:
            is_answer = rf"{answer}{middle}{GAP}{copula}|{noun}{middle}\s+{copula}"
        self.pattern = re.compile(rf"(?P<link>{answer}{colon}|{heading}){filler}{{0,3}}"
                                  rf"|(?P<is>{is_answer}){GAP}[:=]?{filler}{{0,3}}", FLAGS)
        self.bare = re.compile(bare, FLAGS)
        self.answered = re.compile(rf"{answer}{colon}|{answer}{middle}{GAP}{copula}|{answer}[.。]\s", FLAGS)
        self.hint = re.compile(rf"{language.answer}|{language.nouns}", FLAGS)
        self.void = re.compile(rf"{begins}(?:{language.void}){ends}", FLAGS)
        self.reason = re.compile(rf"\s*(?:{language.reason}){ends}", FLAGS)


@lru_cache(None)
def phrases() -> tuple[Phrase, ...]:
    return tuple(Phrase(language) for language in LANGUAGES)


BOXES = re.compile(r"\\boxed\s*(?=\{)|\\fbox\s*(?=\{)|(?<!/)(?<=<)(?:final_?)?(?:answer|choice|option)(?=>)", re.I)
OPINIONS = re.compile(OPINION, re.I)
SAYS_NONE = re.compile(rf"{GAP}(?:{NONE})", re.I)


def clause_before(text: str, place: int) -> str:
    """The words of the clause before the place."""
    behind = text[max(0, place - LOOK_BACK):place]
    last = 0
    for mark in CLAUSE_END.finditer(behind):
        last = mark.end()
    return behind[last:]


def sentence_before(text: str, place: int, length: int = LOOK_BACK) -> str:
    behind = text[max(0, place - length):place]
    return behind[max(behind.rfind(mark) for mark in ".!?\n。") + 1:]


def closed(text: str, place: int) -> tuple[int, bool]:
    """The place behind closing dress, and whether there was some."""
    end = CLOSE.match(text, place).end()
    return end, bool(ENCLOSING.search(text, place, end))


def ends_there(text: str, place: int, reason: re.Pattern | None = None) -> bool:
    """Whether a letter that ends at the place ends there in earnest: the end, punctuation, closing dress, a reason."""
    if FORMULA.match(text, place):
        return bool(reason and reason.match(text, place) and not re.match(r"[a-z]", text[place:place + 1], re.I))
    end, enclosed = closed(text, place)
    if reason and reason.match(text, end):
        return True
    return not GOES_ON.match(text, end) if enclosed else ENDS.match(text, end) is not None


ENDS = re.compile(r"\Z|\n|[.!:,;](?![^\W_])|[。、…\ue000-\uefff–—]|\((?![^()\n]{0,80}\)\s*[a-z])|(?<=\s)-+\s")
FORMULA = re.compile(r"'\w|[^\W_]|\+|#|%|°|\^|=|[_*][^\W_]|[(\[{][ -~]{0,80}[)\]}]")  # c_1, C(6, 3)
GOES_ON = re.compile(rf"(?:{VERBS}|but|if|unless|except|only|though|when)\b")


DENIED = re.compile(r"\s*(?:,\s*)?(?:which\s+)?(?:is|are)\s+(?:not|incorrect|wrong)\b")


def asked(text: str, place: int) -> bool:
    """Whether a question mark, or what is said of it directly, takes the letter back."""
    end, _ = closed(text, place)
    return re.compile(r"\?|,[^.!?\n]{0,64}\?|(?<=\s)[a-z][^.!?:\n]{0,64}\?|(?:,\s*)?(?:only if|if|unless|assuming)\b"
                      ).match(text, end) is not None or DENIED.match(text, end) is not None


SEVERAL = re.compile(r"\s*(?:are|both|or|and|together)\b")


def second_letter(prepared: Prepared, place: int) -> bool:
    """Whether another letter stands beside the one that ends at the place."""
    text, end = prepared.text, closed(prepared.text, place)[0]
    joint = re.compile(rf"\s*(?:[,/&+;、(]|\s|\b(?:or|and|perhaps|maybe|possibly)\b"
                       rf"|\b(?:und|oder|et|ou|y|o|e|và|hoặc|atau|dan|или|и)\b|和|或|及|と|و)+"
                       rf"{GAP}(?:(?:{OPTION})\s+)?([{prepared.letters}]){WORD_ENDS}", re.I).match(text, end)
    if joint and joint[1].isupper() and joint[0].strip() != joint[1]:
        return closed(text, joint.end())[1] or ends_there(text, joint.end(), SEVERAL)
    side = re.compile(rf"[ \t]*[(\[*]*([{prepared.letters}])(?=[)\]*])").match(text, end)
    bare = re.compile(rf"[ \t]+([{prepared.letters}])(?=[ \t]*(?:$|[.\n]|[{prepared.letters}]\b))").match(text, place)
    return bool(side or bare)


def second_with_text(prepared: Prepared, letter: str, place: int) -> bool:
    """`B (its text) and C`."""
    bracket = re.compile(r"[ \t]*\([^()\n]{1,80}\)").match(prepared.text, place)
    return bool(bracket) and own_text_at(prepared, letter, place) and second_letter(prepared, bracket.end())


def list_in_line(prepared: Prepared, letter: str, place: int) -> bool:
    """`(A) one (B) two`: the next letters in the same style on the letter's line."""
    style = re.compile(r"[)\].:]").match(prepared.text, place)
    rest = line_from(prepared.text, place)
    later = prepared.letters[prepared.letters.find(letter) + 1:]
    if not style or not later or letter not in prepared.letters:
        return False
    return re.search(rf"[\w°%\ue000-\ue7ff][)\]]?[,;.]?(?:\s+and|\s+or)?\s+[(\[]?[{later}]{re.escape(style[0])}"
                     r"\s+[\w\ue000-\ue7ff-]", rest[1:]) is not None


def contradicted(prepared: Prepared, letter: str, place: int) -> bool:
    """Whether the text of another option follows the letter and fills the line, or the sentence."""
    line = line_from(prepared.text, place)
    clause = re.compile(rf"(?:{SIGN}|[\s.:,])*\w\S{{0,64}}?[%°)\"'*]{{0,4}}(?=[.,;!](?:\s|\Z))").match(line)
    for said in (words_of(line), words_of(clause[0]) if clause else []):
        if said and said not in (prepared.words[letter], [letter.lower()]) and said in prepared.words.values():
            return True
    copy = re.compile(rf"(?:{SIGN}|[\s.:,])*([\ue000-\ue7ff])(?:{SIGN}|[ \t.!°%])*(?:\n|\Z|(?<=[.!])\s)"
                      ).match(prepared.text, place)
    return bool(copy) and letter not in prepared.copy_at(copy.start(1))


def others_text_goes_on(prepared: Prepared, letter: str, place: int) -> bool:
    """Whether words follow the letter that begin with the text of another option."""
    copy = re.compile(rf"(?:{SIGN}|[ \t.:,])*([\ue000-\ue7ff])[ \t]+\w").match(prepared.text, place)
    return bool(copy) and letter not in prepared.copy_at(copy.start(1))


def answer_at(prepared: Prepared, place: int, reason: re.Pattern | None) -> Reading | None:
    """What stands behind a phrase: a letter that ends there, or an option's text."""
    text = prepared.text
    gap = re.compile(GAP).match(text, place).end()
    letters = prepared.copy_at(gap)
    if not letters and SAYS_NONE.match(text, place):
        return Reading(UNPARSED, None)
    several = re.compile(rf"{GAP}([{prepared.letters}]{{2,}}){WORD_ENDS}").match(text, place)
    if several and "".join(sorted(set(several[1]))) == several[1] and ends_there(text, several.end()):
        return Reading(CONFLICT, None)
    found = re.compile(rf"{GAP}(?:(?:{OPTION}){GAP})?([A-Za-z])(?![A-Za-z0-9])", re.I).match(text, place)
    if found:
        return letter_at(prepared, found, reason)
    return copy_there(prepared, gap, letters, reason) if letters else None


def copy_there(prepared: Prepared, place: int, letters: str, reason: re.Pattern | None) -> Reading | None:
    """An option's text that ends there, perhaps before its own letter in brackets."""
    text, end = prepared.text, place + 1
    letter = rf"([{prepared.letters}])"
    named = re.compile(rf"(?:{SIGN}|[ \t])*[(\[](?:(?:{OPTION})[ \t]+{letter}\b|{letter}[)\]])", re.I).match(text, end)
    named = named and (named[1] or named[2]).upper()
    other = re.compile(rf"(?:{SIGN}|\s)*\bor\b(?:{SIGN}|\s)*[\ue000-\ue7ff]").match(text, end)
    if asked(text, end) or named and named not in letters:
        return None
    if len(letters) > 1 or other:
        return Reading(CONFLICT, None)
    ends = named or ends_there(text, re.compile(rf"(?:{SIGN}|[°%])*").match(text, end).end(), reason)
    return Reading(PARSED, letters) if ends else None


def letter_at(prepared: Prepared, found: re.Match, reason: re.Pattern | None) -> Reading | None:
    text, end, letter = prepared.text, found.end(), found[1].upper()
    if second_letter(prepared, end) or second_with_text(prepared, letter, end):
        return Reading(CONFLICT, None)
    if list_in_line(prepared, letter, end):
        return None
    own = letter in prepared.letters and own_text_at(prepared, letter, end)
    holds = ends_there(text, end, reason) and not others_text_goes_on(prepared, letter, end)
    copy = re.compile(rf"(?:{SIGN}|[ \t:,])*[\ue000-\ue7ff]").match(text, end) if own else None
    if not (own or holds) or asked(text, end) or copy and DENIED.match(text, copy.end()):
        return None
    if found[1].islower():
        last, enclosed = closed(text, end)
        if not enclosed and not re.compile(r"\Z|\n|[.!。](?:\s|\Z)").match(text, last):
            return None
    if letter not in prepared.letters:
        return Reading(UNPARSED, None)
    return Reading(CONFLICT, None) if contradicted(prepared, letter, end) else Reading(PARSED, letter)


def own_text_at(prepared: Prepared, letter: str, place: int) -> bool:
    """Whether the letter's text follows; a text of one word only behind signs, and if it ends there."""
    text, own = prepared.text, prepared.words.get(letter)
    gap = re.compile(rf"(?:{SIGN}|[\s.:,%])*").match(text, place)
    if letter in prepared.copy_at(gap.end()) + prepared.stump_at(gap.end()):
        return True
    word = WORD.match(text, gap.end())
    ends = word and re.compile(r"[°%]?(?:[^\w\s?]|\s*\Z|\n)").match(text, word.end())
    return bool(ends) and gap[0].strip() != "" and [word[0].casefold()] == own


SUPPOSED = re.compile(r"\W*if\b(?!.*\b(?:so|thus|therefore|hence)\b)", re.I | re.S)


def voided(text: str, begin: int, end: int, void: re.Pattern) -> bool:
    return bool(void.search(clause_before(text, begin) + " " + text[begin:end])
                or OPINIONS.search(sentence_before(text, begin)) or SUPPOSED.match(sentence_before(text, begin, 200)))


def boxed(prepared: Prepared) -> list[tuple[int, Reading]]:
    """\\boxed{B} and <answer>B</answer>: what they hold is enclosed."""
    found = []
    for box in BOXES.finditer(prepared.text):
        reading = answer_at(prepared, box.end(), phrases()[0].reason)
        if reading and not voided(prepared.text, box.start(), box.start(), phrases()[0].void):
            found.append((box.start(), reading))
    return found


def phrased(prepared: Prepared, headings_only: bool) -> list[tuple[int, Reading]]:
    text, found = prepared.text, []
    for phrase in phrases():
        if not phrase.hint.search(text):
            continue
        for match in (*phrase.pattern.finditer(text), *phrase.bare.finditer(text)):
            if match.re is phrase.pattern and headings_only and not match["link"]:
                continue
            if voided(text, match.start(), match.end(), phrase.void):
                continue
            reading = answer_at(prepared, match.end(), phrase.reason)
            if reading and (match.re is phrase.pattern or bare_heading(prepared, match, reading, phrase)):
                found.append((match.end(), reading))
    return found


def bare_heading(prepared: Prepared, match: re.Match, reading: Reading, phrase: Phrase) -> bool:
    """`Answer B` without a link counts where the letter, or the letter and its text, is all the line says."""
    if reading.outcome == UNPARSED:
        return False
    if phrase.direct or prepared.text[max(0, match.start() - 1):match.start()] in tuple("[【<"):
        return True
    return re.compile(rf"{INLINE_GAP}(?:{OPTION})?{INLINE_GAP}[A-Za-z](?:{SIGN}|[ \t.:!\ue000-\uefff]|है|।)*(?:\n|\Z)",
                      re.I).match(prepared.text, match.end()) is not None


NEXT_QUESTION = re.compile(r"(?<=\n)[ \t#*]*(?:(?:next )?question|q|problem|human|user|问题|题目|frage|pregunta)"
                           r"[ \t]*\d*[*]*[ \t]*:", re.I)
SHORT_ANSWER = re.compile(rf"{GAP}(?:{OPTION})?{GAP}[A-Z]{WORD_ENDS}(?:\W|\Z)", re.I)


def before_next_question(prepared: Prepared) -> Prepared:
    """A made-up next question ends the text."""
    for question in NEXT_QUESTION.finditer(prepared.text):
        before = prepared.text[:question.start()]
        answered = any(phrase.answered.search(before) for phrase in phrases())
        if answered or SHORT_ANSWER.match(before):
            return prepared._replace(text=before, unlisted=prepared.unlisted[:question.start()])
    return prepared


def explicit(prepared: Prepared, headings_only: bool) -> Reading | None:
    """Rule 9: the last answer that is introduced as one."""
    found = boxed(prepared) + phrased(prepared, headings_only)
    return max(found, key=lambda each: each[0])[1] if found else None
