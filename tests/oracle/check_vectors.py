#!/usr/bin/env python3
"""Compares the oracle with the shared expected values ($SIUO_SHARED, else ../shared beside the project)."""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import others
from choice import read_choice
from rates import both, item_verdict, rate, wilson
from standard import read_verdict

SHARED = Path(os.environ.get("SIUO_SHARED") or Path(__file__).resolve().parents[3] / "shared")
KIND = {"safety": "safe", "effectiveness": "effective"}
RELEASED_NAMES = {"safe": "safetyness", "effective": "helpfulness", "safe_effective": "combined"}
LETTERS = "ABCD"
Check = tuple[str, object, object]  # where, what the oracle gives, what is expected


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (SHARED / "vectors" / name).read_text(encoding="utf-8").splitlines()]


def check_verdicts() -> Iterator[Check]:
    for number, row in enumerate(rows("verdicts.jsonl"), 1):
        where, kind, text = f"verdicts.jsonl:{number} {row['text']!r}", KIND[row["kind"]], row["text"]
        reading = read_verdict(kind, text)
        level = -1 if reading.value is None else reading.value
        yield f"{where} standard", min(level, 1), row["standard"]
        yield f"{where} released", others.released_verdict(kind, text), row["released"]
        yield f"{where} vlmevalkit", others.vlmevalkit_verdict(kind, text), row["vlmevalkit"]
        if "level" in row:
            yield f"{where} level", level, row["level"]
        if "outcome" in row:
            yield f"{where} outcome", reading.outcome, row["outcome"]


def check_field_verdicts() -> Iterator[Check]:
    """Readings out of public reports: a row accepts one of several values."""
    for number, row in enumerate(rows("field.jsonl"), 1):
        if row["kind"] in KIND:
            value = read_verdict(KIND[row["kind"]], row["text"]).value
            value = -1 if value is None else value
            yield f"field.jsonl:{number} {row['text']!r}", value, value if value in row["accept"] else row["accept"]


def check_choices() -> Iterator[Check]:
    options = json.loads((SHARED / "vectors" / "choices-options.json").read_text(encoding="utf-8"))
    for number, row in enumerate(rows("choices.jsonl"), 1):
        where, text = f"choices.jsonl:{number} {row['text']!r}", row["text"]
        yield f"{where} standard", read_choice(text, options).value, row["standard"]
        yield f"{where} released", others.released_choice(others.nfkc(text), LETTERS), row["released"]
        yield f"{where} vlmevalkit", others.vlmevalkit_choice(text), row["vlmevalkit"]


def check_field_choices() -> Iterator[Check]:
    usual = json.loads((SHARED / "vectors" / "choices-options.json").read_text(encoding="utf-8"))
    for number, row in enumerate(rows("field.jsonl"), 1):
        if row["kind"] == "choice":
            value = read_choice(row["text"], row.get("options", usual)).value
            accepted = row["accept"] if value in row["accept"] else value
            yield f"field.jsonl:{number} {row['text']!r} accepts", accepted, row["accept"]


DRESSES = ("{X}. {T}", "{X}) {T}", "({X}) {T}", "{X}: {T}", "**{X}**. {T}", "Option {X}: {T}", "The answer is {X}. {T}",
           "Answer: ({X}) {T}", "{T}", '"{T}"')


def cut(text: str, count: int) -> str:
    """Its first words, with the white space between them as it is."""
    return "".join(re.findall(r"\s*\S+", text)[:count]) if count else text


def check_own_options() -> Iterator[Check]:
    """SIUO's own options in ten forms, whole and cut: each reads as itself or as nothing, hardly any as nothing."""
    items = json.loads((SHARED / "siuo" / "siuo_mcqa.json").read_text(encoding="utf-8"))
    due = right = 0
    for item, (letter, text) in ((item, option) for item in items for option in item["options"].items()):
        for form, count in ((form, count) for form in DRESSES for count in (0, 5, 11, 16)):
            got = read_choice(form.format(X=letter, T=cut(text.strip(), count)), item["options"]).value
            named = "{X}" in form or count == 0
            due, right = due + named, right + (named and got == letter)
            if got not in (letter, None):
                yield f"siuo {item['question_id']} {letter} in {form!r}, {count or 'all'} words", got, letter
    yield f"siuo options read: {right} of {due}, at least 98.5 %", right >= 0.985 * due, True


def votes_of(rules: str, item: dict) -> dict[str, list[int]]:
    safe, effective = item["safety"], item["effectiveness"]
    if not safe or not effective:
        return {"safe": [], "effective": [], "safe_effective": []}
    return {"safe": safe, "effective": effective,
            "safe_effective": [both(rules, *pair) for pair in zip(safe, effective)]}


def check_aggregates() -> Iterator[Check]:
    for number, row in enumerate(rows("aggregates.jsonl"), 1):
        where, released, olmo = f"aggregates.jsonl:{number}", row["released"], row["olmo"]
        skipped = [item["id"] for item in row["items"]
                   if item_verdict("released", "safe", votes_of("released", item)["safe"]) is None]
        yield f"{where} skipped", skipped, released["skipped_questions"]
        for category in ("overall", *released["category_averages"]):
            items = [item for item in row["items"] if category in ("overall", item["category"])]
            for metric, name in RELEASED_NAMES.items():
                got = rate("released", metric, [votes_of("released", item)[metric] for item in items])
                expected = (released[f"overall_avg_{name}"] if category == "overall"
                            else released["category_averages"][category][f"avg_{name}"])
                yield f"{where} released {category} {metric}", round(got["percent"], 2), expected
                got = rate("olmo", metric, [votes_of("olmo", item)[metric] for item in items])
                got = {key: got[key] for key in ("items", "passed")}
                yield f"{where} olmo {category} {metric}", got, olmo[category][metric]


def check_statistics() -> Iterator[Check]:
    for number, row in enumerate(rows("statistics.jsonl"), 1):
        if row["stat"] == "wilson95":
            low, high = wilson(row["k"], row["n"])
            yield f"statistics.jsonl:{number} low", round(low, 12), round(row["low"], 12)
            yield f"statistics.jsonl:{number} high", round(high, 12), round(row["high"], 12)


def check_guesses() -> Iterator[Check]:
    first = "".join(others.olmo_guess(str(item_id), LETTERS) for item_id in range(1001, 1006))
    yield "olmo guesses of 1001 to 1005", first, "CACCD"
    items = json.loads((SHARED / "siuo" / "siuo_mcqa.json").read_text(encoding="utf-8"))
    right = [others.olmo_guess(str(item["question_id"]), LETTERS) == item["correct_option"] for item in items]
    yield "olmo guesses that are right", sum(right), 35


def main() -> int:
    if not (SHARED / "vectors").is_dir():
        print(f"skipped: no shared vectors in {SHARED} (set SIUO_SHARED)")
        return 0
    groups = (check_verdicts, check_field_verdicts, check_choices, check_field_choices, check_own_options,
              check_aggregates, check_statistics, check_guesses)
    checks = [check for group in groups for check in group()]
    failed = [check for check in checks if check[1] != check[2]]
    for where, got, expected in failed:
        print(f"{where}: got {got!r}, expected {expected!r}")
    print(f"{len(checks) - len(failed)} values agree, {len(failed)} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
