#!/usr/bin/env python3
"""siuo-eval run against servers that misbehave for good: it stops, says why in one message and what helps, and keeps what
was answered."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
KEY = f"sk-test-{os.getpid()}-0123456789abcdef"
BAD = f"sk-bad-{os.getpid()}\r\nInjected: yes"
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

outputs = []
ENVIRONMENT = os.environ | {"TEST_KEY": KEY, "BAD_KEY": BAD, "EMPTY_KEY": "", "SHORT_KEY": "Take", "no_proxy": "127.0.0.1,nowhere.invalid"}


def command(endpoint: str, out: Path, *more, judge: str | None = None) -> list[str]:
    """A run on the first items; judge: where the judge is, if not where the model is."""
    return [EVAL, "run", "--data", str(SUITE), "--out", str(out), "--model", "m-1", "--endpoint", endpoint, "--key-env", "TEST_KEY",
            "--max-undetermined", "50%", "--judge", f"j-1,openai,{judge or endpoint},TEST_KEY", *(str(arg) for arg in more)]


def run(endpoint: str, out: Path, *more, judge: str | None = None) -> subprocess.CompletedProcess:
    got = subprocess.run(command(endpoint, out, *more, judge=judge), capture_output=True, text=True, timeout=240, env=ENVIRONMENT)
    outputs.append(got.stdout + got.stderr)
    return got


def answered(out: Path) -> int:
    """Replies in the folder's journal but for those to questions that were given up; -1: there is no journal."""
    path = out / "journal.jsonl"
    return sum('"failed"' not in line for line in path.read_text(encoding="utf-8").splitlines()[1:]) if path.exists() else -1


def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{s.getsockname()[1]}/v1"


def always(fault):
    return lambda api, text, tries: fault


def after(count: int, fault):
    """So many answers, and then no more."""
    left = iter(range(count))
    return lambda api, text, tries: fault if next(left, None) is None else None


def late(seconds: float):
    """The reply, but so late."""
    def answer(handler, api, texts):
        time.sleep(seconds)
        web.said()(handler, api, texts)
    return answer


def is_judge(text: str) -> bool:
    return "Judgement:]" in text


# ---- nobody there ----


def check_unreachable(folder: Path):
    for name, endpoint, words in (("refused", nobody(), "onnect"), ("no host", "http://nowhere.invalid/v1", "resolve")):
        got = run(endpoint, folder / name, "--concurrency", 4)
        expect(f"{name}: stops", got.returncode == 4 and "the model m-1 at " + endpoint in got.stderr and
               got.stderr.count("can't be reached: ") == 1 and words in got.stderr, got.stderr)
        expect(f"{name}: nothing failed for it", " 0 failed" in got.stderr and len(got.stderr.splitlines()) <= 5, got.stderr)
    with web.Server() as server:
        got = run(server.base("openai"), folder / "judge", "--limit", 2, judge=nobody())
        expect("a judge that is down", got.returncode == 4 and "the judge j-1 at " in got.stderr and "can't be reached" in got.stderr, got.stderr)
        kept = answered(folder / "judge")
        expect("what the model said is kept", kept == len(server.log) > 0 and "goes on from there" in got.stderr, (kept, got.stderr))
        got = run(server.base("openai"), folder / "judge", "--limit", 2)
        asked = [entry for entry in server.log[kept:] if not is_judge(entry["text"])]
        expect("and the judging goes on when it is up", got.returncode == 0 and len(asked) <= 2, (got.stderr, len(asked)))


# ---- errors that asking again can't help ----

SPENT = {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}
FOR_ALL = (  # of every question: the reply, and what the message says
    ("401", web.error({"message": "Incorrect API key provided"}, 401), "check the key"),
    ("402", web.error({"message": "Payment required"}, 402), "anything left to spend"),
    ("404", web.error({"message": "The model `m-1` does not exist", "code": "model_not_found"}, 404), "check the model's name"),
    ("405", web.raw(b"", 405), "check the model's name, --api, and the endpoint"),
    ("429", web.error(SPENT, 429), "anything left to spend"))
