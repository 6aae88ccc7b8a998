#!/usr/bin/env python3
"""siuo-eval run against a server on the loopback: every API, every trouble, interruptions and kills."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
KILLS = 100 if os.environ.get("SIUO_DEEP") else 12
SLOW = bool(os.environ.get("SIUO_SANITIZE"))
APIS = ("openai", "openai-responses", "anthropic", "gemini", "ollama", "llamacpp")
KEY = "sk-test-0123456789abcdef"
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402

checks, failures, outputs = 0, [], []


def expect(name: str, condition: bool, detail=""):
    global checks
    checks += 1
    if not condition:
        failures.append(f"{name}: {str(detail)[:1500]}")


def command(server: web.Server, api: str, out: Path, *more) -> list[str]:
    base = server.base(api)
    model, judge = ("llava-1.5", "llava-1.5") if api == "llamacpp" else ("m-1", "j-1")
    return [EVAL, "run", "--data", str(SUITE), "--out", str(out), "--model", model, "--endpoint", base, "--api", api,
            "--key-env", "TEST_KEY", "--judge", f"{judge},{api},{base},TEST_KEY", *(str(arg) for arg in more)]


ENVIRONMENT = os.environ | {"TEST_KEY": KEY, "no_proxy": "127.0.0.1"}


def run(server: web.Server, api: str, out: Path, *more, **options) -> subprocess.CompletedProcess:
    got = subprocess.run(command(server, api, out, *more), capture_output=True, text=True, timeout=240, env=ENVIRONMENT,
                         **options)
    outputs.append(got.stdout + got.stderr)
    return got


def report(out: Path) -> bytes:
    return (out / "report.json").read_bytes()


def lines(out: Path) -> int:
    path = out / "journal.jsonl"
    return path.read_bytes().count(b"\n") - 1 if path.exists() and path.stat().st_size else 0


# ---- every API ----


def check_apis(folder: Path):
    reports = set()
    for api in APIS:
        with web.Server() as server:
            out = folder / api
            got = run(server, api, out)
            expect(f"{api} runs", got.returncode == 0, got.stderr)
            reports.add(report(out))
            log = server.log
            questions = [entry for entry in log if "Judgement:]" not in entry["text"] and "letter of" not in entry["text"]]
            expect(f"{api}: every sample was asked for", sum(entry["count"] for entry in questions) == 54)
            expect(f"{api}: with pictures", all(len(e["pictures"]) == 1 and e["pictures"][0][:3] in (b"\x89PN", b"\xff\xd8\xff")
                                               for e in log))
            key = {"authorization": f"Bearer {KEY}"}.get(web.KEY_HEADERS[api], KEY)
            expect(f"{api}: with its key", all(entry["headers"].get(web.KEY_HEADERS[api]) == key for entry in log))
            asked = len(log)
            got = run(server, api, out)
            expect(f"{api}: nothing is asked twice", got.returncode == 0 and len(server.log) == asked, got.stderr)
    expect("the APIs end in one report", len(reports) == 1)


# ---- trouble that passes ----


PASSING = [web.status(429, retry_after="0"), web.status(500, retry_after_ms="10"), web.status(502, retry_after_ms="10"),
           web.status(503, retry_after_ms="10"), web.status(529, retry_after_ms="10"), web.reset, web.cut, web.short,
           web.raw(b"<html>", retry_after_ms="10"), web.raw(b'{"error": "text"}', 500, retry_after_ms="10"), web.bad_text,
           web.status(408, retry_after_ms="10"), web.status(409, retry_after_ms="10"),
           web.status(429, date="Sun, 06 Nov 1994 08:49:37 GMT", retry_after="Sun, 06 Nov 1994 08:49:37 GMT")]


def check_passing_trouble(folder: Path):
    expected = report(folder / "openai")
    for api in ("openai", "gemini"):
        turn = iter(range(1 << 30))
        with web.Server(fault=lambda api, text, tries: PASSING[next(turn) % len(PASSING)] if tries % 2 == 1 else None) as server:
            got = run(server, api, folder / f"trouble-{api}", "--concurrency", 32)
            expect(f"{api}: trouble passes", got.returncode == 0 and report(folder / f"trouble-{api}") == expected, got.stderr)
    with web.Server(fault=lambda api, text, tries: web.zipped if tries == 1 else None) as server:
        got = run(server, "openai", folder / "zipped")
        expect("gzip", got.returncode == 0 and report(folder / "zipped") == expected, got.stderr)
    with web.Server(fault=lambda api, text, tries: web.slow) as server:
        got = run(server, "anthropic", folder / "slow", "--concurrency", 64)
        expect("slow bodies", got.returncode == 0 and report(folder / "slow") == expected, got.stderr)
    with web.Server(fault=lambda api, text, tries: (web.hang, web.huge)[len(text) % 2] if tries == 1 else None) as server:
        got = run(server, "ollama", folder / "hang", "--concurrency", 64, "--timeout", 1, "--task", "mcqa")
        again = json.loads(report(folder / "hang"))["choice"] == json.loads(expected)["choice"]
        expect("hanging and huge replies", got.returncode == 0 and again, got.stderr)
    for change in (-1, 1):
        with web.Server(fault=lambda api, text, tries: web.counted(change)) as server:
            got = run(server, "openai", folder / f"counted{change}")
            expect(f"{change:+d} answers", got.returncode == 0 and report(folder / f"counted{change}") == expected, got.stderr)


# ---- replies that are answers, and trouble that stays ----

BIG = "x" * 100
ENDS = [("null", web.said(text=None), "blank"), ("empty", web.said(text=" "), "blank"),
        ("cut off", web.said("length", text=""), "truncated"),
        ("reasoning only", web.said(text="", reasoning_content="hm"), "truncated"),
        ("thinking in the text", web.said(text="<think>hm</think>"), "truncated"),
        ("filtered", web.said("filter", text=None), "blocked"), ("refused", web.said(text=None, refusal="No."), "refused"),
        ("filter as an error", web.raw(b'{"error": {"code": "content_filter", "message": "x"}}', 400), "blocked"),
        ("another end", web.said("tool_calls", text=None), "failed"),
        ("400", web.status(400, "bad picture, against the policy"), "failed"),
        ("redirect", web.raw(b"", 302, location="http://127.0.0.1:1/elsewhere"), "failed"),
        ("always busy", web.status(503, retry_after_ms="1"), "failed"),
        ("garbage for ever", web.raw(b"{{{", retry_after_ms="1"), "failed")]


def check_ends(folder: Path):
    for name, fault, counter in ENDS:
        with web.Server(fault=lambda api, text, tries: fault) as server:
            out = folder / name.replace(" ", "-")
            got = run(server, "openai", out, "--task", "gen", "--limit", 1, "--samples", 1, "--retries", 2)
            if counter == "truncated":
                expect(f"{name}: stops", got.returncode == 2 and "raise --max-tokens" in got.stderr, got.stderr)
                continue
            counts = json.loads(report(out))["counts"] if got.returncode == 0 else {}
            expect(f"{name} is {counter}", counts.get(counter) == 1, (counts, got.stderr))
            others = {key for key, value in counts.items() if value} - {counter}
            expect(f"{name} is nothing else", not others, others)
            expect(f"{name}: asked as often as that helps", len(server.log) == (3 if "ever" in name or "busy" in name else 1),
                   len(server.log))


def check_stops(folder: Path):
    for code in (401, 403, 404):
        with web.Server(fault=lambda api, text, tries: web.status(code, f"no {KEY} here \x1b[31m")) as server:
            got = run(server, "openai", folder / str(code), "--concurrency", 4)
            expect(f"{code} stops at once", got.returncode == 2 and f"HTTP status {code}" in got.stderr and
                   len(server.log) <= 8, (got.stderr, len(server.log)))
            expect(f"{code}: what the server sent is escaped", "\x1b" not in got.stderr and "no *** here" in got.stderr, got.stderr)
    with web.Server(fault=lambda api, text, tries: web.status(400, "unsupported_parameter")) as server:
        got = run(server, "openai", folder / "400s", "--concurrency", 2)
        expect("one error for all stops", got.returncode == 2 and "each of the first 5" in got.stderr, got.stderr)
    with web.Server() as server:
        got = run(server, "openai", folder / "few", "--max-requests", 7, "--concurrency", 1)
        expect("--max-requests", got.returncode == 2 and len(server.log) == 7 and lines(folder / "few") == 7, got.stderr)
        started = time.monotonic()
        got = run(server, "openai", folder / "rate", "--rpm", 600, "--limit", 4, "--task", "mcqa")
        expect("--rpm", got.returncode == 0 and time.monotonic() - started >= 0.3, got.stderr)
    dead = server.base("openai")
    got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", folder / "dead", "--model", "m", "--endpoint", dead, "--task",
                          "mcqa", "--limit", "1", "--retries", "1"], capture_output=True, text=True, timeout=60)
    expect("nobody there", got.returncode == 0 and "failed" in got.stderr, got.stderr)


def check_misuse(folder: Path):
    for words, args in (("--model and --endpoint are needed", ["--model", "m"]),
                        ("responses need a judge", ["--model", "m", "--endpoint", "http://x"]),
                        ("NO_SUCH_KEY holds no key", ["--model", "m", "--endpoint", "http://x", "--key-env", "NO_SUCH_KEY",
                                                     "--task", "mcqa"]),
                        ("does not begin with http", ["--model", "m", "--endpoint", "ftp://x", "--task", "mcqa"]),
                        ("--omit speed: expected", ["--omit", "speed"]), ("--header x: expected", ["--header", "x"]),
                        ("NO_SUCH_KEY is not set", ["--header", "a=NO_SUCH_KEY"]),
                        ("--system /nonexistent", ["--system", "/nonexistent", "--model", "m", "--endpoint", "http://x",
                                                   "--task", "mcqa"])):
        got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", folder / "o", *args], capture_output=True, text=True)
        expect(f"misuse: {words}", got.returncode == 2 and words in got.stderr, got.stderr)
    (folder / "system.txt").write_text("Be brief.", encoding="utf-8")
    with web.Server() as server:
        os.environ["EXTRA"] = ENVIRONMENT["EXTRA"] = "deployment-7"
        got = run(server, "openai", folder / "options", "--task", "mcqa", "--limit", 1, "--system", folder / "system.txt",
                  "--omit", "temperature,n", "--old-max-tokens", "--max-tokens", 9, "--header", "x-extra=EXTRA")
        body = server.log[0]["body"]
        expect("options reach the server", body["messages"][0] == {"role": "system", "content": "Be brief."}
               and "temperature" not in body and body["max_tokens"] == 16 and
               server.log[0]["headers"]["x-extra"] == "deployment-7", (body.keys(), got.stderr))


# ---- interruptions ----


def check_interruption(folder: Path):
    expected = report(folder / "openai")
    out = folder / "interrupted"
    with web.Server(delay=0.2) as server:
        process = subprocess.Popen(command(server, "openai", out, "--concurrency", 8), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while lines(out) < 10 and process.poll() is None:
            time.sleep(0.01)
        expect("no key among the arguments", KEY.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes())
        process.send_signal(signal.SIGINT)
        asked, started = len(server.log), time.monotonic()
        said = process.communicate(timeout=30)[1]
        expect("an interruption ends it", process.returncode == 2 and time.monotonic() - started < 6 and
               "goes on from there" in said, said)
        expect("replies under way are taken", lines(out) == len(server.log) and len(server.log) <= asked + 8,
               (lines(out), len(server.log), asked))
        server.delay = 0
        got = run(server, "openai", out)
        expect("and goes on", got.returncode == 0 and report(out) == expected, got.stderr)


def check_kills(folder: Path):
    """Killed at random moments and resumed: nothing that is in the journal is asked again."""
    expected = report(folder / "openai")
    with web.Server() as server:
        run(server, "openai", folder / "whole")
        total = len(server.log)
    seed = int(os.environ.get("SIUO_SEED") or 20261124)
    rng = random.Random(seed)
    inside = again = 0
    for kill in range(KILLS):
        out = folder / f"kill{kill}"
        with web.Server(delay=0.004) as server:
            process = subprocess.Popen(command(server, "openai", out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=ENVIRONMENT)
            until = rng.randrange(total)
            while lines(out) < until and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            process.wait()
            kept = lines(out)
            inside += 0 < kept < total
            if kill % 5 == 0 and kept > 0:  # a machine that died: the last line is torn
                journal = (out / "journal.jsonl").read_bytes()
                (out / "journal.jsonl").write_bytes(journal[:-rng.randrange(2, 40)])
                kept -= 1
            time.sleep(0.05)
            asked = len(server.log)
            got = run(server, "openai", out)
            again += asked - kept
            expect(f"kill {kill} (seed {seed})", got.returncode == 0 and report(out) == expected, got.stderr)
            expect(f"kill {kill}: what is kept is not asked", len(server.log) - asked == total - kept,
                   (len(server.log), asked, total, kept))
    expect("kills fell between first and last reply", inside >= KILLS * 6 // 10, inside)
    print(f"{KILLS} kills, seed {seed}: {inside} between the first and the last reply, {again} replies lost under way")


def check_full_disk(folder: Path):
    expected = report(folder / "openai")
    out = folder / "full"

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

    with web.Server() as server:
        got = run(server, "openai", out, preexec_fn=small_files)
        expect("a full disk stops the run", got.returncode == 2 and "file too large" in got.stderr, got.stderr)
        expect("with whole lines", (out / "journal.jsonl").read_bytes().endswith(b"\n"))
        got = run(server, "openai", out)
        expect("and space completes it", got.returncode == 0 and report(out) == expected, got.stderr)


def check_secrets(folder: Path):
    found = [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    expect("no file holds the key", not found, found)
    expect("no output holds the key", not any(KEY in text for text in outputs))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        for check in (check_apis, check_passing_trouble, check_ends, check_stops, check_misuse, check_interruption, check_kills,
                      check_full_disk, check_secrets):
            check(Path(name))
    print("\n".join(failures) or f"{checks} runs against a server")
    return 1 if failures else 0


sys.exit(main())
