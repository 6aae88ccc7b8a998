#!/usr/bin/env python3
"""Compares the interface with the committed table: every exported name, constant, struct size and field.

With --write it writes the table anew. Once 0.1.0 is tagged, lines may only be added.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "abi"))
import headers  # noqa: E402

TABLE = headers.SRCDIR / "tests" / "abi" / "table.txt"


def main() -> int:
    text = headers.read(headers.OWN)
    found = [f"function {name}" for name in headers.functions(text)]
    found += sorted(headers.layout("#include <siuo/siuo.h>", headers.structs(text), headers.constants(text),
                                   f"-I{headers.SRCDIR / 'include'}"))
    if "--write" in sys.argv:
        TABLE.write_text("\n".join(found) + "\n", encoding="utf-8")
    table = TABLE.read_text(encoding="utf-8").splitlines()
    differences = [f"gone or changed: {line}" for line in table if line not in set(found)]
    differences += [f"not in the table: {line}" for line in found if line not in set(table)]
    print("\n".join(differences) or f"{len(table)} lines agree")
    return 1 if differences else 0


sys.exit(main())
