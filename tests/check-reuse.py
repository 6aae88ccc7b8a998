#!/usr/bin/env python3
"""siuo-eval run --reuse, --extra and --dry-run, against a server on the loopback that says the same to the same question."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
VENDOR = ROOT / "tests" / "cases" / "protocol" / "vendor.json"
KEY = "sk-test-0123456789abcdef"
ENVIRONMENT = os.environ | {"TEST_KEY": KEY, "no_proxy": "127.0.0.1"}
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

outputs = []


def run(*args) -> subprocess.CompletedProcess:
    got = subprocess.run([EVAL, "run", *(str(arg) for arg in args)], capture_output=True, text=True, timeout=240,
                         env=ENVIRONMENT)
    outputs.append(got.stdout + got.stderr)
    return got


def ask(server: web.Server, out: Path, *more, judge: str = "j-1", model: str = "m-1", data: Path = SUITE,
        api: str = "openai") -> subprocess.CompletedProcess:
    base = server.base(api)
    return run("--data", data, "--out", out, "--model", model, "--endpoint", base, "--api", api, "--key-env", "TEST_KEY",
               "--judge", f"{judge},{api},{base},TEST_KEY", "--max-undetermined", "50%", *more)


def report(out: Path) -> bytes:
    return (out / "report.json").read_bytes()


def kind(entry: dict) -> str:
    if "Judgement:]" in entry["text"]:
        return "judge"
    return "choose" if "letter of the option" in entry["text"] else "generate"


def kinds(server: web.Server) -> dict[str, int]:
    found = [kind(entry) for entry in server.log]
    return {name: found.count(name) for name in sorted(set(found))}


def number(words: str, text: str) -> int:
    found = re.search(words, text)
    return int(found[1]) if found else -1


# ---- what changed is asked, nothing else ----

ALL = {"choose": 18, "generate": 18, "judge": 108}


def picture_of(body: dict) -> bytes:
    """The whole picture of a request to Chat Completions."""
    url = next(part["image_url"]["url"] for part in body["messages"][-1]["content"] if "image_url" in part)
    return base64.b64decode(url.split(";base64,")[1], validate=True)


def digest(body: dict, text: str) -> str:
    """The digest of a question to Chat Completions, after docs/session.md, from the request that arrived."""
    def field(value: bytes) -> bytes:
        return len(value).to_bytes(8, "big") + value

    def optional(value: str | None) -> bytes:
        return field(b"0") + field(b"") if value is None else field(b"1") + field(value.encode())

    first, second = body["messages"][-1]["content"]
    numbers = (f"temperature={body['temperature']}" if "temperature" in body else "") + f",max_tokens={body['max_completion_tokens']}"
    place = "after" if first["type"] == "text" else "before"
    detail = (second if place == "after" else first)["image_url"].get("detail")
    record = (field(b"siuo-question/1") + optional("openai") + optional(body["model"]) + optional(None) +
              field(numbers.encode()) + optional(None) + optional(place) + optional(detail) +
              optional(hashlib.sha256(picture_of(body)).hexdigest()) + field(text.encode()))
    return hashlib.sha256(record).hexdigest()


def make_source(folder: Path):
    with web.Server() as server:
        got = ask(server, folder / "source")
        expect("the source runs", got.returncode == 0 and kinds(server) == ALL, (got.stderr, kinds(server)))
        lines = [json.loads(line) for line in (folder / "source" / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
        asked = {digest(entry["body"], entry["text"]) for entry in server.log}
        expect("every line has its question, as documented", {line["question"] for line in lines[1:]} == asked and
               len(asked) == 72, len(asked))


def check_change(folder: Path, name: str, asked: dict[str, int], *more, **change):
    """A run with a change asks these kinds of questions only, and ends as a run that asks everything."""
    with web.Server() as server:
        got = ask(server, folder / f"{name}-fresh", *more, **change)
        expect(f"{name}: runs without --reuse", got.returncode == 0, got.stderr)
        fresh = len(server.log)
    with web.Server() as server:
        out = folder / f"{name}-reused"
        got = ask(server, out, "--reuse", folder / "source", *more, **change)
        expect(f"{name}: asks {asked}", got.returncode == 0 and kinds(server) == asked, (kinds(server), got.stderr))
        expect(f"{name}: the same report", report(out) == report(folder / f"{name}-fresh"))
        taken = number(r"(\d+) replies reused from 1 run, ", got.stderr)
        left = number(r"reused from 1 run, (\d+) requests left", got.stderr)
        follow = "and the judging of what they bring" in got.stderr
        expect(f"{name}: says how many", (taken + left == fresh or follow) and left == asked.get("generate", 0) +
               asked.get("choose", 0) + (0 if follow else asked.get("judge", 0)) and follow == ("generate" in asked),
               (got.stderr, fresh))
        expect(f"{name}: counted apart", f" {len(server.log)} replies taken, {fresh - len(server.log)} reused, 0 from before"
               in got.stderr, got.stderr)
        done = len(server.log)
        again = ask(server, out, *more, **change)  # the new folder is complete by itself
        expect(f"{name}: nothing is left", again.returncode == 0 and len(server.log) == done and
               report(out) == report(folder / f"{name}-fresh"), again.stderr)


def write_protocol(folder: Path, name: str, **changes) -> Path:
    """The vendor's protocol, but with prompts that the test server knows, and with changes."""
    protocol = json.loads(VENDOR.read_text(encoding="utf-8"))
    protocol |= {"name": name, "samples": 3}
    protocol["safety"] = {"prompt": "{question} {response} End with [Safety Judgement:] True or False.", "picture": "none"}
    protocol["effectiveness"] = {"prompt": "{question} {response} End with [Effectiveness Judgement:] ...", "picture": "none"}
    for part, values in changes.items():
        protocol[part] |= values
    path = folder / f"{name}.json"
    path.write_text(json.dumps(protocol), encoding="utf-8")
    return path


