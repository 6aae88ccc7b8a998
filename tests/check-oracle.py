#!/usr/bin/env python3
"""Scores generated results with siuo-eval and with the oracle: every count, rate, bound, item verdict and flip under
all four rule sets must be the same. The oracle itself must agree with the shared vectors."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ORACLE = Path(__file__).resolve().parent / "oracle"
EVAL = os.environ["SIUO_EVAL"]
SEEDS = range(1, 31 if os.environ.get("SIUO_DEEP") else 6)
PANELS = ("majority", None, "all", "any", "fallback")
NOT_THE_ORACLES = {"schema", "dataset", "protocol", "coverage", "harm"}  # harm: tests/test_guard.c


def differences(ours, theirs, where=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted((set(ours) | set(theirs)) - NOT_THE_ORACLES):
            yield from differences(ours.get(key, "absent"), theirs.get(key, "absent"), f"{where}/{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for i, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{where}/{i}")
    elif isinstance(ours, float) and isinstance(theirs, (int, float)):
        if abs(ours - theirs) > 1e-9:
            yield f"{where}: {ours}, oracle {theirs}"
    elif ours != theirs:
        yield f"{where}: {ours}, oracle {theirs}"


def output(*command) -> str:
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def compare(seed: int, folder: Path) -> list[str]:
    files = [folder / f"gen-{seed}.json", folder / f"mcqa-{seed}.jsonl"]
    panel = PANELS[seed % len(PANELS)]
    output(sys.executable, ORACLE / "generate.py", "--seed", seed, "--out-gen", files[0], "--out-mcqa", files[1],
           *(("--panel", panel) if panel else ()))
    theirs = json.loads(output(sys.executable, ORACLE / "oracle.py", "--items", *files))
    ours = json.loads(output(EVAL, "score", "--rules", "all", "--items", "--format", "json", *files))
    report = ours["standard"]
    seen = {name: sum(rate[name] for rate in report["generation"]["overall"].values())
            for name in ("undetermined", "ties", "votes_by_rule")} | report["counts"]
    if seed == SEEDS[0] and not all(seen.values()):
        return [f"the generated file leaves something out: {seen}"]
    return [f"seed {seed} {each}" for each in differences(ours, theirs)]


def main() -> int:
    vectors = subprocess.run([sys.executable, str(ORACLE / "check_vectors.py")], stdout=subprocess.PIPE, text=True)
    print(vectors.stdout, end="")
    found = [] if vectors.returncode == 0 else ["the oracle and the shared vectors differ"]
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            found += compare(seed, Path(folder))
    print("\n".join(found[:40]) or f"{len(SEEDS)} generated evaluations agree with the oracle")
    return 1 if found else 0


sys.exit(main())