FOR_FIVE = (  # the same, where it takes the first five to know
    ("403", web.error({"message": "No access to the model"}, 403), "may use the model"),
    ("redirect", web.raw(b"", 308, location="https://elsewhere.invalid/"), "is it https, or another address?"),
    ("413", web.raw(b"", 413), "larger than the server takes"),
    ("temperature", web.error({"message": "'temperature' does not support 0"}), "--omit temperature leaves that field out"),
    ("old", web.error({"message": "Unrecognized request argument supplied: max_completion_tokens"}), "--old-max-tokens gives"),
    ("new", web.error({"message": "'max_tokens' is not supported. Use 'max_completion_tokens' instead."}), "leave --old-max-tokens out"),
    ("n", web.error({"message": "n must be 1 when using greedy sampling, got 3."}), "--omit n asks for one answer"),
    ("context", web.error({"message": "maximum context length is 4096 tokens"}), "lower --max-tokens"),
    ("else", web.error({"message": "No."}), "check the options that shape the requests"))


def check_final_errors(folder: Path):
    for name, fault, words in FOR_ALL + FOR_FIVE:
        for quiet in (False, True):
            out = folder / f"final-{name}-{quiet}"
            most = 8 if (name, fault, words) in FOR_FIVE else 4
            with web.Server(fault=always(fault)) as server:
                got = run(server.base("openai"), out, "--task", "gen", "--concurrency", 4, *["--quiet"] * quiet)
                expect(f"{name}: stops", got.returncode == 4 and 0 < len(server.log) <= most, (got.stderr, len(server.log)))
                said = [line for line in got.stderr.splitlines() if words in line]
                expect(f"{name}: once, and says what may help", len(said) == 1 and f"model m-1 at {server.base('openai')}/chat/completions"
                       in said[0], got.stderr)
                expect(f"{name}: quiet says the reason, too", not quiet or "failed: " in said[0] and "warning" not in got.stderr, got.stderr)
            expect(f"{name}: no journal is left", answered(out) == -1 and "other settings may follow" in got.stderr, got.stderr)
    with web.Server(fault=always(web.error({"message": "x"}, 401))) as server:
        got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", folder / "keyless", "--model", "m", "--endpoint", server.base("openai"),
                              "--task", "mcqa"], capture_output=True, text=True, timeout=60)
        expect("no key at all", got.returncode == 4 and "it was given no key" in got.stderr, got.stderr)


def check_corrected(folder: Path):
    """A run that nobody answered does not bind the next one; one that somebody did, does."""
    out = folder / "corrected"

    def cap(entry):
        return entry["body"]["max_completion_tokens"]

    def fault(api, text, tries):
        return web.error({"message": f"max_tokens is too large: {cap(server.log[-1])}."}) if cap(server.log[-1]) > 50 else None
    with web.Server(fault=fault) as server:
        args = ["--task", "gen", "--concurrency", 1, "--judge-max-tokens", 50]
        for few in ([], ["--limit", 1]):
            got = run(server.base("openai"), out, *args, *few)
            expect(f"refused {few}", got.returncode == (3 if few else 4) and answered(out) == -1 and "other settings may follow" in got.stderr,
                   got.stderr)
        got = run(server.base("openai"), out, *args, "--max-tokens", 50)
        expect("corrected", got.returncode == 0 and answered(out) == len([entry for entry in server.log if cap(entry) <= 50]), got.stderr)
        kept = answered(out)
        got = run(server.base("openai"), out, *args)
        expect("what is answered binds", got.returncode == 2 and answered(out) == kept, got.stderr)
    out, refuse = folder / "shards", []
    with web.Server(fault=lambda *_: web.error({"message": "expired"}, 401) if refuse else None) as server:
        got = run(server.base("openai"), out, "--task", "mcqa", "--shard", "1/2")
        refuse.append(True)
        got = run(server.base("openai"), out, "--task", "mcqa", "--shard", "2/2")
        expect("an older journal is kept", got.returncode == 4 and "is kept in" in got.stderr, got.stderr)
        got = run(server.base("openai"), out, "--task", "mcqa", "--shard", "1/2")
        expect("and its answers to other items", got.returncode == 0 and " 0 replies taken, 9 from before" in got.stderr, got.stderr)