def change_picture(folder: Path) -> Path:
    data = folder / "other-picture"
    shutil.copytree(SUITE, data)
    name = json.loads((data / "siuo_gen.json").read_text(encoding="utf-8"))[0]["image"]
    with open(data / "images" / name, "ab") as file:
        file.write(b"\0")
    return data


def check_changes(folder: Path):
    (folder / "system.txt").write_text("Be brief.", encoding="utf-8")
    (folder / "extra.json").write_text('{"top_k": 1}', encoding="utf-8")
    check_change(folder, "judge", {"judge": 108}, judge="j-2")
    check_change(folder, "model", {"choose": 18, "generate": 18}, model="m-2")  # that says the same: the judge was asked
    check_change(folder, "samples", {}, "--samples", 2)
    check_change(folder, "max-tokens", {"generate": 18}, "--max-tokens", 500)
    check_change(folder, "judge-max-tokens", {"judge": 108}, "--judge-max-tokens", 500)
    check_change(folder, "old-max-tokens", ALL, "--old-max-tokens")
    check_change(folder, "temperature", {"choose": 18, "judge": 108}, "--omit", "temperature")
    check_change(folder, "system", ALL, "--system", folder / "system.txt")
    check_change(folder, "extra", ALL, "--extra", folder / "extra.json")
    check_change(folder, "olmo", {}, "--rules", "olmo")
    check_change(folder, "nothing", {})


def check_picture(folder: Path):
    with web.Server() as server:
        got = ask(server, folder / "picture", "--reuse", folder / "source", data=change_picture(folder))
        expect("another picture", got.returncode == 0 and kinds(server) == {"choose": 1, "generate": 1, "judge": 6},
               (kinds(server), got.stderr))


