#!/usr/bin/env python3
"""siuo-eval run within limits: of each server by itself, in requests, tokens and time, and of the whole in tokens and money."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
FAST_CLOCK = Path(os.environ["SIUO_BUILD"]) / "tests" / "preload" / "fast_clock.so"
KEYS = {"KEY_A": f"sk-a-{os.getpid()}-0123456789abcdef", "KEY_B": f"sk-b-{os.getpid()}-0123456789abcdef"}
ENVIRONMENT = os.environ | KEYS | {"no_proxy": "127.0.0.1"}
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402


class Watch:
    """A fault that answers, and notes when each request came and how many of a kind there were at once."""

    def __init__(self, fault=None, delay: float = 0.0):
        self.fault, self.delay, self.lock = fault, delay, threading.Lock()
        self.came, self.now, self.most = [], {True: 0, False: 0}, {True: 0, False: 0}

    def __call__(self, api, text, tries):
        judge = "Judgement:]" in text
        with self.lock:
            self.came.append((time.monotonic(), judge))
            self.now[judge] += 1
            self.most[judge] = max(self.most[judge], self.now[judge])
            fault = self.fault(judge, len(self.came), tries) if self.fault else None
        time.sleep(self.delay)
        with self.lock:
            self.now[judge] -= 1
        return fault

    def times(self, judge: bool) -> list[float]:
        return [when for when, of_judge in self.came if of_judge == judge]


def command(model: str, judge: str, out: Path, *more, judge_key: str = "KEY_A") -> list[str]:
    return [EVAL, "run", "--data", str(SUITE), "--out", str(out), "--model", "m-1", "--endpoint", model, "--key-env", "KEY_A",
            "--judge", f"j-1,openai,{judge},{judge_key}", "--max-undetermined", "100%", *(str(arg) for arg in more)]


def run(model: str, judge: str, out: Path, *more, judge_key: str = "KEY_A", **options) -> subprocess.CompletedProcess:
    return subprocess.run(command(model, judge, out, *more, judge_key=judge_key), capture_output=True, text=True, timeout=240,
                          **{"env": ENVIRONMENT} | options)


def report(out: Path) -> bytes:
    return (out / "report.json").read_bytes()


def within(times: list[float], begin: float, end: float) -> int:
    return sum(begin <= when <= end for when in times)


# ---- a server that asks to wait ----

BUSY = web.status(429, retry_after="2")


def check_hold(folder: Path):
    """A limit holds back all that goes to that server, by origin and key, and nothing else."""
    for name, two_servers, key, goes_on in (("two", True, "KEY_A", True), ("keys", False, "KEY_B", True), ("one", False, "KEY_A", False)):
        limited = []

        def fault(judge, number, tries):
            if judge or number < 4 or limited:
                return None
            limited.append(time.monotonic())
            return BUSY

        watch = Watch(fault, 0.2)
        other = Watch(delay=0.4) if two_servers else watch
        with web.Server(fault=watch) as server, web.Server(fault=other) as judges:
            got = run(server.base("openai"), (judges if two_servers else server).base("openai"), folder / name, "--task", "gen",
                      "--samples", 1, "--limit", 8, "--concurrency", 2, judge_key=key)
        expect(f"{name}: runs", got.returncode == 0 and " 0 failed" in got.stderr and limited, got.stderr)
        begin, end = limited[0] + 0.35, limited[0] + 1.9
        expect(f"{name}: the model's server is left alone", within(watch.times(False), begin, end) == 0, watch.came)
        judged = within(other.times(True), begin, end)
        expect(f"{name}: the judge's {'goes on' if goes_on else 'is the same'}", (judged > 0) == goes_on, (judged, other.came))
        expect(f"{name}: one question was asked again", len(watch.times(False)) == 9, len(watch.times(False)))


def check_no_hold(folder: Path):
    """What may be the trouble of one request, without a word of when to come again, holds back that one alone."""
    failed = []

    def fault(judge, number, tries):
        if not judge and number == 3:
            failed.append(time.monotonic())
            return web.status(503)

    watch = Watch(fault, 0.03)
    with web.Server(fault=watch) as server:
        got = run(server.base("openai"), server.base("openai"), folder / "busy", "--task", "mcqa", "--concurrency", 2)
    expect("503 without a time", got.returncode == 0 and within(watch.times(False), failed[0] + 0.03, failed[0] + 0.3) > 1, got.stderr)


# ---- a server's own limits ----


def check_concurrency(folder: Path):
    for name, more, model, judge in (("both", ["--concurrency", 2, "--judge-concurrency", 6], 2, 6), ("default", ["--concurrency", 3], 3, 3)):
        models, judges = Watch(delay=0.04), Watch(delay=0.1)
        with web.Server(fault=models) as server, web.Server(fault=judges) as other:
            got = run(server.base("openai"), other.base("openai"), folder / name, "--task", "gen", "--samples", 1, *more)
        expect(f"{name}: at once", got.returncode == 0 and (models.most[False], judges.most[True]) == (model, judge),
               (models.most, judges.most, got.stderr))
    watch = Watch(delay=0.04)
    with web.Server(fault=watch) as server:
        got = run(server.base("openai"), server.base("openai"), folder / "same", "--task", "gen", "--samples", 1, "--concurrency", 3,
                  "--judge-concurrency", 9)
    expect("one server has the model's", got.returncode == 0 and watch.most[False] <= 3 and watch.most[True] <= 3, watch.most)


def gaps(times: list[float]) -> float:
    """The shortest time that three requests took one after another, which is less uneven than two."""
    return min(b - a for a, b in zip(times, times[3:]))


def check_rates(folder: Path):
    models, judges = Watch(), Watch()
    with web.Server(fault=models) as server, web.Server(fault=judges) as other:
        got = run(server.base("openai"), other.base("openai"), folder / "rates", "--task", "gen", "--samples", 1, "--limit", 6,
                  "--rpm", 1200, "--judge-rpm", 600)
    expect("--rpm and --judge-rpm", got.returncode == 0 and gaps(models.times(False)) >= 0.1 and gaps(judges.times(True)) >= 0.22,
           (gaps(models.times(False)), gaps(judges.times(True)), got.stderr))
    with web.Server(fault=(watch := Watch())) as server:
        began = time.monotonic()
        got = run(server.base("openai"), server.base("openai"), folder / "tpm", "--task", "mcqa", "--tpm", 7200, "--concurrency", 4)
        took = time.monotonic() - began
    # An estimate of about 950 tokens, 8 seconds' worth, goes before each; twelve are counted, a tenth of a second's.
    expect("--tpm counts what servers count", got.returncode == 0 and len(watch.came) == 18 and 1.2 <= took < 60, (took, got.stderr))
    late = watch.times(False)[9:]
    expect("and learns from it", late[-1] - late[0] < 8, watch.came)


# ---- silence ----


def is_kept_alive(port: int) -> bool:
    """Whether a connection to the port has a timer that probes it: /proc/net/tcp."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return any(row[2].endswith(f":{port:04X}") and row[3] == "01" and row[5].startswith("02:") for row in rows)


