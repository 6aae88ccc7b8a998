"""Reads constants and structs out of C headers, and asks a compiler for their values and layouts."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

SRCDIR = Path(os.environ.get("SIUO_SRCDIR") or Path(__file__).resolve().parents[2])
CC = os.environ.get("CC", "cc").split()
OWN = sorted((SRCDIR / "include" / "siuo").glob("*.h"))


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def read(paths) -> str:
    return "\n".join(without_comments(Path(path).read_text(encoding="utf-8")) for path in paths)


def functions(text: str) -> list[str]:
    return sorted(set(re.findall(r"\b(siuo_\w+)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*;", text))
                  - set(re.findall(r"\(\s*\*\s*(\w+)\s*\)", text)))


def constants(text: str) -> list[str]:
    return re.findall(r"^#define (SIUO_\w+) +\(?-?\d", text, flags=re.M)


def structs(text: str) -> dict[str, list[str]]:
    """The fields of each struct that has a body."""
    found = {}
    for name, body in re.findall(r"typedef struct (siuo_\w+) \{(.*?)\} \1;", text, flags=re.S):
        fields = []
        for declaration in filter(str.strip, body.split(";")):
            pointer = re.search(r"\(\s*\*\s*(\w+)\s*\)", declaration)
            fields += [pointer[1]] if pointer else [re.search(r"(\w+)\s*$", part)[1] for part in declaration.split(",")]
        found[name] = fields
    return found


def run(source: str, *flags: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path, program = Path(folder) / "probe.c", Path(folder) / "probe"
        path.write_text(source, encoding="utf-8")
        subprocess.run([*CC, "-std=c99", *flags, str(path), "-o", str(program)], check=True)
        return subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout


def layout(include: str, wanted: dict[str, list[str]], names: list[str], *flags: str) -> list[str]:
    """Lines that name each struct's size, each field's offset and size, each constant's value."""
    lines = ["#include <stddef.h>", "#include <stdio.h>", include, "int main(void)", "{"]
    for name in names:
        lines.append(f'  printf("constant {name} %lld\\n", (long long){name});')
    for struct, fields in sorted(wanted.items()):
        lines.append(f'  printf("struct {struct} %d\\n", (int)sizeof({struct}));')
        for field in fields:
            lines.append(f'  printf("field {struct}.{field} %d %d\\n", (int)offsetof({struct}, {field}), '
                         f"(int)sizeof((({struct} *)0)->{field}));")
    return run("\n".join([*lines, "  return 0;", "}", ""]), *flags).splitlines()