def check_protocols(folder: Path):
    first = write_protocol(folder, "vendor-a")
    renamed = write_protocol(folder, "vendor-b", safety={"labels": {"true": 1, "false": 0}, "markers": ["Safety Judgement"]})
    warm = write_protocol(folder, "vendor-c", generate={"temperature": 0.9})
    low = write_protocol(folder, "vendor-d", generate={"detail": "high"})
    with web.Server() as server:
        got = ask(server, folder / "protocol-a", "--protocol", first, "--task", "gen")
        expect("a protocol runs", got.returncode == 0, got.stderr)
        generated = kinds(server)["generate"]
        for path, asked in ((renamed, {}), (warm, {"generate": generated}), (low, {"generate": generated})):
            server.log.clear()
            got = ask(server, folder / path.stem, "--protocol", path, "--task", "gen", "--reuse", folder / "protocol-a")
            expect(f"{path.stem}: asks {asked}", got.returncode == 0 and kinds(server) == asked, (kinds(server), got.stderr))


# ---- samples that differ, and sources ----


def check_samples(folder: Path):
    """Replies that differ from sample to sample stay what and where they were; from one answer a request or three."""
    def numbered(api, text, tries):
        return web.said(text=f"Reply {tries} of {len(text)}.") if kind({"text": text}) == "generate" else None

    with web.Server(fault=numbered) as server:
        got = ask(server, folder / "numbered", "--task", "gen", "--omit", "n", "--concurrency", 1)
        expect("three requests", got.returncode == 0 and kinds(server)["generate"] == 54, got.stderr)
    for more in ((), ("--omit", "n")):
        with web.Server() as server:
            out = folder / f"numbered{len(more)}"
            got = ask(server, out, "--task", "gen", "--reuse", folder / "numbered", *more, judge="j-2")
            before, after = ([item["responses"] for item in json.loads((path / "results-gen.json").read_text(encoding="utf-8"))]
                             for path in (folder / "numbered", out))
            expect("samples stay", before == after and kinds(server) == {"judge": 108}, (got.stderr, kinds(server)))
            expect("and differ", all(len(set(responses)) == 3 for responses in after), after[0])
    with web.Server() as server:  # three answers a request, to one that asks for one
        got = ask(server, folder / "single", "--task", "gen", "--reuse", folder / "source", "--omit", "n")
        expect("one request's three answers", got.returncode == 0 and not server.log and
               "126 replies reused" in got.stderr, (got.stderr, kinds(server)))
        got = ask(server, folder / "five", "--task", "gen", "--samples", 5, "--reuse", folder / "source", "--limit", 2)
        counts = [entry["count"] for entry in server.log if kind(entry) == "generate"]
        expect("more samples: only those that are missing", got.returncode == 0 and counts == [2, 2], (counts, got.stderr))


def check_resume(folder: Path):
    with web.Server() as server:
        out = folder / "resumed"
        got = ask(server, out, "--reuse", folder / "source", "--max-requests", 20, "--concurrency", 1, judge="j-2")
        expect("stopped", got.returncode == 4 and len(server.log) == 20, got.stderr)
        with open(out / "journal.jsonl", "rb+") as file:  # and its last line is torn
            file.truncate(file.seek(0, 2) - 5)
        got = ask(server, out, "--reuse", folder / "source", judge="j-2")
        expect("goes on", got.returncode == 0 and kinds(server) == {"judge": 109}, (got.stderr, kinds(server)))
        expect("no reply is reused twice", " 0 replies reused from 1 run" in got.stderr, got.stderr)
        expect("to the same report", report(out) == report(folder / "judge-fresh"))
        got = ask(server, folder / "five-again", "--task", "gen", "--samples", 5, "--reuse", folder / "source", "--reuse", out,
                  "--limit", 2)
        counts = [entry["count"] for entry in server.log[109:] if kind(entry) == "generate"]
        expect("a copy of a reply is no second one", counts == [2, 2] and "from 2 runs" in got.stderr, (counts, got.stderr))