def check_keepalive(folder: Path):
    with web.Server(delay=1.5) as server:
        port = server.server_address[1]
        process = subprocess.Popen(command(server.base("openai"), server.base("openai"), folder / "alive", "--task", "mcqa", "--limit", 1),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        alive = False
        while process.poll() is None and not alive:
            alive = is_kept_alive(port)
            time.sleep(0.02)
        process.wait(timeout=60)
    expect("connections are kept alive", alive and process.returncode == 0, process.returncode)


def check_silence(folder: Path):
    environment = ENVIRONMENT | {"LD_PRELOAD": str(FAST_CLOCK)}
    if os.environ.get("SIUO_SANITIZE") or not FAST_CLOCK.exists():
        print("skipped: a minute's silence (nothing can be preloaded into this build)")
        return
    for name, more, notes in (("loud", [], 1), ("quiet", ["--quiet"], 0)):
        slow = Watch(lambda judge, number, tries: None, 4.0)
        with web.Server(fault=slow) as server:
            got = run(server.base("openai"), server.base("openai"), folder / name, "--task", "mcqa", "--limit", 1, "--timeout", 900, *more,
                      env=environment)
        said = re.findall(r"the model m-1 at \S+: no reply for \d\d s; 1 request is under way, each for at most 900 s", got.stderr)
        expect(f"{name}: a minute's silence", got.returncode == 0 and len(said) == got.stderr.count("no reply for") == notes, got.stderr)


# ---- tokens and money ----


def taken(got: subprocess.CompletedProcess) -> list[str]:
    """What the last line says of tokens and cost."""
    found = re.search(r" failed; (\d+) tokens in, (\d+) out(?:, (\$[0-9.]+))?\n", got.stderr)
    return list(found.groups()) if found else []


def check_costs(folder: Path):
    prices = folder / "prices.json"
    prices.write_text(json.dumps({"m-1": {"input": 1000, "output": 2000}, "j-1": {"input": 10000, "output": 20000}}), encoding="utf-8")
    with web.Server() as server:
        base = server.base("openai")
        got = run(base, base, folder / "whole", "--prices", prices, "--samples", 1)
        models = sum("Judgement:]" not in entry["text"] for entry in server.log)
        judges = len(server.log) - models
        cost = (models * (7 * 1 + 5 * 2) + judges * (7 * 10 + 5 * 20)) / 1000
        expect("tokens and cost at the end", got.returncode == 0 and taken(got) == [str(7 * len(server.log)), str(5 * len(server.log)),
                                                                                  f"${cost:.2f}"], (cost, got.stderr))
        asked = len(server.log)
        got = run(base, base, folder / "plain", "--samples", 1)
        expect("tokens without prices", taken(got)[:2] == [str(7 * asked), str(5 * asked)] and "$" not in got.stderr, got.stderr)
    for name, more, most, words in (("cost", ["--prices", prices, "--max-cost", "0.25"], 15, "--max-cost $0.2500 is reached: $0.25"),
                                    ("tokens", ["--max-tokens-total", 240], 20, "--max-tokens-total 240 is reached: 240 so far")):
        with web.Server() as server:
            base, out = server.base("openai"), folder / name
            got = run(base, base, out, "--samples", 1, "--task", "mcqa" if name == "cost" else "all", "--concurrency", 1, *more)
            expect(f"{name}: stops when it is reached", got.returncode == 4 and words in got.stderr and len(server.log) == most and
                   "goes on from there" in got.stderr, (len(server.log), got.stderr))
            before = len(server.log)
            got = run(base, base, out, "--samples", 1, "--task", "mcqa" if name == "cost" else "all")
            expect(f"{name}: and goes on", got.returncode == 0 and len(server.log) == (18 if name == "cost" else asked), (before, got.stderr))
            expect(f"{name}: to the same report", name == "cost" or report(out) == report(folder / "plain"))
    with web.Server(delay=0.05) as server:
        base = server.base("openai")
        got = run(base, base, folder / "many", "--samples", 1, "--max-tokens-total", 2400, "--concurrency", 16)
        expect("what is under way is reckoned with", got.returncode == 4 and len(server.log) <= 200, (len(server.log), got.stderr))


def check_misuse(folder: Path):
    prices = folder / "few.json"
    prices.write_text('{"m-1": {"input": 1, "output": 1}}', encoding="utf-8")
    nowhere = "http://127.0.0.1:9/v1"
    for words, more in (("--max-cost needs --prices", ["--max-cost", 1]), ("--max-cost 1x: expected dollars", ["--max-cost", "1x"]),
                        ("--max-cost 0: expected dollars", ["--max-cost", "0"]), ("--max-cost -1: expected", ["--max-cost", "-1"]),
                        ("has no price for j-1", ["--max-cost", 1, "--prices", prices]), ("--tpm 0: expected", ["--tpm", "0"]),
                        ("--judge-concurrency 2000: expected", ["--judge-concurrency", 2000]),
                        ("a replay asks nobody", ["--replay", "x", "--max-tokens-total", 5]), ("/nonexistent", ["--prices", "/nonexistent"])):
        got = run(nowhere, nowhere, folder / "none", *more)
        expect(f"misuse: {words}", got.returncode == 2 and words in got.stderr and not (folder / "none").exists(), got.stderr)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for check in (check_hold, check_no_hold, check_concurrency, check_rates, check_keepalive, check_silence, check_costs, check_misuse):
            check(folder)
    return finish("checks of limits")


sys.exit(main())
