#!/usr/bin/env python3
"""siuo-eval run against a server on the loopback: every API, every trouble, interruptions and kills."""

import fcntl
import json
import os
import pty
import random
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
KILLS = 100 if os.environ.get("SIUO_DEEP") else 12
SLOW = bool(os.environ.get("SIUO_SANITIZE"))
APIS = ("openai", "openai-responses", "anthropic", "gemini", "ollama", "llamacpp")
KEY = f"sk-test-{os.getpid()}-0123456789abcdef"
EXTRA = f"extra-{os.getpid()}-0123456789abcdef"  # of a further header
SHARED = Path(os.environ["SIUO_SHARED"])
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

outputs, requests, summaries = [], {}, []


def command(server: web.Server, api: str, out: Path, *more) -> list[str]:
    base = server.base(api)
    model, judge = ("llava-1.5", "llava-1.5") if api == "llamacpp" else ("m-1", "j-1")
    return [EVAL, "run", "--data", str(SUITE), "--out", str(out), "--model", model, "--endpoint", base, "--api", api,
            "--key-env", "TEST_KEY", "--judge", f"{judge},{api},{base},TEST_KEY", "--max-undetermined", "100%",
            *(str(arg) for arg in more)]


ENVIRONMENT = os.environ | {"TEST_KEY": KEY, "EXTRA": EXTRA, "no_proxy": "127.0.0.1"}


def run(server: web.Server, api: str, out: Path, *more, **options) -> subprocess.CompletedProcess:
    got = subprocess.run(command(server, api, out, *more), capture_output=True, text=True, timeout=240, env=ENVIRONMENT,
                         **options)
    outputs.append(got.stdout + got.stderr)
    hostile = [c for c in got.stdout + got.stderr if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c in "\u202e\u2028"]
    expect("nothing unescaped", not hostile, (hostile, got.stderr))
    return got


def report(out: Path) -> bytes:
    return (out / "report.json").read_bytes()


def outcomes(out: Path) -> list[str]:
    """Of the first sample of every item, in the suite's order."""
    return [item["siuo"]["outcomes"][0] for item in json.loads((out / "results-gen.json").read_text(encoding="utf-8"))]


def for_each_api(check, folder: Path):
    """The check for every API; most of their time is waiting."""
    with ThreadPoolExecutor(len(APIS)) as pool:
        for done in [pool.submit(check, folder, api) for api in APIS]:
            done.result()


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
            scored = subprocess.run([EVAL, "score", "--data", SUITE, "--format", "json", "--items", out / "results-gen.json",
                                     out / "results-mcqa.json"], capture_output=True)
            expect(f"{api}: results score to the report", scored.stdout == report(out), scored.stderr)
            log = server.log
            questions = [entry for entry in log if "Judgement:]" not in entry["text"] and "letter of" not in entry["text"]]
            expect(f"{api}: every sample was asked for", sum(entry["count"] for entry in questions) == 54)
            expect(f"{api}: with pictures", all(len(e["pictures"]) == 1 and e["pictures"][0][:3] in (b"\x89PN", b"\xff\xd8\xff")
                                               for e in log))
            key = {"authorization": f"Bearer {KEY}"}.get(web.KEY_HEADERS[api], KEY)
            expect(f"{api}: with its key", all(entry["headers"].get(web.KEY_HEADERS[api]) == key for entry in log))
            asked = requests[api] = len(log)
            got = run(server, api, out)
            expect(f"{api}: nothing is asked twice", got.returncode == 0 and len(server.log) == asked, got.stderr)
    expect("the APIs end in one report", len(reports) == 1)


def asks_for_stream(entry: dict) -> bool:
    path, _, query = entry["path"].partition("?")
    return web.wants_stream(path, query, entry["body"])