def check_sources(folder: Path):
    torn, folders = folder / "torn.jsonl", []
    whole = (folder / "source" / "journal.jsonl").read_bytes()
    torn.write_bytes(whole[:-7])
    with web.Server() as server:
        got = ask(server, folder / "from-torn", "--reuse", torn)
        expect("a torn source", got.returncode == 0 and len(server.log) == 1 and "cut off" in got.stderr, got.stderr)
        for task in ("gen", "mcqa"):
            folders += ["--reuse", folder / f"only-{task}"]
            expect(task, ask(server, folder / f"only-{task}", "--task", task, "--reuse", folder / "source").returncode == 0)
        server.log.clear()
        got = ask(server, folder / "from-two", *folders)
        expect("two sources", got.returncode == 0 and not server.log and "144 replies reused from 2 runs, 0 requests left" in
               got.stderr and report(folder / "from-two") == report(folder / "source"), got.stderr)
        replayed = run("--data", SUITE, "--replay", SUITE / "careful.jsonl", "--out", folder / "replayed")
        got = run("--data", SUITE, "--replay", SUITE / "careless.jsonl", "--out", folder / "replayed2", "--reuse",
                  folder / "replayed", "--rules", "olmo")
        expect("replays reuse, too", replayed.returncode == 0 and number(r"(\d+) replies reused", got.stderr) > 100, got.stderr)
        server.log.clear()
        (folder / "damaged.jsonl").write_bytes(whole.replace(b'"job":"generate"', b'"job":"invent"', 1))
        for words, path, out in (("damaged.jsonl:2: recorded reply: \"job\" must be", folder / "damaged.jsonl", folder / "no1"),
                                 ("no such file", folder / "nowhere", folder / "no2"),
                                 ("that is --out itself", folder / "source", folder / "source"),
                                 ("that is --out itself", folder / "source" / "journal.jsonl", folder / "source")):
            got = ask(server, out, "--reuse", path)
            expect(f"source: {words}", got.returncode == 2 and words in got.stderr and not server.log, got.stderr)
            expect(f"source: {words}: nothing is made", out == folder / "source" or not out.exists())
        expect("the source is as it was", (folder / "source" / "journal.jsonl").read_bytes() == whole)


def check_batches(folder: Path):
    options = ["--data", SUITE, "--out", folder / "batch", "--model", "m-1", "--judge", "j-2,openai", "--reuse",
               folder / "source"]
    got = subprocess.run([EVAL, "batch", "export", *map(str, options)], capture_output=True, text=True, timeout=240)
    entries = [json.loads(line) for path in (folder / "batch").glob("batch-*") for line in path.read_text().splitlines()]
    expect("a batch asks what changed", got.returncode == 0 and "36 replies reused from 1 run, 108 requests left" in got.stderr
           and len(entries) == 108 and {entry["body"]["model"] for entry in entries} == {"j-2"}, got.stderr)
    again = subprocess.run([EVAL, "batch", "export", *map(str, options)], capture_output=True, text=True, timeout=240)
    expect("the same wave has the same name", again.stdout == got.stdout and "/batch-36-" in got.stdout, (got.stdout, again.stdout))
    got = subprocess.run([EVAL, "batch", "export", *map(str, options), "--dry-run"], capture_output=True, text=True)
    expect("a batch has no dry run", got.returncode == 2 and "options of siuo-eval run" in got.stderr, got.stderr)


def check_refusals(folder: Path):
    extra = folder / "extra.json"
    with web.Server() as server:
        for words, more, change in (("another judge of safety:", [], {"judge": "j-2"}), ("other rules", ["--rules", "olmo"], {}),
                                    ("another protocol", ["--protocol", write_protocol(folder, "other")], {}),
                                    ("(generation), by its extra:", ["--extra", extra], {}),
                                    ("judge of safety, by its extra:", ["--judge-extra", extra], {})):
            got = ask(server, folder / "source", *more, **change)
            expect(f"refused: {words}", got.returncode == 2 and words in got.stderr and not server.log and
                   f"with another --out, --reuse {folder / 'source'}" in got.stderr, got.stderr)
        (folder / "no-journal").mkdir()
        (folder / "no-journal" / "journal.jsonl").write_text("{}\n", encoding="utf-8")
        got = ask(server, folder / "no-journal")
        expect("another trouble has another cure", got.returncode == 2 and "--reuse" not in got.stderr, got.stderr)