def check_one_item(folder: Path):
    """What one item meets is no reason to stop, whether the run begins with it or not."""
    questions = [item["question"] for item in json.loads((SUITE / "siuo_gen.json").read_text(encoding="utf-8"))]
    for name, fault, retries in (("403", web.error({"message": "flagged"}, 403), 8), ("400", web.error({"message": "flagged"}), 8),
                                 ("500", web.status(500, retry_after_ms="1"), 1)):
        for place in (0, 3):
            out = folder / f"one-{name}-{place}"
            with web.Server(fault=lambda api, text, tries: fault if not is_judge(text) and questions[place] in text else None) as server:
                args = ["--task", "gen", "--limit", 6, "--omit", "n", "--concurrency", 1, "--retries", retries]
                got = run(server.base("openai"), out, *args)
                counts = json.loads((out / "report.json").read_bytes())["counts"] if got.returncode == 0 else {}
                expect(f"{name} of item {place}", got.returncode == 0 and counts["failed"] == 3, (counts, got.stderr))
                asked = len(server.log)
                got = run(server.base("openai"), out, *args)
                expect(f"{name} of item {place}: and is asked again", got.returncode == 0 and len(server.log) - asked == 3 * (1 if retries == 8 else 2),
                       (len(server.log) - asked, got.stderr))


def many_items(folder: Path) -> Path:
    """A data set of five times as many questions as the suite has."""
    data = folder / "many"
    if not data.exists():
        data.mkdir()
        shutil.copytree(SUITE / "images", data / "images")
        items = json.loads((SUITE / "siuo_mcqa.json").read_text(encoding="utf-8"))
        many = [item | {"question_id": f"{item['question_id']}-{copy}", "question": f"{copy}. {item['question']}"}
                for copy in range(5) for item in items]
        (data / "siuo_mcqa.json").write_text(json.dumps(many), encoding="utf-8")
    return data


def check_later_errors(folder: Path):
    """What every question meets all of a sudden is a reason."""
    data = many_items(folder)
    with web.Server(fault=after(10, web.error({"message": "Key limit exceeded"}, 403))) as server:
        got = run(server.base("openai"), folder / "later", "--data", data, "--task", "mcqa", "--concurrency", 4)
        expect("403 for all in mid-run", got.returncode == 4 and "each of the last 50 replies of the model m-1 at" in got.stderr and
               60 <= len(server.log) < 65 and "goes on from there" in got.stderr, (len(server.log), got.stderr[-600:]))


def check_few_items(folder: Path):
    """Items that are always too much for a server come last, since they are asked often: the others have their report, now
    and when the run is started again."""
    questions = [item["question"] for item in json.loads((SUITE / "siuo_mcqa.json").read_text(encoding="utf-8"))]
    out, bad = folder / "few", questions[2:9]
    with web.Server(fault=lambda api, text, tries: web.status(500, retry_after_ms="1") if any(q in text for q in bad) else None) as server:
        for turn, most in enumerate((len(questions) + 2 * len(bad), 3 * len(bad))):
            asked = len(server.log)
            got = run(server.base("openai"), out, "--task", "mcqa", "--concurrency", 4, "--retries", 2, "--max-undetermined", "20%")
            counts = json.loads((out / "report.json").read_bytes())["counts"] if got.returncode == 3 else {}
            expect(f"seven items of errors, {turn}", got.returncode == 3 and counts["failed"] == 7 and len(server.log) - asked == most,
                   (got.stderr, len(server.log) - asked))