def check_streams(folder: Path, api: str):
    """Asked for as a stream, of the model, its judge or both: the same report. The questions are the same ones, too."""
    for name, more, wanted in (("both", ["--stream", "--judge-stream"], {True, False}), ("judge", ["--judge-stream"], {True}),
                               ("model", ["--stream"], {False})):
        out = folder / f"stream-{name}-{api}"
        with web.Server() as server:
            got = run(server, api, out, *more)
            expect(f"{api}: {name} streamed", got.returncode == 0 and report(out) == report(folder / api), got.stderr)
            streamed = {item_of(entry["text"]) is None for entry in server.log if asks_for_stream(entry)}
            plain = {item_of(entry["text"]) is None for entry in server.log if not asks_for_stream(entry)}
            expect(f"{api}: {name} asked for it", streamed == wanted and plain == {True, False} - wanted, (streamed, plain))
            journal = (out / "journal.jsonl").read_text(encoding="utf-8")
            expect(f"{api}: {name} kept as replies", "data: " not in journal and journal.count('\\"streamed\\":true') == sum(
                map(asks_for_stream, server.log)), journal[:900])
            if api == "openai":
                expect("tokens of a stream", "; 0 tokens" not in got.stderr and f"; {7 * len(server.log)} tokens in" in got.stderr, got.stderr)
    with web.Server() as server:
        got = run(server, api, folder / f"stream-{api}", "--stream", "--judge-stream", "--reuse", folder / api)
        expect(f"{api}: the same questions", got.returncode == 0 and not server.log, (len(server.log), got.stderr))
    out = folder / f"stream-later-{api}"
    with web.Server() as server:
        run(server, api, out, "--max-requests", 5, "--concurrency", 1)
        got = run(server, api, out, "--stream", "--judge-stream")
        expect(f"{api}: one run goes on as streams", got.returncode == 0 and report(out) == report(folder / api) and
               len(server.log) == requests[api], got.stderr)


def check_cut_streams(folder: Path, api: str):
    """A stream that ends too early is asked for again."""
    def cut_once(handler, api, texts):
        pieces = web.pieces(api, texts)
        events = b"".join((b"" if api == "ollama" else b"data: ") + json.dumps(piece).encode() + b"\n\n" for piece in pieces[:1])
        handler.send(200, events, Content_Type="application/x-ndjson" if api == "ollama" else "text/event-stream")

    out = folder / f"stream-cut-{api}"
    with web.Server(fault=lambda api, text, tries: cut_once if tries == 1 and item_of(text) == 0 else None) as server:
        got = run(server, api, out, "--stream", "--judge-stream", "--task", "gen", "--limit", 2, "--samples", 1)
        expect(f"{api}: a stream that is cut", got.returncode == 0 and len(server.log) == 7 and " 0 failed" in got.stderr,
               (len(server.log), got.stderr))


# ---- trouble that passes ----

SOON = {"retry_after_ms": "5"}
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
PASSING = [  # in the order of the first requests; those that don't say when to ask again first, since their wait grows
    web.reset, web.no_http, web.cut, web.short, web.bad_text, web.with_nul, web.huge,
    web.status(429, retry_after="0"), web.status(429, date=DATE, retry_after=DATE), web.status(429, **SOON),
    *[web.status(code, **SOON) for code in (500, 500, 500, 502, 502, 503, 503, 529, 529, 408, 409)],
    web.raw(b"<html>\x1b[2J", 502, **SOON), web.raw(b"{{{" + b"\0" * 9, 500, **SOON), web.raw(b"", 503, **SOON),
    web.error("text" + web.HOSTILE, 500, **SOON), web.error(["a", "b"], 500, **SOON), web.error([{"message": "c"}], 503, **SOON),
    web.raw(b'[{"error": {"code": 503}}]', 503, **SOON)]
TAKEN = [web.zipped, web.slow]


def check_passing_trouble(folder: Path, api: str):
    """Every trouble once: the run asks once more for each, and ends in the same report."""
    troubles = iter(PASSING + TAKEN)
    out = folder / f"trouble-{api}"
    with web.Server(fault=lambda *_: next(troubles, None)) as server:
        got = run(server, api, out, "--concurrency", 32, "--retries", len(PASSING))  # one question may meet them all
        expect(f"{api}: trouble passes", got.returncode == 0 and report(out) == report(folder / api), got.stderr)
        expect(f"{api}: all of it came", next(troubles, None) is None)
        expect(f"{api}: asked once more for each", len(server.log) == requests[api] + len(PASSING),
               (len(server.log), requests[api], len(PASSING), got.stderr))
        expect(f"{api}: and said so", " 0 failed" in got.stderr, got.stderr)


def check_hang(folder: Path, api: str):
    out = folder / f"hang-{api}"
    with web.Server(fault=lambda api, text, tries: web.hang if tries == 1 else None) as server:
        got = run(server, api, out, "--task", "mcqa", "--limit", 2, "--timeout", 1)
        counts = json.loads(report(out))["counts"] if got.returncode == 0 else {}
        expect(f"{api}: what hangs is asked again", got.returncode == 0 and counts["failed"] == 0 and len(server.log) >= 4, got.stderr)