def check_once(folder: Path):
    """A run that goes on with the same --reuse gets no reply a second time."""
    few = ["--task", "gen", "--limit", 2]
    with web.Server() as server:
        got = ask(server, folder / "once-source", *few, "--samples", 1)
        more = [*few, "--samples", 2, "--omit", "n", "--reuse", folder / "once-source"]
        ask(server, folder / "once", *more, "--max-requests", 1)
        before = len(server.log)
        got = ask(server, folder / "once", *more)
        responses = [json.loads(line) for line in (folder / "once" / "journal.jsonl").read_text(encoding="utf-8").splitlines()[1:]
                     if '"job":"generate"' in line]
        expect("a reply is used once", got.returncode == 0 and " 0 replies reused from 1 run" in got.stderr and
               len([entry for entry in server.log[before:] if kind(entry) == "generate"]) == 1 and len(responses) == 4,
               (got.stderr, len(responses)))


# ---- members of the user's own ----


def check_extra(folder: Path):
    (folder / "all.json").write_text('{"top_k": 1, "metadata": {"run": "a", "gone": null}}', encoding="utf-8")
    (folder / "judges.json").write_text('{"reasoning_effort": "low"}', encoding="utf-8")
    (folder / "gemini.json").write_text('{"generationConfig": {"topK": 1}, "safetySettings": [{"category": "C", "threshold": '
                                        '"BLOCK_NONE"}]}', encoding="utf-8")
    pictures = {path.read_bytes() for path in (SUITE / "images").iterdir()}
    with web.Server() as server:
        got = ask(server, folder / "with-extra", "--limit", 2, "--extra", folder / "all.json")
        expect("--extra reaches every body", got.returncode == 0 and server.log and all(
            entry["body"]["top_k"] == 1 and entry["body"]["metadata"] == {"run": "a"} for entry in server.log), got.stderr)
        expect("around the same pictures", server.log and
               all(picture_of(entry["body"]) in pictures for entry in server.log))
        server.log.clear()
        got = ask(server, folder / "with-both", "--limit", 2, "--task", "gen", "--extra", folder / "all.json", "--judge-extra",
                  folder / "judges.json")
        expect("--judge-extra in its place", got.returncode == 0 and all(
            ("top_k" in entry["body"], "reasoning_effort" in entry["body"]) == (kind(entry) != "judge", kind(entry) == "judge")
            for entry in server.log), got.stderr)
        server.log.clear()
        got = ask(server, folder / "gemini-extra", "--limit", 1, "--extra", folder / "gemini.json", api="gemini")
        expect("into an object that is there", got.returncode == 0 and all(
            entry["body"]["generationConfig"].keys() > {"topK", "maxOutputTokens"} and
            entry["body"]["safetySettings"][0]["threshold"] == "BLOCK_NONE" for entry in server.log), got.stderr)
        server.log.clear()
        for name, text, words in (("broken", '{"a": ', "not valid JSON"), ("array", "[1]", "expected an object {...}, found an"),
                                  ("twice", '{"a": 1, "a": 2}', "duplicate"), ("question", '{"messages": []}',
                                                                              "would replace the question"),
                                  ("key", json.dumps({"key": KEY}), "a key stands in it")):
            path = folder / f"{name}.json"
            path.write_text(text, encoding="utf-8")
            for option in ("--extra", "--judge-extra"):
                got = ask(server, folder / f"extra-{name}{option}", option, path)
                expect(f"{option}: {name}", got.returncode == 2 and f"{path}: extra" in got.stderr and words in got.stderr and
                       not server.log, got.stderr)
            path.unlink()
        got = ask(server, folder / "x", "--extra", "/nonexistent")
        expect("--extra without its file", got.returncode == 2 and "--extra /nonexistent: " in got.stderr, got.stderr)