def check_open(folder: Path):
    """A run that comes to its end, though too little was answered: it says what may help, and its status is 3."""
    grown = web.error({"message": "exceeds the available context size", "type": "exceed_context_size_error"})
    busy = web.status(503, "overloaded", retry_after_ms="1")
    for name, fault, most, words in (("refused", grown, "100%", "lower --max-tokens"), ("busy", busy, "100%", "overloaded")):
        with web.Server(fault=always(fault)) as server:
            got = run(server.base("openai"), folder / f"none-{name}", "--task", "mcqa", "--limit", 2, "--retries", 1, "--max-undetermined", most, "--quiet")
            expect(f"{name}: nothing answered is not done", got.returncode == 3 and "nothing was answered" in got.stderr and
                   got.stdout != "" and got.stderr.count(words) == 1, got.stderr)
            expect(f"{name}: and binds nobody", answered(folder / f"none-{name}") == -1, got.stderr)
    for most, status in (("50%", 3), ("75%", 0), ("2", 3), ("3", 0)):
        with web.Server(fault=after(1, grown)) as server:
            got = run(server.base("openai"), folder / f"open-{most}", "--task", "mcqa", "--limit", 4, "--concurrency", 1, "--max-undetermined", most)
            expect(f"three of four are open, {most} may be", got.returncode == status and
                   ("of those that failed, the last one was put to the model m-1 at" in got.stderr) == (status == 3) and
                   ("lower --max-tokens" in got.stderr) == (status == 3), got.stderr)
    with web.Server(fault=after(3, grown)) as server:
        got = subprocess.run([word for word in command(server.base("openai"), folder / "default", "--task", "mcqa", "--limit", 4)
                              if word not in ("--max-undetermined", "50%")], capture_output=True, text=True, env=ENVIRONMENT)
        expect("a quarter is more than a run may have open", got.returncode == 3 and "1 of 4 items" in got.stderr and "20 %" in got.stderr,
               got.stderr)


# ---- a server that dies ----


def check_death(folder: Path):
    """It answers, and then no more: by errors that may pass, or by being gone."""
    out, data = folder / "dies", many_items(folder)
    with web.Server(fault=after(12, web.status(503, "overloaded", retry_after_ms="1"))) as server:
        got = run(server.base("openai"), out, "--data", data, "--task", "mcqa", "--concurrency", 2, "--retries", 2)
        expect("dead for good", got.returncode == 4 and
               re.search(r"has answered none of the last 50 questions, each of them asked 3 times: overloaded", got.stderr), got.stderr)
        expect("not asked for every question", len(server.log) <= 12 + 3 * 51, len(server.log))
        expect("and keeps what it said", answered(out) == 12 and "goes on from there" in got.stderr, (answered(out), got.stderr))
        expect("a note on what is amiss", got.stderr.count("asking again in 0.0 s: overloaded") in (1, 2), got.stderr)
    with web.Server(fault=always(web.error({"message": "Failed to tokenize prompt"}, 500, retry_after_ms="1"))) as server:
        got = run(server.base("openai"), folder / "never", "--task", "mcqa", "--concurrency", 1, "--retries", 1)
        said = [line for line in got.stderr.splitlines() if "after an @, as GET /props tells it" in line]
        expect("dead from the start", got.returncode == 4 and len(server.log) == 6 and answered(folder / "never") == -1, got.stderr)
        expect("which says what may help, first and last", ["again in" in line for line in said] == [True, False], got.stderr)
    gone = []
    with web.Server(delay=0.05, fault=lambda *_: web.reset if gone else None) as server:
        out = folder / "gone"
        process = subprocess.Popen(command(server.base("openai"), out, "--concurrency", 2, "--retries", 1), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while answered(out) < 8 and process.poll() is None:
            time.sleep(0.01)
        gone.append(True)
    said = process.communicate(timeout=60)[1]  # nobody listens any more
    expect("gone for good", process.returncode == 4 and re.search(r"none of the last [3-6] questions, each of them asked 2 times: .*onnect", said) and
           "goes on from there" in said, said)
    expect("and nothing is lost", answered(out) >= 8, answered(out))


# ---- interruptions ----


def check_second_interruption(folder: Path):
    out = folder / "twice"
    with web.Server(fault=after(6, late(3))) as server:
        process = subprocess.Popen(command(server.base("openai"), out, "--concurrency", 2), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True, env=ENVIRONMENT)
        while len(server.log) < 8 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        line = process.stderr.readline()
        expect("the first says what it waits for", "2 replies are under way" in line and "again ends it" in line, line)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1]  # the two replies would have been waited for
        expect("the second ends it", process.returncode == 4 and "goes on from there" in said and answered(out) == 6,
               (process.returncode, said, answered(out)))