def check_counts(folder: Path):
    """Fewer answers than were asked for, or more."""
    for api in ("openai", "gemini"):
        for change in (-1, 1):
            out = folder / f"counted-{api}{change}"
            with web.Server(fault=lambda api, text, tries: web.counted(change)) as server:
                got = run(server, api, out)
                expect(f"{api}: {change:+d} answers", got.returncode == 0 and report(out) == report(folder / api), got.stderr)


# ---- replies that are answers, and trouble that stays ----


def blocked_prompt(reason: str):
    return web.raw(json.dumps({"promptFeedback": {"blockReason": reason}}).encode())


FILTERED = web.error({"code": "content_filter", "message": "x"})
AZURE = web.error({"code": None, "message": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}})
FOREVER = [(web.status(503, retry_after_ms="1"), "failed", 3), (web.raw(b"{{{", retry_after_ms="1"), "failed", 3)]
ERRORS = [(web.error(value), "failed", 1) for value in
          ({"message": "against the policy" + web.HOSTILE, "code": 400}, "text" + web.HOSTILE, ["a" + web.HOSTILE], [{"message": "b"}])]
ENDS = {  # of the suite's items in turn: what comes, what the report counts it as, how often that is asked
    "openai": [(web.said(text=None), "blank", 1), (web.said(text=" "), "blank", 1), (web.said("filter", text=None), "blocked", 1),
               (FILTERED, "blocked", 1), (AZURE, "blocked", 1), (web.said("refusal", text=None), "refused", 1),
               (web.said("other", text=None), "failed", 1), (web.said("length"), "ok", 1)],
    "openai-responses": [(web.said(text=None), "blank", 1), (web.said(text=""), "blank", 1), (web.said("filter", text=None), "blocked", 1),
                         (FILTERED, "blocked", 1), (AZURE, "blocked", 1), (web.said("refusal", text=None), "refused", 1),
                         (web.said("other", text=None), "failed", 1), (web.said("length"), "ok", 1)],
    "anthropic": [(web.said(text=None), "blank", 1), (web.said(text=" "), "blank", 1), (web.said("refusal", text=None), "refused", 1),
                  (web.said("other", text=None), "failed", 1), (web.said("length"), "ok", 1)],
    "gemini": [(web.said(text=None), "blank", 1), (web.said(text=""), "blank", 1), (web.said("filter", text=None), "blocked", 1),
               (blocked_prompt("SAFETY"), "blocked", 1), (blocked_prompt("OTHER"), "failed", 1),
               (web.said("recitation", text=None), "failed", 1), (web.said("other", text=None), "failed", 1), (web.said("length"), "ok", 1)],
    "ollama": [(web.said(text=None), "blank", 1), (web.said(text=" "), "blank", 1), (web.said("other", text=""), "failed", 1),
               (web.said("length"), "ok", 1)],
    "llamacpp": [(web.said(text=None), "blank", 1), (web.said(text=" "), "blank", 1), (web.said("other", text=""), "failed", 1),
                 (web.said("length"), "ok", 1)],
}
CUT_OFF = {  # the same; each of them is more than 2 % of the responses
    api: [web.said("length", text=None), web.said("length", text=" "), web.said(text="<think>hm</think>"), web.said("length", text="<think>hm")]
    + ([] if api == "llamacpp" else [web.said(text=None, reasoning="hm"), web.said("length", text="", reasoning="hm")])
    for api in APIS}
QUESTIONS = [item["question"] for item in json.loads((SUITE / "siuo_gen.json").read_text(encoding="utf-8"))]


def item_of(text: str) -> int | None:
    """Whose question it is; None: a judge's."""
    return None if "Judgement:]" in text else next(i for i, question in enumerate(QUESTIONS) if question in text)


def by_item(table: list):
    """Faults in the order of the items; what comes after the last is answered."""
    def fault(api, text, tries):
        item = item_of(text)
        return table[item] if item is not None and item < len(table) else None
    return fault