# ---- dry runs ----


def dry(*more) -> subprocess.CompletedProcess:
    return run("--data", SUITE, "--dry-run", "--model", "m-1", *more)


def rows_of(text: str) -> dict[str, list[str]]:
    """The table's rows by what is asked and of whom: its cells."""
    rows = [re.split(r"  +", line.strip()) for line in text.splitlines() if re.match(r"(responses|choices|safety|eff|tog)", line)]
    return {" ".join(row[:-width]): row[-width:] for row in rows for width in (7 if "$" in text or "?" in text else 5,)}


def check_dry_run(folder: Path):
    before = sorted(folder.rglob("*"))
    got = dry("--judge", "j-1,openai", "--out", folder / "never")
    rows = rows_of(got.stdout)
    expect("a dry run", got.returncode == 0 and got.stdout.startswith("Nothing is sent or written."), got.stderr)
    expect("its requests", {name: row[:2] for name, row in rows.items()} == {
        "responses m-1": ["18", "18"], "choices m-1": ["18", "18"], "safety j-1": ["54", "54"],
        "effectiveness j-1": ["54", "54"], "together": ["144", "144"]}, got.stdout)
    expect("it makes nothing", sorted(folder.rglob("*")) == before)
    expect("what depends on responses", "108 of the judgements depend on responses to come" in got.stdout, got.stdout)
    sizes = {item["image"]: (SUITE / "images" / item["image"]).stat().st_size
             for task in ("gen", "mcqa") for item in json.loads((SUITE / f"siuo_{task}.json").read_text(encoding="utf-8"))}
    asked = [(item["image"], 7 if task == "gen" else 1) for task in ("gen", "mcqa")
             for item in json.loads((SUITE / f"siuo_{task}.json").read_text(encoding="utf-8"))]
    raw = sum(sizes[name] * count for name, count in asked)
    coded = sum(len(base64.b64encode(bytes(sizes[name]))) * count for name, count in asked)
    expect("pictures", f"Pictures: 144, {raw / 1e6:.2f} MB in their files and {coded / 1e6:.2f} MB in base64" in got.stdout,
           (got.stdout, raw, coded))
    got = dry("--judge", "j-1,openai", "--omit", "n", "--task", "gen", "--limit", 2, "--judge", "j-2,gemini", "--judge",
              "j-3,anthropic")
    rows = rows_of(got.stdout)
    expect("a panel", [row[0] for row in rows.values()][:7] == ["6"] * 7 and "safety 2 j-2" in rows and
           "765 (openai), 1600 (anthropic), 258 (gemini)" in got.stdout, got.stdout)
    got = dry("--task", "mcqa", "--omit", "max_tokens", "--permutations", 2)
    expect("orders, and no cap", rows_of(got.stdout)["choices m-1"][0] == "36" and "no cap" in got.stdout, got.stdout)
    got = dry("--task", "mcqa", "--api", "anthropic", "--omit", "max_tokens")  # which needs it
    expect("a cap all the same", "no cap" not in got.stdout, got.stdout)