def check_limit(folder: Path):
    """--max-requests takes all replies under way, however long they take."""
    with web.Server(fault=always(late(6))) as server:
        got = run(server.base("openai"), folder / "limit", "--max-requests", 3, "--concurrency", 3)
        expect("--max-requests waits", got.returncode == 4 and answered(folder / "limit") == len(server.log) == 3, got.stderr)


# ---- judgements that are cut off ----


def check_cut_off_judgements(folder: Path):
    """More than 2 % of the judgements stop the run, as long as that is for want of tokens."""
    def cut(these):
        left = iter([web.said("length", text="Well,")] * these)
        return lambda api, text, tries: next(left, None) if is_judge(text) else None
    for these, judges, stops in ((2, 1, False), (3, 1, True), (6, 3, False), (7, 3, True)):
        out = folder / f"cut-{these}-{judges}"
        with web.Server(fault=cut(these)) as server:  # 18 items, 3 samples: 108 judgements of each judge
            base = server.base("openai")
            more = ["--judge", f"j-2,openai,{base},TEST_KEY", "--judge", f"j-3,openai,{base},TEST_KEY"] if judges == 3 else []
            got = run(base, out, "--task", "gen", *more)
        words = f"{these} judgements were cut off before a verdict, more than 2 % of {108 * judges}: raise --judge-max-tokens"
        expect(f"{these} of {108 * judges} cut off", got.returncode == (4 if stops else 0) and (words in got.stderr) == stops, got.stderr)
        if not stops:
            counts = json.loads((out / "report.json").read_bytes())["counts"] if got.returncode == 0 else {}
            expect(f"{these} are counted", counts.get("judge_truncated") == these, counts)
    with web.Server(fault=cut(3)) as server:
        out = folder / "longer"
        got = run(server.base("openai"), out, "--task", "gen", "--judge-max-tokens", 4000, "--reuse", folder / "cut-3-1")
        asked = [entry for entry in server.log if not is_judge(entry["text"])]
        expect("the way out keeps the responses", got.returncode == 4 and len(asked) < 18 and "replies reused" in got.stderr, (len(asked), got.stderr))
    with web.Server(fault=lambda api, text, tries: web.said("length", text="[Safety Judgement:] True [Effectiveness Judgement:] Ineffective")
                    if is_judge(text) else None) as server:
        got = run(server.base("openai"), folder / "verdicts", "--task", "gen", "--limit", 2)
        expect("a verdict that is there counts, however it ends", got.returncode == 0, got.stderr)


# ---- what is asked for, and what is shown ----


