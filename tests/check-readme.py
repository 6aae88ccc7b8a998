#!/usr/bin/env python3
"""The README has at most 100 lines and shows the report as it really prints; so does the sample suite's table."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"


def run(*args) -> str:
    return subprocess.run([EVAL, *args], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def main() -> int:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    wrong = [] if len(text.splitlines()) <= 100 else ["README.md has more than 100 lines"]
    shown = re.search(r"^\$ siuo-eval (.*)\n((?:.*\n)*?)```", text, re.M)
    if run(*shown[1].split()) != shown[2]:
        wrong.append(f"README.md does not show what siuo-eval {shown[1]} prints")
    table = (SUITE / "README.md").read_text(encoding="utf-8")
    for model in ("careful", "careless"):
        report = json.loads(run("score", "--format", "json", *(str(SUITE / f"{model}-{task}.json")
                                                               for task in ("gen", "mcqa"))))
        rates = report["generation"]["overall"] | report["choice"]["overall"]
        row = " | ".join(str(rates[key]["passed"]) for key in ("safe", "effective", "safe_effective", "accuracy"))
        if f"| {model} | {row} |" not in table:
            wrong.append(f"examples/sample-suite/README.md: {model} has {row}")
    print("\n".join(wrong) or "the READMEs show what is printed")
    return 1 if wrong else 0


sys.exit(main())
