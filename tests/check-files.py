#!/usr/bin/env python3
"""siuo-eval among files that somebody prepared: closed standard streams, links and pipes where it reads and writes,
files of others' modes, limits on their size, what killed runs left behind, and a lost terminal."""

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
DEEP = bool(os.environ.get("SIUO_DEEP"))  # each such pipe takes seconds
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

WRITTEN = ("journal.jsonl", "results-gen.json", "results-mcqa.json", "report.json")


def run(*args, **more) -> subprocess.CompletedProcess:
    return subprocess.run([EVAL, *(str(arg) for arg in args)], capture_output=True, text=True, timeout=120, **more)


def replay(out: Path, **more) -> subprocess.CompletedProcess:
    return run("run", "--data", SUITE, "--replay", SUITE / "careful.jsonl", "--out", out, **more)


def shell(command: str, *args) -> subprocess.CompletedProcess:
    return subprocess.run(["sh", "-c", command, "sh", EVAL, *(str(arg) for arg in args)], capture_output=True, text=True,
                          timeout=120)


def check_closed(folder: Path, whole: dict):
    """Each of the streams closed at start, and all of them: no file holds what was to be printed."""
    for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"):
        out = folder / ("closed " + closed.replace("&-", ""))
        command = f'"$1" run --data "$2" --replay "$2/careful.jsonl" --out "$3" {closed}'
        for _ in range(2):  # the second goes on with the journal of the first
            got = shell(command, SUITE, out)
        expect(f"{closed}: status", got.returncode == (2 if ">&-" in closed.split() else 0), (got.returncode, got.stderr))
        for name in WRITTEN:
            expect(f"{closed}: {name}", (out / name).exists() and (out / name).read_bytes() == whole[name])
    got = shell('"$1" score - <&-')
    expect("no standard input", got.returncode == 2 and "standard input" in got.stderr, got.stderr)


def check_links(folder: Path):
    """A link in the place of a file that is written: nothing changes where it leads."""
    for name in WRITTEN:
        for target in ("victim", "missing"):
            out = folder / f"link {name} {target}"
            out.mkdir()
            victim = out / "victim"
            victim.write_text("precious")
            (out / name).symlink_to(target)
            got = replay(out)
            expect(f"a link {name} to {target}", got.returncode == 2 and "symbolic link" in got.stderr
                   and str(out / name) in got.stderr, (got.returncode, got.stderr))
            expect(f"a link {name}: its target", victim.read_text() == "precious" and not (out / "missing").exists())
    link = folder / "report link"
    link.symlink_to("report target")
    got = run("check", "-o", link, SUITE)
    expect("-o LINK", got.returncode == 2 and "symbolic link" in got.stderr and not (folder / "report target").exists(),
           got.stderr)
    shown = run("check", SUITE).stdout
    expect("-o /dev/stdout", run("check", "-o", "/dev/stdout", SUITE).stdout == shown)
    target = folder / "redirected"
    with target.open("wb") as file:
        subprocess.run([EVAL, "check", "-o", "/dev/stdout", SUITE], stdout=file, check=True, timeout=60)
    expect("-o /dev/stdout, redirected", target.read_text() == shown)