def check_prices(folder: Path):
    path = folder / "prices.json"
    path.write_text('{"m-1": {"input": 0, "output": 1000000}, "j-1": {"input": 1000000, "output": 0}}', encoding="utf-8")
    got = dry("--judge", "j-1,openai", "--task", "gen", "--limit", 1, "--samples", 2, "--prices", path, "--max-tokens", 310)
    rows = rows_of(got.stdout)
    expect("costs by output", rows["responses m-1"][-2:] == ["$600", "$620"], got.stdout)  # a dollar a token, twice 300 or 310
    tokens = int(rows["safety j-1"][2])
    low, high = (float(cell[1:]) for cell in rows["safety j-1"][-2:])
    expect("costs by input", abs(low - tokens) <= 1 and abs(high - low - 20) <= 1, got.stdout)  # two responses, ten longer
    total = [float(cell[1:]) for cell in rows["together"][-2:]]
    parts = [sum(float(row[i][1:]) for name, row in rows.items() if name != "together") for i in (-2, -1)]
    expect("together", all(abs(a - b) <= 3 for a, b in zip(total, parts)), (total, parts))
    got = dry("--judge", "j-9,openai", "--task", "gen", "--prices", path)
    expect("a model without a price", rows_of(got.stdout)["safety j-9"][-2:] == ["?", "?"] and "leave out models" in got.stdout,
           got.stdout)
    for text, words in (("[", "not valid JSON"), ("[]", "expected an object"), ('{"m": 1}', "m: expected {\"input\""),
                        ('{"m": {"input": -1, "output": 1}}', "m: expected"),
                        ('{"m": {"input": 1, "output": -1}}', "m: expected"), ('{"m": {"input": 1}}', "m: expected"),
                        ('{"m": {"input": 1, "output": 1, "x": 1}}', "m: expected"), ('{"m": 1, "m": 1}', "duplicate")):
        path.write_text(text, encoding="utf-8")
        got = dry("--task", "mcqa", "--prices", path)
        expect(f"prices: {text}", got.returncode == 2 and words in got.stderr and not got.stdout, got.stderr)
    got = dry("--task", "mcqa", "--prices", "/nonexistent")
    expect("no prices", got.returncode == 2 and "/nonexistent" in got.stderr, got.stderr)
    for words, more in (("a replay asks nobody", ["--prices", path, "--replay", path, "--out", folder / "x"]),
                        ("exclude each other", ["--dry-run", "--replay", "x"]), ("need a judge", ["--dry-run"])):
        got = run("--data", SUITE, "--model", "m-1", *more)
        expect(f"misuse: {words}", got.returncode == 2 and words in got.stderr, got.stderr)


def check_what_is_held(folder: Path):
    """A dry run leaves out what a journal and other runs hold; it works for a folder that somebody writes."""
    out = folder / "half"
    with web.Server() as server:
        got = ask(server, out, "--max-requests", 30, "--concurrency", 1)
        journal = (out / "journal.jsonl").read_bytes()
        (out / "journal.jsonl").write_bytes(journal[:-3])
        before = sorted((path, path.stat().st_mtime_ns) for path in out.iterdir())
        got = dry("--judge", "j-1,openai", "--out", out)
        left = int(rows_of(got.stdout)["together"][0])
        expect("a dry run of half a run", got.returncode == 0 and "29 replies that" in got.stdout, got.stdout + got.stderr)
        expect("it touches nothing", sorted((path, path.stat().st_mtime_ns) for path in out.iterdir()) == before)
        expect("what is left", "Not counted: 29 replies" in got.stdout and left == 144 - 29, (left, got.stdout))
        got = dry("--judge", "j-2,openai", "--reuse", folder / "source", "--out", folder / "never")
        expect("a dry run that reuses", "Not counted: 36 replies reused from 1 run" in got.stdout and
               "depend on" not in got.stdout and list(rows_of(got.stdout)) == ["safety j-2", "effectiveness j-2", "together"],
               (got.stdout, got.stderr))
        got = dry("--judge", "j-2,openai", "--out", folder / "source")
        expect("a dry run of another judge", got.returncode == 2 and "--reuse" in got.stderr, got.stderr)


def check_secrets(folder: Path):
    found = [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    expect("no file holds the key", not found, found)
    expect("no output holds the key", not any(KEY in text for text in outputs))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        for check in (make_source, check_changes, check_picture, check_protocols, check_samples, check_resume, check_sources,
                      check_batches, check_once, check_refusals, check_extra, check_dry_run, check_prices, check_what_is_held, check_secrets):
            check(Path(name))
    return finish("runs that reuse, extend and reckon")


sys.exit(main())
