#!/usr/bin/env python3
"""Live runs onto a disk that is full, at any point from the first byte to the report: each stops with an error that
says so, and after space is made the same command completes it, with no recorded reply asked again."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402

PAGE = 4096
SIZE = 1 << 20
INSIDE = "--inside"  # the mount namespace where the disk is ours


def run(server: web.Server, out: Path) -> subprocess.CompletedProcess:
    base = server.base("openai")
    return subprocess.run(
        [EVAL, "run", "--data", ROOT / "examples" / "sample-suite", "--out", out, "--model", "m", "--endpoint", base,
         "--judge", f"j,openai,{base}", "--max-undetermined", "50%"], capture_output=True, text=True, timeout=240,
        env=os.environ | {"no_proxy": "127.0.0.1"})


def recorded(out: Path) -> int:
    """The replies in the journal, whose lines are whole but for the last."""
    path = out / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return sum("job" in json.loads(line) for line in lines if line)


def fill(disk: Path, free: int) -> Path:
    """A file that leaves so many bytes free."""
    ballast = disk / "ballast"
    left = os.statvfs(disk)
    ballast.write_bytes(bytes(left.f_bavail * left.f_frsize - free))
    return ballast


def check(disk: Path, free: int, whole: bytes, total: int) -> tuple[list[str], bool]:
    """What is wrong, and whether the disk was too small."""
    out = disk / "out"
    ballast = fill(disk, free)
    with web.Server() as server:
        got = run(server, out)
        if got.returncode == 0:
            return [], False
        kept, asked = recorded(out), len(server.log)
        stopped = "goes on from there" in got.stderr or "nothing was answered, so" in got.stderr
        status = 4 if stopped else 2  # it had not begun, or its results could not be written
        wrong = [] if got.returncode == status and "no space left" in got.stderr.lower() and str(out) in got.stderr else [
            f"with {free} bytes: exit {got.returncode}: {got.stderr}"]
        ballast.unlink()
        got = run(server, out)
        if got.returncode != 0 or (out / "report.json").read_bytes() != whole:
            wrong.append(f"after {free} bytes, with space: exit {got.returncode}: {got.stderr}")
        if len(server.log) - asked != total - kept:
            wrong.append(f"after {free} bytes: {kept} of {total} replies kept, yet {len(server.log) - asked} asked again")
    for path in sorted(out.iterdir()):
        path.unlink()
    out.rmdir()
    return wrong, True


def check_all(disk: Path) -> int:
    with web.Server() as server, tempfile.TemporaryDirectory() as folder:
        got = run(server, Path(folder))
        if got.returncode != 0:
            print(got.stderr)
            return 1
        total = recorded(Path(folder))
        whole = (Path(folder) / "report.json").read_bytes()
        most = sum(-(-path.stat().st_size // PAGE) for path in Path(folder).iterdir())
    wrong, stopped = [], 0
    for pages in [0, 1, 2, *range(5, most, max(1, most // 12)), most - 1]:
        found, full = check(disk, pages * PAGE, whole, total)
        wrong += found
        stopped += full
    if stopped < 10:
        wrong.append(f"only {stopped} runs met a full disk")
    print("\n".join(wrong) or f"{stopped} runs met a full disk and were completed")
    return 1 if wrong else 0


def main() -> int:
    with tempfile.TemporaryDirectory() as disk:
        if sys.argv[1:] == [INSIDE]:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", disk], check=True)
            try:
                return check_all(Path(disk))
            finally:
                subprocess.run(["umount", disk], check=True)
        own = ["unshare", "--user", "--map-root-user", "--mount"]
        try:
            able = subprocess.run([*own, "mount", "-t", "tmpfs", "none", disk], capture_output=True).returncode == 0
        except FileNotFoundError:
            able = False
    if not able:
        print("no disk of our own can be mounted here")
        return 77
    return subprocess.run([*own, sys.executable, __file__, INSIDE]).returncode


sys.exit(main())