def check_least_tokens(folder: Path):
    for option, kind in (("--max-tokens", "gen"), ("--choice-max-tokens", "mcqa"), ("--judge-max-tokens", "gen")):
        api = "openai-responses"
        with web.Server() as server:
            base, out = server.base("openai"), folder / f"least{option}"
            args = [EVAL, "run", "--data", str(SUITE), "--out", str(out), "--model", "m", "--api", api, "--endpoint", base, "--task", kind,
                    "--limit", "1", "--samples", "1", "--judge", f"j,{api},{base}"]
            got = subprocess.run([*args, option, "15"], capture_output=True, text=True, env=ENVIRONMENT)
            expect(f"{option} 15 of {api}", got.returncode == 2 and not server.log and f"siuo-eval: {option} 16 asks for more" in got.stderr and
                   "below 16, and 15 are asked for" in got.stderr, got.stderr)
            got = subprocess.run([*args, option, "16"], capture_output=True, text=True, env=ENVIRONMENT)
            expect(f"{option} 16", got.returncode == 0 and any(e["body"]["max_output_tokens"] == 16 for e in server.log), got.stderr)


def check_values(folder: Path):
    """Header values and keys that are none, and secrets in places where everybody sees them."""
    base, out = "http://127.0.0.1:9/v1", folder / "values"
    url = f"http://user:{KEY}@127.0.0.1:9/v1"
    for name, args, words in (
            ("a key with a line break", ["--key-env", "BAD_KEY"], "variable BAD_KEY is empty, or holds a line break"),
            ("a header with one", ["--header", "x-key=BAD_KEY"], "--header x-key: the environment variable BAD_KEY is empty, or holds a line"),
            ("an empty header", ["--header", "x-key=EMPTY_KEY"], "--header x-key: the environment variable EMPTY_KEY is empty"),
            ("no variable", ["--header", "x-key="], "expected NAME=ENVVAR"), ("no name", ["--header", "x key=TEST_KEY"], "expected NAME=ENVVAR"),
            ("a key in a header", ["--header", f"x-key={KEY}"], "the environment variable that was named is not set"),
            ("a key for its variable", ["--key-env", KEY], "the environment variable that was named holds no key"),
            ("a judge's", ["--judge", f"j-2,openai,{base},{KEY}", "--panel", "all"], "the environment variable that was named holds no key"),
            ("a password", ["--endpoint", url], "the endpoint of m-1 holds a password"),
            ("a judge's password", ["--judge", f"j-2,openai,{url}", "--panel", "all"], "the endpoint of j-2 holds a password"),
            ("no scheme", ["--endpoint", f"user:{KEY}@127.0.0.1/v1"], "the endpoint of m-1 does not begin with http")):
        got = run(base, out, *args)
        expect(name, got.returncode == 2 and words in got.stderr and len(got.stderr.splitlines()) == 1 and not out.exists(), got.stderr)
    with web.Server(fault=always(web.error({"message": "no such place"}, 404))) as server:
        got = run(f"{server.base('openai')}?key={KEY}", folder / "query")
        expect("a key in a query is not shown", got.returncode == 4 and f"{server.base('openai')}/chat/completions answers" in got.stderr and
               server.log[0]["path"].endswith(f"?key={KEY}"), got.stderr)
    with web.Server() as server:
        got = run(server.base("openai"), folder / "short", "--header", "x-mode=SHORT_KEY", "--task", "gen", "--limit", 1, "--samples", 1)
        expect("a value of a few bytes is no secret", got.returncode == 0 and "Take care" in (folder / "short" / "results-gen.json").read_text(),
               got.stderr)
    secrets = (KEY, BAD, BAD.splitlines()[0])
    held = [path for path in folder.rglob("*") if path.is_file() and any(s.encode() in path.read_bytes() for s in secrets)]
    expect("no file holds a key", not held, held)
    expect("no output holds a key", not [text for text in outputs if any(secret in text for secret in secrets)])


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        for check in (check_unreachable, check_final_errors, check_corrected, check_one_item, check_later_errors, check_few_items,
                      check_open, check_death, check_second_interruption, check_limit, check_cut_off_judgements,
                      check_least_tokens, check_values):
            check(Path(name))
    return finish("checks of servers that misbehave for good")


sys.exit(main())