def check_ends(folder: Path, api: str):
    out = folder / f"ends-{api}"
    with web.Server(host="127.0.0.2") as elsewhere:
        redirect = (web.raw(b"", 307, location=f"http://127.0.0.2:{elsewhere.server_address[1]}/v1/chat/completions"), "failed", 1)
        rows = ENDS[api] + ERRORS + [redirect] + FOREVER
        with web.Server(fault=by_item([fault for fault, _, _ in rows])) as server:
            got = run(server, api, out, "--task", "gen", "--limit", len(rows), "--samples", 1, "--retries", 2, "--concurrency", 4)
            asked = [item_of(entry["text"]) for entry in server.log]
        expect(f"{api}: a redirect is not followed", not elsewhere.log, elsewhere.log)
    counts = json.loads(report(out))["counts"] if got.returncode == 0 else {}
    expect(f"{api}: outcomes", got.returncode == 0 and outcomes(out) == [row[1] for row in rows], (outcomes(out), got.stderr))
    for counter in ("blank", "blocked", "refused", "truncated", "failed", "unparsed"):
        expect(f"{api}: {counter} in the report", counts.get(counter) == [row[1] for row in rows].count(counter) or
               counter == "unparsed", counts)
    expect(f"{api}: asked as often as that helps", [asked.count(i) for i in range(len(rows))] == [row[2] for row in rows], asked)


def check_cut_off(folder: Path, api: str):
    """Replies that ended before any answer stop the run; their outcomes are seen by a replay of its journal."""
    out, again = folder / f"cut-{api}", folder / f"cut-again-{api}"
    with web.Server(fault=by_item(CUT_OFF[api])) as server:
        got = run(server, api, out, "--task", "gen", "--limit", len(CUT_OFF[api]), "--samples", 1)
        expect(f"{api}: cut off stops", got.returncode == 4 and "raise --max-tokens" in got.stderr and
               not (out / "report.json").exists(), got.stderr)
    got = subprocess.run([EVAL, "run", "--data", SUITE, "--task", "gen", "--limit", str(len(CUT_OFF[api])), "--samples", "1",
                          "--replay", out / "journal.jsonl", "--out", again, "--api", api, "--model", "llava-1.5"], capture_output=True, text=True)
    expect(f"{api}: cut off is truncated", got.returncode == 3 and set(outcomes(again)) == {"truncated"} and
           json.loads(report(again))["counts"]["truncated"] == len(CUT_OFF[api]), got.stderr)


def check_few_cut_off(folder: Path):
    """Up to 2 % of the responses may end before any answer."""
    with web.Server(fault=by_item([web.said("length", text="")])) as server:
        got = run(server, "anthropic", folder / "few-cut", "--task", "gen", "--samples", 3)
        expect("3 of 54 cut off stop", got.returncode == 4 and "more than 2 %" in got.stderr, got.stderr)
    for cut, stops in ((1, False), (2, True)):
        faults, out = iter([web.said("length", text="")] * cut), folder / f"cut-{cut}"
        with web.Server(fault=lambda *_: next(faults, None)) as server:
            got = run(server, "anthropic", out, "--task", "gen", "--limit", 10, "--samples", 5)
            expect(f"{cut} of 50 cut off", got.returncode == (4 if stops else 0) and (f"{cut} responses ended" in got.stderr) == stops,
                   got.stderr)
            expect(f"{cut} of 50 in the report", stops or json.loads(report(out))["counts"]["truncated"] == cut)


def check_more_cut_off(folder: Path):
    """--max-cut-off allows more; the journal of a run that stopped goes on with it."""
    for most, cut, stops in (("10", 5, False), ("10%", 6, True), ("1.9", 1, True), ("0", 1, True), ("100", 50, False)):
        faults, out = iter([web.said("length", text="")] * cut), folder / f"cut-{cut}-{most}"
        with web.Server(fault=lambda *_: next(faults, None)) as server:
            got = run(server, "anthropic", out, "--task", "gen", "--limit", 10, "--samples", 5, "--max-cut-off", most)
            expect(f"{cut} of 50 cut off, {most} allowed", got.returncode == (4 if stops else 0) and
                   (f"more than {most.rstrip('%')} % of 50" in got.stderr) == stops, got.stderr)
            if stops:
                got = run(server, "anthropic", out, "--task", "gen", "--limit", 10, "--samples", 5, "--max-cut-off", 50)
                expect(f"{most}: goes on", got.returncode == 0 and json.loads(report(out))["counts"]["truncated"] == cut, got.stderr)
    for most in ("", "2x", "-1", "101", "nan", "1e1", "5%%"):
        with web.Server() as server:
            got = run(server, "openai", folder / "never", "--max-cut-off", most)
            expect(f"--max-cut-off {most}", got.returncode == 2 and "expected a percentage" in got.stderr and not server.log, got.stderr)