def check_pipes(folder: Path):
    """Pipes at which nobody else is: an end within seconds. Others work."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    extra = ("run", "--data", SUITE, "--replay", SUITE / "careful.jsonl", "--out", folder / "piped")
    for name, args in (("score", ("score", pipe)), ("check", ("check", pipe)), ("-o", ("check", "-o", pipe, SUITE)),
                       ("--system", (*extra, "--system", pipe)), ("--protocol", (*extra, "--protocol", pipe)),
                       ("--replay", (*extra[:-4], "--replay", pipe, *extra[-2:])), ("--reuse", (*extra, "--reuse", pipe))):
        if not DEEP and name not in ("score", "-o"):
            continue
        begun = time.monotonic()
        got = run(*args)
        expect(f"a pipe without its other end: {name}", time.monotonic() - begun < 20, got.stderr)
        expect(f"a pipe without its other end: {name}: status", got.returncode == 2 or name in ("--system", "--reuse"),
               (got.returncode, got.stderr))
    for name in WRITTEN if DEEP else WRITTEN[:2]:
        out = folder / f"pipe {name}"
        out.mkdir()
        os.mkfifo(out / name)
        got = replay(out)
        expect(f"a pipe as {name}", got.returncode == 2 and name in got.stderr, (got.returncode, got.stderr))
    results = SUITE / "careful-gen.json"
    expect("<(cat)", subprocess.run(["bash", "-c", f'"{EVAL}" score <(sleep 0.3; cat "{results}")'], capture_output=True,
                                    timeout=60).returncode == 0)
    got = shell('cat "$2" >"$3" & "$1" score "$3"', results, pipe)
    expect("cat >pipe", got.returncode == 0, got.stderr)
    got = shell('cat "$3" & "$1" check -o "$3" "$2"; wait', SUITE, pipe)
    expect("cat pipe", got.returncode == 0 and got.stdout == run("check", SUITE).stdout, got.stderr)


def check_modes(folder: Path):
    out = folder / "modes"
    replay(out)
    for mode in (0o600, 0o640, 0o666):
        for name in WRITTEN:
            (out / name).chmod(mode)
        replay(out)
        for name in WRITTEN:
            expect(f"mode {mode:o} of {name}", stat.S_IMODE((out / name).stat().st_mode) == mode)
    for name in WRITTEN:  # of every process that there may be
        for number in range(1, 400):
            (out / f"{name}.{number}.partial").write_text("half")
    expect("left behind", replay(out).returncode == 0)


def check_too_large(folder: Path, whole: dict):
    for limit in (1000, 20000, 40000):
        out = folder / f"limit {limit}"
        got = replay(out, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)))
        expect(f"files of {limit} bytes", got.returncode == 4 and "file too large" in got.stderr, (got.returncode, got.stderr))
        got = replay(out)
        expect(f"after files of {limit} bytes", got.returncode == 0 and (out / "report.json").read_bytes() == whole["report.json"],
               got.stderr)


def begin_live(server: web.Server, out: Path, **more) -> subprocess.Popen:
    base = server.base("openai")
    process = subprocess.Popen([EVAL, "run", "--data", SUITE, "--out", out, "--model", "m", "--endpoint", base, "--judge",
                                f"j,openai,{base}", "--rpm", "300"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=os.environ | {"no_proxy": "127.0.0.1"}, **more)
    deadline = time.monotonic() + 30
    while len(server.log) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    return process


def check_lost_terminal(folder: Path):
    """SIGHUP ends a run as SIGTERM does; one that was started to ignore it goes on."""
    said = {}
    with web.Server() as server:
        for number in (signal.SIGTERM, signal.SIGHUP):
            process = begin_live(server, folder / f"signal {number}")
            process.send_signal(number)
            _, said[number] = process.communicate(timeout=60)
            lines = (folder / f"signal {number}" / "journal.jsonl").read_bytes()
            expect(f"signal {number}: the journal is whole", lines.endswith(b"\n") and
                   all(json.loads(line) for line in lines.splitlines()))
            expect(f"signal {number}: exit", process.returncode == 4, process.returncode)
            server.log.clear()
        process = begin_live(server, folder / "nohup", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        expect("nohup", process.poll() is None)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    kept = "the same command goes on"
    expect("what is said", kept in said[signal.SIGTERM] and kept in said[signal.SIGHUP], said)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(2):  # what failed is asked again
            replay(folder / "whole")
        whole = {name: (folder / "whole" / name).read_bytes() for name in WRITTEN}
        check_closed(folder, whole)
        check_links(folder)
        check_pipes(folder)
        check_modes(folder)
        check_too_large(folder, whole)
        check_lost_terminal(folder)
    return finish("checks of files that somebody prepared")


sys.exit(main())
