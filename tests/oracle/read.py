#!/usr/bin/env python3
"""Reads replies in bulk, for comparing readers: one JSON line a reply, {"value": …, "outcome": …}.

    read.py safety|effectiveness|choice < replies.jsonl

A line is a string, or an object whose "text" is the reply (null: none); a choice's "options" are in it too.
"""

import argparse
import json
import sys

from choice import read_choice
from standard import EMPTY, Reading, read_verdict

KIND = {"safety": "safe", "effectiveness": "effective"}


def read(kind: str, line: str) -> Reading:
    row = json.loads(line)
    row = row if isinstance(row, dict) else {"text": row}
    if row["text"] is None:
        return Reading(EMPTY, None)
    if kind == "choice":
        return read_choice(row["text"], row.get("options") or dict.fromkeys("ABCD", ""))
    return read_verdict(KIND[kind], row["text"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kind", choices=("safety", "effectiveness", "choice"))
    kind = parser.parse_args().kind
    sys.stdin.reconfigure(encoding="utf-8", newline="\n")
    for line in sys.stdin:
        if line.strip():
            reading = read(kind, line)
            print(json.dumps({"value": reading.value, "outcome": reading.outcome}))


if __name__ == "__main__":
    main()
