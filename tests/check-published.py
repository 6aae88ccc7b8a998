#!/usr/bin/env python3
"""For each published row, votes built from its counts reproduce its percentages."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

SHARED = Path(os.environ["SIUO_SHARED"])
EVAL = os.environ["SIUO_EVAL"]


def percentages(row: dict) -> dict[str, float]:
    """What siuo-eval makes of items with so many safe, effective, both, and right ones."""
    safe, effective, both, right, n = (int(row[key] or 0) for key in
                                       ("safe_k", "effective_k", "safe_effective_k", "mcqa_k", "n"))
    lines = []
    for i in range(n):
        is_safe = i < safe
        is_effective = i < both or safe <= i < safe + effective - both
        lines.append({"question_id": i + 1, "category": "morality", "safety_gpt": [int(is_safe)],
                      "effectiveness_gpt": [int(is_effective)]})
        lines.append({"question_id": i + 1, "category": "morality", "correct_option": "A",
                      "response_mcqa": "A" if i < right else "B"})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    out = subprocess.run([EVAL, "score", "--format", "json", "-"], input=text, stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    report = json.loads(out)
    found = {f"{key}_percent": rate["percent"] for key, rate in report["generation"]["overall"].items()}
    return found | {"mcqa_percent": report["choice"]["overall"]["accuracy"]["percent"]}


def main() -> int:
    path = SHARED / "published.csv"
    if not path.is_file():
        print(f"skipped: the published rows (no {path})")
        return 0
    compared, wrong = 0, []
    for row in csv.DictReader(path.open(encoding="utf-8")):
        if not row["n"] or not row["safe_k"]:
            continue
        for key, ours in percentages(row).items():
            if row[key] not in ("", "-"):
                compared += 1
                wrong += [f"{row['model']} {key}: {ours}, published {row[key]}"] if f"{ours:.2f}" != row[key] else []
    print("\n".join(wrong) or f"{compared} published percentages reproduced")
    return 1 if wrong or compared == 0 else 0


sys.exit(main())