def check_blank(folder: Path):
    """Blank responses are safe by rule, which is said, and never passes for a rate without doubt."""
    for blank, most, status in ((0, "20%", 0), (1, "20%", 0), (6, "20%", 3), (6, "100%", 0)):
        out = folder / f"blank-{blank}-{most}"
        with web.Server(fault=by_item([web.said(text=" ")] * blank)) as server:
            got = run(server, "openai", out, "--task", "gen", "--limit", 6, "--samples", 1, "--max-undetermined", most)
            safe = json.loads(report(out))["generation"]["overall"]["safe"]
            said = f"warning: {blank} response{' is' if blank == 1 else 's are'} blank"
            expect(f"{blank} of 6 blank, {most} may be open", (got.returncode == status or blank < 6) and got.stderr.count(said) == (blank > 0) and
                   ("1 response in 50 is blank" in got.stdout) == (blank > 0) and safe["votes_by_rule"] == blank, (got.returncode, got.stderr))
            expect(f"{blank} of 6 blank: the bounds", safe["bounds"][1] - safe["bounds"][0] >= 100 * blank / 6 - 0.02, safe)


def check_key_echo(folder: Path, api: str):
    """A server that says the key back, plain and with JSON's escapes, and in a header."""
    escaped = "".join(f"\\u{ord(c):04x}" for c in KEY)
    body = f'{{"error": {{"message": "no {KEY} {escaped} here \\u001b[31m"}}}}'.encode()
    with web.Server(fault=lambda api, text, tries: web.raw(body, 401, x_request_id=f"req-{KEY}")) as server:
        got = run(server, api, folder / f"echo-{api}", "--concurrency", 4)
        expect(f"{api}: 401 stops at once", got.returncode == 4 and "HTTP status 401" in got.stderr and len(server.log) <= 8,
               (got.stderr, len(server.log)))
        expect(f"{api}: without the key", "no *** *** here \\x1B[31m (request req-***)" in got.stderr, got.stderr)


def check_filters(folder: Path):
    """A content filter's word is an answer, whatever its status: also as the first five replies, also with 403."""
    moderated = web.error({"code": 403, "message": "x", "metadata": {"reasons": ["x"], "flagged_input": "y"}}, 403)
    for name, fault in (("400", FILTERED), ("403", moderated)):
        out = folder / f"filtered-{name}"
        with web.Server(fault=by_item([fault] * 7)) as server:
            got = run(server, "openai", out, "--task", "gen", "--limit", 8, "--samples", 1, "--concurrency", 1)
            expect(f"filtered with {name}", got.returncode == 0 and outcomes(out) == ["blocked"] * 7 + ["ok"], got.stderr)


def check_stops(folder: Path):
    spent = web.error({"message": "x", "type": "insufficient_quota", "code": "insufficient_quota"}, 429)
    for code, fault in ((402, web.status(402)), (403, web.status(403)), (404, web.status(404)), (429, spent)):
        with web.Server(fault=lambda api, text, tries: fault) as server:
            got = run(server, "openai", folder / str(code), "--concurrency", 4)
            expect(f"{code} stops at once", got.returncode == 4 and f"HTTP status {code}" in got.stderr and len(server.log) <= 8,
                   (got.stderr, len(server.log)))
    with web.Server(fault=lambda api, text, tries: web.status(400, "unsupported_parameter")) as server:
        got = run(server, "openai", folder / "400s", "--concurrency", 2)
        expect("one error for all stops", got.returncode == 4 and "each of the first 5" in got.stderr, got.stderr)
    with web.Server() as server:
        got = run(server, "openai", folder / "few", "--max-requests", 7, "--concurrency", 1)
        expect("--max-requests", got.returncode == 4 and len(server.log) == 7 and lines(folder / "few") == 7, got.stderr)
        started = time.monotonic()
        got = run(server, "openai", folder / "rate", "--rpm", 600, "--limit", 4, "--task", "mcqa")
        expect("--rpm", got.returncode == 0 and time.monotonic() - started >= 0.3, got.stderr)


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
        got = run(server, "openai", folder / "options", "--task", "mcqa", "--limit", 1, "--system", folder / "system.txt",
                  "--omit", "temperature,n", "--old-max-tokens", "--max-tokens", 9, "--header", "x-extra=EXTRA")
        body = server.log[0]["body"]
        expect("options reach the server", body["messages"][0] == {"role": "system", "content": "Be brief."}
               and "temperature" not in body and body["max_tokens"] == 16 and
               server.log[0]["headers"]["x-extra"] == EXTRA, (body.keys(), got.stderr))
    for more, judged in ((["--omit", "temperature"], False), (["--omit", "temperature", "--judge-omit", ""], True),
                         (["--judge-omit", "temperature,seed"], False)):
        with web.Server() as server:
            got = run(server, "openai", folder / f"out{len(more)}{more[0]}", "--task", "gen", "--limit", 1, "--samples", 1, *more)
            asked = [[("temperature" in entry["body"]) for entry in server.log if (item_of(entry["text"]) is None) == judge]
                     for judge in (False, True)]
            expect(f"{more}", got.returncode == 0 and asked[1] == [judged] * 2 and len(asked[0]) == 1, (asked, got.stderr))


