#!/usr/bin/env python3
"""Scores results files under the four rule sets, as an independent restatement of docs/rules.md.

    oracle.py [--rules standard|released|olmo|vlmevalkit|all] [--items] [--unrounded] FILE...

Prints one siuo-report/1 object; with "all" (the default) an object of the four, and under "flips" the number
of items whose verdicts each of the other three changes.
"""

import argparse
import json
import sys

from rates import CHOICE, GENERATION, RULES, item_verdict, rate
from results import DOMAINS, Scored, alone, count_judges, load, replies_of, score


def rates_of(rules: str, items: list[Scored], metrics: list[str]) -> dict:
    return {metric: rate(rules, metric, [item.votes[metric] for item in items],
                         sum(item.by_rule for item in items),
                         [list(item.blank) or [False] * len(item.votes[metric]) for item in items]) for metric in metrics}


def section(rules: str, items: list[Scored], known: tuple[str, ...]) -> dict | None:
    if not items:
        return None
    metrics = [metric for metric in known if any(metric in item.asked for item in items)] or list(known)
    names = {item.category for item in items}
    ordered = [name for name in DOMAINS if name in names]
    ordered += sorted(names - set(DOMAINS), key=str.encode)
    return {"overall": rates_of(rules, items, metrics),
            "categories": {name: rates_of(rules, [item for item in items if item.category == name], metrics)
                           for name in ordered}}


def verdicts(rules: str, item: Scored) -> dict[str, int]:
    found = {metric: item_verdict(rules, metric, votes) for metric, votes in item.votes.items()}
    return {"choice" if metric == "accuracy" else metric: -1 if verdict is None else verdict
            for metric, verdict in found.items()}


def report(rules: str, items: list[Scored], counts: dict[str, int], list_items: bool) -> dict:
    out = {"schema": "siuo-report/1", "rules": rules}
    for task, known in (("generation", GENERATION), ("choice", CHOICE)):
        found = section(rules, [item for item in items if item.task == task], known)
        if found:
            out[task] = found
    out["counts"] = counts
    if list_items:
        out["items"] = [{"task": item.task, "id": item.id, "category": item.category} | verdicts(rules, item)
                        for item in items]
    return out


def judges(records: list[dict]) -> dict:
    """Of several judges, each alone."""
    panels = {record.get("siuo", {}).get("run", {}).get("panel", "majority") for record in records}
    panel = panels.pop() if len(panels) == 1 else None
    each = []
    for judge in range(count_judges(records)):
        found = section("standard", alone(records, judge), GENERATION)
        shown = judge == 0 or panel != "fallback"
        each.append(({"overall": found["overall"]} if shown else {}) | {"replies": replies_of(records, judge)})
    asked = sum(sum(kind["asked"] for kind in own["replies"].values()) for own in each[1:])
    return ({"panel": panel} if panel else {}) | {"mixed": panel == "fallback" and asked > 0, "each": each}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 2) if isinstance(value, float) else value


def flips(scored: dict[str, list[Scored]]) -> dict[str, int]:
    """Items whose verdicts differ from standard's, a left-out item being all -1."""
    standard = [verdicts("standard", item) for item in scored["standard"]]
    return {rules: sum(ours != verdicts(rules, item) for ours, item in zip(standard, items, strict=True))
            for rules, items in scored.items() if rules != "standard"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rules", choices=(*RULES, "all"), default="all")
    parser.add_argument("--items", action="store_true", help="list each item's verdicts")
    parser.add_argument("--unrounded", action="store_true", help="print doubles as they are")
    parser.add_argument("files", nargs="+", metavar="FILE")
    args = parser.parse_args()
    try:
        records = load(args.files)
    except (OSError, ValueError, KeyError) as error:
        print(f"oracle.py: {error!r}", file=sys.stderr)
        return 2
    scored = {rules: score(rules, records) for rules in RULES if args.rules in (rules, "all")}
    out = {rules: report(rules, *pair, args.items) for rules, pair in scored.items()}
    if "standard" in out and count_judges(records) > 1:
        out["standard"]["judges"] = judges(records)
    if args.rules == "all":
        out["flips"] = flips({rules: items for rules, (items, _) in scored.items()})
    else:
        out = out[args.rules]
    if not args.unrounded:
        out = rounded(out)
    json.dump(out, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
