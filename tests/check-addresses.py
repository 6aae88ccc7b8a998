#!/usr/bin/env python3
"""Passwords in addresses: of the model's and the judges' endpoints, however misspelt, and of proxies in the environment.
None is ever printed or journalled; and a key that anybody on the way can read is warned of."""

import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import expect, finish  # noqa: E402

NOBODY = "http://127.0.0.1:9"
FORMS = ("http://{}@127.0.0.1:9", "http:///{}@127.0.0.1:9", "http:////{}@127.0.0.1:9", "http://\\{}@127.0.0.1:9",
         "https://{}@127.0.0.1:9/v1", "http://{}@[::1]:9", "http://{}@127.0.0.1:port", "http:/{}@127.0.0.1:9",
         "{}@127.0.0.1:9", "ftp://{}@127.0.0.1:9", "http://{}@127.0.0.1:9?q=1")
SECRET = "Pa5sw0rd"
USERS = (f"user:{SECRET}", f"user:{SECRET}/x", f"user:x/{SECRET}", f"user:{SECRET}?x", f"user:x#{SECRET}", f":{SECRET}", SECRET,
         f"us er:{SECRET}", f"user:12/{SECRET}", f"user:x@{SECRET}")


def run(out: Path, *args, **environment) -> subprocess.CompletedProcess:
    settings = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run([EVAL, "run", "--data", SUITE, "--out", out, "--limit", "1", "--retries", "1", "--connect-timeout", "2",
                           "--task", "gen", *args], capture_output=True, text=True, timeout=120, env=settings | environment)


def expect_hidden(name: str, got: subprocess.CompletedProcess, out: Path):
    kept = "".join(path.read_text() for path in out.iterdir()) if out.is_dir() else ""
    expect(name, SECRET not in got.stdout + got.stderr + kept and got.returncode != 0, (got.returncode, got.stderr))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        judge = ("--judge", f"j,openai,{NOBODY}")
        for form, user in list(itertools.product(FORMS, USERS))[::1 if os.environ.get("SIUO_DEEP") else 9]:
            address = form.format(user)
            expect_hidden(f"--endpoint {address}", run(out, "--model", "m", "--endpoint", address, *judge), out)
            expect_hidden(f"--judge j,openai,{address}", run(out, "--model", "m", "--endpoint", NOBODY, "--judge",
                                                             f"j,openai,{address}"), out)
            for variable in ("http_proxy", "ALL_PROXY"):
                got = run(out, "--model", "m", "--endpoint", "http://example.invalid", *judge, **{variable: address})
                expect_hidden(f"{variable}={address}", got, out)
        address = FORMS[0].format(USERS[0])
        for judge_option in (address, f"{address},openai", f"j,{address}"):
            expect_hidden(f"--judge {judge_option}", run(out, "--model", "m", "--endpoint", NOBODY, "--judge", judge_option), out)

        for endpoint, key, warned in (("http://example.invalid/v1", "KEY", True), ("https://example.invalid/v1", "KEY", False),
                                      (NOBODY, "KEY", False), ("http://localhost:9", "KEY", False), ("http://[::1]:9", "KEY", False),
                                      ("http://example.invalid/v1", None, False)):
            got = run(out, "--model", "m", "--endpoint", endpoint, *(["--key-env", key] if key else []), *judge, KEY="sk-0123456789")
            expect(f"a key for {endpoint}", ("not encrypted" in got.stderr) == warned, got.stderr)
    return finish("addresses hold nothing that is printed")


sys.exit(main())