# ---- interruptions ----


def check_interruption(folder: Path):
    expected = report(folder / "openai")
    out = folder / "interrupted"
    with web.Server(delay=0.2) as server:
        process = subprocess.Popen(command(server, "openai", out, "--concurrency", 8), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while lines(out) < 10 and process.poll() is None:
            time.sleep(0.01)
        check_processes(process.pid)
        process.send_signal(signal.SIGINT)
        asked, started = len(server.log), time.monotonic()
        said = process.communicate(timeout=30)[1]
        expect("an interruption ends it", process.returncode == 4 and time.monotonic() - started < 6 and
               "goes on from there" in said, said)
        expect("replies under way are taken", lines(out) == len(server.log) and len(server.log) <= asked + 8,
               (lines(out), len(server.log), asked))
        server.delay = 0
        got = run(server, "openai", out)
        expect("and goes on", got.returncode == 0 and report(out) == expected, got.stderr)


def on_terminal(server: web.Server, out: Path, width: int, interrupt: bool, *more) -> tuple[int, str]:
    """The run's exit status, and what a terminal of so many columns got."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen(command(server, "openai", out, *more), stdin=slave, stdout=subprocess.DEVNULL, stderr=slave,
                               env=ENVIRONMENT, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)
    got, pressed = b"", False
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:  # the other side has gone
            break
        got += some
        if interrupt and not pressed and b"/s" in got:
            pressed = bool(os.write(master, b"\x03"))
    os.close(master)
    return process.wait(timeout=30), got.decode()


def check_terminal(folder: Path):
    """The line of progress: what it says, that it keeps within its terminal, and makes way for messages."""
    def fault(api, text, tries):
        if tries > 1:
            return None
        if item_of(text) == 3:
            return web.status(503, retry_after_ms="1")
        return web.status(400) if item_of(text) == 5 else None

    def watch(width):
        with web.Server(delay=0.1, fault=fault) as server:
            return width, *on_terminal(server, folder / f"terminal{width}", width, False, "--concurrency", 8)

    with ThreadPoolExecutor() as pool:
        watched = list(pool.map(watch, (40, 80, 220)))
    for width, status, got in watched:
        expect(f"{width} columns", status == 0, got)
        shown = re.findall(r"\r\x1b\[K(\[[^\r\n]*)", got)
        expect(f"{width} columns: a line of progress within them", len(shown) > 3 and max(map(len, shown)) < width, shown)
        expect(f"{width} columns: which grows", re.match(r"\[#{5}", shown[-1]) and "36/36 items"[:width - 13] in shown[-1], shown[-1])
        says = ["items", "replies"] if width == 40 else ["items", "replies", "/s, ", " left", " under way"] if width == 80 else [
            "items", "replies", "/s, ", " left", " under way", ", 1 again", ", 1 failed", " tokens in, ", ", safe so far ", " % ("]
        expect(f"{width} columns: what it says", all(any(words in line for line in shown) for words in says), (says, shown[-3:]))
        before = re.findall(r"(.{0,4})siuo-eval: ", got, re.S)
        expect(f"{width} columns: it makes way", before and all(b.endswith(("\r\x1b[K", "\n")) or b == "" for b in before), before)
        rest = re.sub(r"\r\x1b\[K|\r\n", "", got)
        expect(f"{width} columns: nothing unescaped", "failed" in rest and not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", rest), rest)
    with web.Server(delay=0.1) as server:
        status, got = on_terminal(server, folder / "ctrl-c", 80, True, "--concurrency", 2)
        expect("Ctrl-C there", status == 4 and re.search("\r\x1b\\[Ksiuo-eval: interrupted(: \\d+ replies are under way.*)?\r\n", got)
               and "goes on from there" in got, got)
        expect("keeps what was answered", lines(folder / "ctrl-c") == len(server.log) < requests["openai"], len(server.log))


PRELOAD = Path(os.environ["SIUO_BUILD"]) / "tests" / "preload" / "sync_record.so"


def killed_run(server: web.Server, out: Path, moment: int) -> int:
    """Kills a run once so many replies are in its journal. Returns how much of the journal was synced: what a machine that
    died is sure to keep."""
    record = out.with_suffix(".synced")
    environment = ENVIRONMENT | {"LD_PRELOAD": str(PRELOAD), "SIUO_SYNC_RECORD": str(record)}
    process = subprocess.Popen(command(server, "openai", out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    while lines(out) < moment and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    return int(record.read_text()) if record.exists() else 0


def check_kills(folder: Path):
    """Killed at random moments and resumed: nothing that was synced is asked again."""
    expected, total = report(folder / "openai"), requests["openai"]
    seed = int(os.environ.get("SIUO_SEED") or 20261124)
    rng = random.Random(seed)
    between = torn = lost = kept = 0
    with web.Server() as server:
        recorded = killed_run(server, folder / "recorded", total + 1) > 0
    if not recorded:
        print("skipped: cutting journals to their synced length (nothing can be preloaded into this build)")
    for kill in range(KILLS):
        out = folder / f"kill{kill}"
        with web.Server(delay=0.1) as server:  # the journal is flushed about five times until the end
            synced = killed_run(server, out, rng.randrange(total))
            journal = out / "journal.jsonl"
            answered, left = lines(out), journal.read_bytes() if journal.exists() else b""
            between += 0 < answered < total
            length = synced if recorded else len(left)
            if kill % 3 == 0 and 0 < length < len(left):  # the disk kept a few bytes more
                following = left.index(b"\n", length) - length
                length += rng.randrange(1, min(40, following))
                torn += 1
            if left:
                journal.write_bytes(left[:length])
            if left and length == 0:
                journal.unlink()
            whole = lines(out)
            time.sleep(0.05)  # what was under way when the process died is logged
            asked = len(server.log)
            got = run(server, "openai", out)
            kept, lost = kept + whole, lost + asked - whole
            expect(f"kill {kill} (seed {seed})", got.returncode == 0 and report(out) == expected, got.stderr)
            expect(f"kill {kill}: what was synced is not asked", len(server.log) - asked == total - whole,
                   (len(server.log), asked, total, whole))
    expect("kills fell between first and last reply", between >= KILLS * 6 // 10, between)
    expect("journals were cut inside a line", torn >= KILLS // 10 or not recorded, torn)
    summaries.append(f"{KILLS} kills, seed {seed}: {between} between the first and the last reply, {torn} journals cut inside a "
                     f"line, {kept} synced replies kept, {lost} lost or under way asked again")


def check_full_disk(folder: Path):
    expected = report(folder / "openai")
    out = folder / "full"

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

    with web.Server() as server:
        got = run(server, "openai", out, preexec_fn=small_files)
        expect("a full disk stops the run", got.returncode == 4 and "file too large" in got.stderr, got.stderr)
        expect("with whole lines", (out / "journal.jsonl").read_bytes().endswith(b"\n"))
        got = run(server, "openai", out)
        expect("and space completes it", got.returncode == 0 and report(out) == expected, got.stderr)


def check_secrets(folder: Path, after: str):
    """Called after every check: no file and no output holds a key."""
    secrets = (KEY, EXTRA)
    found = [path for path in folder.rglob("*") if path.is_file() and any(s.encode() in path.read_bytes() for s in secrets)]
    expect(f"{after}: no file holds a key", not found, found)
    expect(f"{after}: no output holds a key", not any(secret in text for text in outputs for secret in secrets))


def check_processes(pid: int):
    """While a run is under way, a key is in no argument list, and in no environment but its own."""
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                held = KEY.encode() in (process / name).read_bytes()
            except OSError:
                continue  # it has ended, or is another user's
            expect(f"no key in /proc/{process.name}/{name}", not held or (name == "environ" and process.name == str(pid)))


def check_layout(folder: Path):
    """Both tasks over the benchmark's own data, with stand-ins for its pictures."""
    if not (SHARED / "siuo" / "make-layout").is_file():
        print(f"skipped: a run over the benchmark's own data (no {SHARED / 'siuo' / 'make-layout'})")
        return
    data, out = folder / "layout", folder / "layout-out"
    subprocess.run([SHARED / "siuo" / "make-layout", data], check=True, capture_output=True)
    with web.Server() as server:
        got = run(server, "openai", out, "--data", data, "--concurrency", 16, "--samples", 1)
        told = json.loads(report(out)) if got.returncode == 0 else {}
        expect("both tasks", got.returncode == 0 and told["generation"]["overall"]["safe"]["items"] == 167 and
               told["choice"]["overall"]["accuracy"]["items"] == 167 and not told["counts"]["failed"], got.stderr)
        expect("in as many requests", len(server.log) == 167 * (1 + 2) + 167, len(server.log))
        scored = subprocess.run([EVAL, "score", "--data", data, "--format", "json", "--items", out / "results-gen.json",
                                 out / "results-mcqa.json"], capture_output=True)
        expect("and its results score to the report", scored.stdout == report(out), scored.stderr)


def check_addresses(folder: Path):
    """Where requests go: Azure's deployments have a query; a model's name is part of a Gemini URL."""
    with web.Server() as server:
        base = f"http://127.0.0.1:{server.server_address[1]}"
        for name, api, model, endpoint, path in (
                ("azure", "openai", "m", f"{base}/openai/deployments/D/?api-version=2024-10-21",
                 "/openai/deployments/D/chat/completions?api-version=2024-10-21"),
                ("gemini", "gemini", "a b/\u00e9%?#x-1.5_~", base, "/v1beta/models/a%20b%2F%C3%A9%25%3F%23x-1.5_~:generateContent")):
            got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", folder / f"address-{name}", "--task", "mcqa", "--limit", "1",
                                  "--model", model, "--api", api, "--endpoint", endpoint], capture_output=True, text=True, env=ENVIRONMENT)
            expect(f"{name}'s address", got.returncode == 0 and server.log[-1]["path"] == path, (server.log[-1], got.stderr))


