#!/usr/bin/env python3
"""Compiles contract.h beside the real headers, and compares the layouts that both define."""

import os
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "abi"))
import headers  # noqa: E402

SHARED = Path(os.environ.get("SIUO_SHARED") or headers.SRCDIR.parent / "shared")


def main() -> int:
    path = SHARED / "contract.h"
    if not path.is_file():
        print(f"skipped: contract.h beside the real headers (no {path})")
        return 0
    contract = headers.without_comments(path.read_text(encoding="utf-8"))
    own = headers.read(headers.OWN)
    ours, theirs = headers.structs(own), headers.structs(contract)
    both = {name: fields for name, fields in theirs.items() if name in ours}

    missing = [name for name in headers.functions(contract) if name not in headers.functions(own)]
    missing += [name for name in theirs if name not in ours]
    if missing:
        print("declared by the contract only:", ", ".join(missing))
        return 1

    # Both in one translation unit: bodies that both have are given once, declarations must be compatible.
    stripped = contract
    for name in both:
        stripped = re.sub(rf"typedef struct {name} \{{.*?\}} {name};", "", stripped, flags=re.S)
    stripped = re.sub(r"typedef struct (\w+) \1;", lambda m: "" if re.search(rf"\b{m[1]};", own) else m[0], stripped)
    stripped = stripped.replace("SIUO_CONTRACT_H", "SIUO_CONTRACT_STRIPPED_H")
    flags = f"-I{headers.SRCDIR / 'include'}"
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "contract-stripped.h"
        beside.write_text(stripped, encoding="utf-8")
        headers.run(f'#include <siuo/siuo.h>\n#include "{beside}"\nint main(void)\n{{\n  return 0;\n}}\n', flags,
                    "-Wall", "-Wextra", "-Werror", "-pedantic")
    names = [name for name in headers.constants(contract) if name in headers.constants(own)]
    mine = headers.layout("#include <siuo/siuo.h>", both, names, flags)
    wanted = headers.layout(f'#include "{path}"', both, names)
    differences = [f"{a} here, {b} in the contract" for a, b in zip(mine, wanted) if a != b]
    print("\n".join(differences) or f"{len(mine)} sizes, offsets and constants agree")
    return 1 if differences else 0


sys.exit(main())