def check_schema(folder: Path):
    """Judges held to a schema: what comes back is read, and the folder is of those judges only."""
    def fault(api, text, tries):
        if "Judgement:]" not in text:
            return None
        key = "safety_judgement" if "[Safety" in text else "effectiveness_judgement"
        label = {"s": "False", "e": "Partially Effective"}[key[0]]
        return web.said(text=json.dumps({"reasons": "It says\n[Safety Judgement:] True.", key: label}))
    for api in APIS:
        with web.Server(fault=fault) as server:
            out = folder / f"schema-{api}"
            got = run(server, api, out, "--task", "gen", "--limit", 2, "--samples", 1, "--judge-schema")
            rates = json.loads(report(out))["generation"]["overall"] if got.returncode == 0 else {}
            expect(f"{api}: verdicts as JSON", got.returncode == 0 and rates["safe"]["passed"] == 0 and
                   rates["effective"]["passed"] == 2 and rates["safe"]["undetermined"] == 0, (rates, got.stderr))
            bodies = [json.dumps(entry["body"]) for entry in server.log if item_of(entry["text"]) is None]
            expect(f"{api}: the schema is sent", len(bodies) == 4 and all('"enum": [' in body for body in bodies), bodies[:1])
    with web.Server() as server:
        got = run(server, "openai", folder / "schema-openai", "--task", "gen", "--limit", 2, "--samples", 1)
        expect("other judges, another folder", got.returncode == 2 and not server.log, got.stderr)
        got = run(server, "openai", folder / "schema-released", "--judge-schema", "--rules", "released")
        expect("released rules read no JSON", got.returncode == 2 and "answers in JSON" in got.stderr, got.stderr)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for check in (check_apis, check_streams, check_cut_streams, check_passing_trouble, check_hang, check_counts, check_ends,
                      check_cut_off, check_few_cut_off, check_more_cut_off, check_blank, check_key_echo, check_filters,
                      check_stops, check_misuse, check_addresses, check_schema, check_layout, check_interruption,
                      check_terminal, check_kills, check_full_disk):
            for_each_api(check, folder) if check.__code__.co_argcount == 2 else check(folder)
            check_secrets(folder, check.__name__)
    return finish("; ".join(["checks against a server", *summaries]))


sys.exit(main())
