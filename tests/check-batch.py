#!/usr/bin/env python3
"""siuo-eval batch: whole evaluations by batch files, in waves, with failures, kills and damaged files; they end where a live
run ends."""

import itertools
import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
KILLS = 20 if os.environ.get("SIUO_DEEP") else 5
KEY = "sk-test-0123456789abcdef"
PATHS = {"openai": "/v1/chat/completions", "openai-responses": "/v1/responses", "anthropic": None}
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

ENVIRONMENT = os.environ | {"TEST_KEY": KEY, "no_proxy": "127.0.0.1"}
SEED = int(os.environ.get("SIUO_SEED") or 20261124)
rng = random.Random(SEED)
outputs = []


def arguments(verb: str, out: Path, model: str, judge: str, *more) -> list[str]:
    return [EVAL, "batch", verb, "--data", str(SUITE), "--out", str(out), "--model", "m-1", "--api", model, "--key-env",
            "TEST_KEY", "--judge", f"j-1,{judge}", "--max-undetermined", "100%", *(str(arg) for arg in more)]


def batch(verb: str, out: Path, model: str, judge: str, *more, **options) -> subprocess.CompletedProcess:
    got = subprocess.run(arguments(verb, out, model, judge, *more), capture_output=True, text=True, timeout=120,
                         env=ENVIRONMENT, **options)
    outputs.append(got.stdout + got.stderr)
    return got


def live(server: web.Server, out: Path, model: str, judge: str, *more) -> subprocess.CompletedProcess:
    got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", out, "--model", "m-1", "--api", model, "--endpoint",
                          server.base(model), "--key-env", "TEST_KEY", "--max-undetermined", "100%", "--judge",
                          f"j-1,{judge},{server.base(judge)},TEST_KEY", *(str(arg) for arg in more)],
                         capture_output=True, text=True, timeout=120, env=ENVIRONMENT)
    outputs.append(got.stdout + got.stderr)
    return got


def results_of(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in ("results-gen.json", "results-mcqa.json", "report.json")}


def journal(out: Path) -> bytes:
    return (out / "journal.jsonl").read_bytes()


# ---- a provider ----


def files_of(got: subprocess.CompletedProcess) -> list[Path]:
    return [Path(line.split(": ")[0]) for line in got.stdout.splitlines() if " bytes, for /" in line]


def requests_of(path: Path) -> list[tuple[str, str, dict]]:
    """Key, API and body of every request in a batch file, which must be in form."""
    if path.suffix == ".json":
        return [(entry["custom_id"], "anthropic", entry["params"]) for entry in json.loads(path.read_bytes())["requests"]
                if entry.keys() == {"custom_id", "params"}]
    entries = [json.loads(line) for line in path.read_bytes().splitlines()]
    apis = {path: api for api, path in PATHS.items()}
    return [(entry["custom_id"], apis[entry["url"]], entry["body"]) for entry in entries
            if entry.keys() == {"custom_id", "method", "url", "body"} and entry["method"] == "POST"]


TROUBLE = {"openai": ["500", "expired", "400", "fewer", "no answer"], "anthropic": ["errored", "errored before", "expired",
                                                                                     "canceled"]}


def result(key: str, api: str, body: dict, trouble: str | None) -> dict:
    text, _, count = web.parts_of(api, body)
    texts = [web.answer(text)] * count
    if api == "anthropic":
        inner = {"type": "invalid_request_error", "message": f"no {KEY}"}
        return {"custom_id": key, "result": {
            None: lambda: {"type": "succeeded", "message": web.reply(api, texts)},
            "errored": lambda: {"type": "errored", "error": {"type": "error", "error": inner}},
            "errored before": lambda: {"type": "errored", "error": inner},
            "expired": lambda: {"type": "expired"}, "canceled": lambda: {"type": "canceled"}}[trouble]()}
    if trouble == "expired":
        return {"id": "batch_req_1", "custom_id": key, "response": None,
                "error": {"code": "batch_expired", "message": "This request could not be executed."}}
    status = {"500": 500, "400": 400}.get(trouble, 200)
    reply = {"500": {"error": {"message": "busy"}}, "400": {"error": {"message": f"bad {KEY}"}},
             "no answer": {"choices": []}, "fewer": web.reply(api, texts[:max(1, count - 1)])}.get(trouble)
    return {"id": "batch_req_1", "custom_id": key, "error": None, "response": {
        "status_code": status, "request_id": "r", "body": reply or web.reply(api, texts)}}


def answer_files(paths: list[Path], folder: Path, wave: int, share: float) -> list[Path]:
    """The output and error files of some batches, in disorder; a share of the requests is in trouble."""
    made = []
    for path in paths:
        good, bad = [], []
        for i, (key, api, body) in enumerate(requests_of(path)):
            words = TROUBLE["anthropic" if api == "anthropic" else "openai"]
            trouble = words[i % len(words)] if rng.random() < share else None
            # Anthropic has one file of results; what HTTP calls an error is in OpenAI's second one
            (bad if trouble in ("500", "400", "expired") and api != "anthropic" else good).append(result(key, api, body, trouble))
        for name, rows in (("output", good), ("error", bad)):
            rng.shuffle(rows)
            if rows:
                made.append(folder / f"{wave}-{name}-{path.stem}.jsonl")
                made[-1].write_text("".join(json.dumps(row, ensure_ascii=rng.random() < 0.5) + "\n" for row in rows),
                                    encoding="utf-8")
    rng.shuffle(made)
    return made


def evaluate(out: Path, folder: Path, model: str, judge: str, share: float, *more) -> tuple[list[list[Path]], int]:
    """Waves until nothing is left: the files that came back, and the requests that were sent."""
    folder.mkdir()
    waves, asked = [], 0
    for wave in itertools.count():
        got = batch("export", out, model, judge, *more)
        expect(f"{out.name}: export {wave}", got.returncode == 0, got.stderr)
        paths = files_of(got)
        if not paths or wave == 12:
            expect(f"{out.name}: ends with the report", "nothing to export" in got.stderr and "libsiuo-1" in got.stdout
                   and wave > 1, got.stdout + got.stderr)
            return waves, asked
        requests = [request for path in paths for request in requests_of(path)]
        asked += len(requests)
        expect(f"{out.name}: every key once", len({key for key, _, _ in requests}) == len(requests))
        expect(f"{out.name}: one model and API a file", all(len({(api, body["model"]) for _, api, body in requests_of(path)}) == 1
                                                           for path in paths))
        waves.append(answer_files(paths, folder, wave, share if wave < 3 else 0))
        expect(f"{out.name}: there are results", bool(waves[-1]))
        got = batch("import", out, model, judge, *waves[-1])
        expect(f"{out.name}: import {wave}", got.returncode == 0, got.stderr)


# ---- whole evaluations ----

PAIRS = (("openai", "openai"), ("anthropic", "anthropic"), ("openai", "anthropic"), ("anthropic", "openai-responses"))


def check_whole(folder: Path):
    for model, judge in PAIRS:
        name = f"{model}-{judge}"
        with web.Server() as server:
            got = live(server, folder / f"live-{name}", model, judge)
            total = len(server.log)
            expect(f"{name}: live", got.returncode == 0, got.stderr)
        expected, said = results_of(folder / f"live-{name}"), got.stdout
        out = folder / name
        _, asked = evaluate(out, folder / f"calm-{name}", model, judge, 0.0)
        expect(f"{name}: asks what a live run asks", asked == total, (asked, total))
        expect(f"{name}: ends as a live run", results_of(out) == expected)
        out = folder / f"troubled-{name}"
        waves, asked = evaluate(out, folder / f"waves-{name}", model, judge, 0.4, "--max-file-requests", 10)
        expect(f"{name}: trouble makes waves", len(waves) > 3 and asked > total, (len(waves), asked))
        expect(f"{name}: and ends as a live run", results_of(out) == expected)
        before = journal(out)
        good = [path for wave in waves for path in wave if "output" in path.name]
        got = batch("import", out, model, judge, *good)
        expect(f"{name}: known already", got.returncode == 0 and "0 results taken, 0 failed" in got.stderr and got.stdout == said,
               got.stderr)
        expect(f"{name}: nothing changes", journal(out) == before and results_of(out) == expected)
        everything = [path for wave in waves for path in wave]
        for turn in range(2):  # all waves at once, the judges' before the responses', failures before answers
            again = folder / f"again{turn}-{name}"
            rng.shuffle(everything)
            got = batch("import", again, model, judge, *everything)
            expect(f"{name}: all files in any order", got.returncode == 0 and got.stdout == said and " 0 failed" in got.stderr,
                   got.stderr)
            expect(f"{name}: the same report", results_of(again) == expected)
        text = "".join(path.read_text(encoding="utf-8") for path in everything)
        got = batch("import", folder / f"stdin-{name}", model, judge, "-", input=text)
        expect(f"{name}: standard input", got.returncode == 0 and results_of(folder / f"stdin-{name}") == expected, got.stderr)


def check_with_live_runs(folder: Path):
    """Batches first and a live run after, and the other way round."""
    expected = results_of(folder / "live-openai-anthropic")
    with web.Server() as server:
        out = folder / "then-live"
        got = batch("export", out, "openai", "anthropic")
        (folder / "then").mkdir()
        batch("import", out, "openai", "anthropic", *answer_files(files_of(got), folder / "then", 0, 0.2))
        known = journal(out).count(b'"body"')
        got = live(server, out, "openai", "anthropic")
        expect("a live run goes on", got.returncode == 0 and results_of(out) == expected, got.stderr)
        texts = [entry["text"] for entry in server.log]
        expect("and asks the rest", known + len(texts) == journal(out).count(b'"body"') and len(texts) < 120, len(texts))
    with web.Server() as server:
        out = folder / "then-batch"
        live(server, out, "openai", "anthropic", "--max-requests", 30)
        taken = journal(out).count(b"\n") - 1
        _, asked = evaluate(out, folder / "live-then", "openai", "anthropic", 0.0)
        expect("batches go on", results_of(out) == expected and taken == 30 and
               taken + asked == journal(folder / "live-openai-anthropic").count(b"\n") - 1, (taken, asked))


def check_panel(folder: Path):
    """A judge without batch files is left to a live run."""
    with web.Server() as server:
        url = server.base("ollama")
        more = ("--judge", f"o-1,ollama,{url}", "--judge", f"j-2,openai,{server.base('openai')}")
        live(server, folder / "live-panel", "openai", "openai", *more)
        out = folder / "panel"
        got = batch("export", out, "openai", "openai", *more)
        (folder / "panel-files").mkdir()
        got = batch("import", out, "openai", "openai", *more, *answer_files(files_of(got), folder / "panel-files", 0, 0))
        expect("judges are next", "writes the next 324 questions" in got.stderr, got.stderr)
        got = batch("export", out, "openai", "openai", *more)
        expect("a file for each judge", len(files_of(got)) == 2 and "questions are put to APIs without" in got.stderr, got.stderr)
        got = batch("import", out, "openai", "openai", *more, *answer_files(files_of(got), folder / "panel-files", 1, 0))
        got = batch("export", out, "openai", "openai", *more)
        expect("nothing for batches is left", got.returncode == 2 and not files_of(got), got.stdout)
        asked = len(server.log)
        got = live(server, out, "openai", "openai", *more)
        expect("the run asks the rest", got.returncode == 0 and {entry["api"] for entry in server.log[asked:]} == {"ollama"},
               got.stderr)
        expect("the panel's report", results_of(out) == results_of(folder / "live-panel"))


# ---- files ----


def check_files(folder: Path):
    out = folder / "files"
    got = batch("export", out, "openai", "openai")
    [path] = files_of(got)
    expect("a name of its own", path.name == "batch-0-openai-m-1-1.jsonl", path.name)
    whole, rows = path.read_bytes(), requests_of(path)
    again = batch("export", out, "openai", "openai")
    expect("the same wave, the same file", again.stdout == got.stdout and path.read_bytes() == whole)
    expect("what is said is so", f"{len(rows)} requests, {len(whole)} bytes, for /v1/chat/completions" in got.stdout, got.stdout)
    got = batch("export", out, "openai", "openai", "--max-file-requests", 7)
    parts = files_of(got)
    expect("split by number", [len(requests_of(p)) for p in parts] == [7] * (len(rows) // 7) + [len(rows) % 7] and
           b"".join(p.read_bytes() for p in parts) == whole, [p.name for p in parts])
    for api in ("openai", "anthropic"):
        out = folder / f"files-{api}"
        [path] = files_of(batch("export", out, api, api))
        keys, most = [key for key, _, _ in requests_of(path)], path.stat().st_size // 3
        parts = files_of(batch("export", out, api, api, "--max-file-bytes", most))
        sizes = [p.stat().st_size for p in parts]
        expect(f"{api}: split by size", len(parts) > 2 and max(sizes) <= most and
               [key for p in parts for key, _, _ in requests_of(p)] == keys, sizes)
        # a file as large as it may just be, and one byte less
        exact = max(sizes)
        expect(f"{api}: as large as may be", max(p.stat().st_size for p in files_of(
            batch("export", out, api, api, "--max-file-bytes", exact))) == exact)
        one = min(len(json.dumps(body)) for _, _, body in requests_of(path)) // 2
        got = batch("export", out, api, api, "--max-file-bytes", one)
        expect(f"{api}: a request that no file can hold", got.returncode == 2 and "more than a batch file may have" in got.stderr,
               got.stderr)
        expect(f"{api}: nothing half done is left", not list(out.glob("*.partial")))
        got = batch("export", folder / f"fresh-{api}", api, api, "--max-file-bytes", one)
        expect(f"{api}: and no folder that it made", got.returncode == 2 and not (folder / f"fresh-{api}").exists(), got.stderr)
        (folder / f"mine-{api}").mkdir()
        (folder / f"mine-{api}" / "note").write_text("mine")
        got = batch("export", folder / f"mine-{api}", api, api, "--max-file-bytes", one)
        expect(f"{api}: what was there stays", os.listdir(folder / f"mine-{api}") == ["note"], os.listdir(folder / f"mine-{api}"))
        two = folder / f"two-{api}"
        [path] = files_of(batch("export", two, api, api, "--task", "mcqa", "--limit", 2))
        for most in (path.stat().st_size, path.stat().st_size - 1):  # both just fit, or just don't
            parts = files_of(batch("export", folder / f"two-{api}-{most}", api, api, "--task", "mcqa", "--limit", 2,
                                   "--max-file-bytes", most))
            expect(f"{api}: two requests in {most} bytes", [len(requests_of(part)) for part in parts] ==
                   ([2] if most == path.stat().st_size else [1, 1]), parts)
    for model, name in (("../a b/\x1b[1mü", "batch-0-openai-..%2Fa%20b%2F%1B%5B1m%C3%BC-1.jsonl"), ("x" * 127, None)):
        out = folder / f"name{len(model)}"
        got = subprocess.run([EVAL, "batch", "export", "--data", SUITE, "--out", out, "--model", model, "--task", "mcqa"],
                             capture_output=True, text=True)
        found = [p.name for p in out.glob("batch-*")]
        expect("names are escaped", len(found) == 1 and (name is None or found == [name]) and "\x1b" not in got.stdout + got.stderr,
               (found, got.stderr))
    same, few = folder / "same", ["--task", "gen", "--limit", 2, "--samples", 1]
    options = ["--data", SUITE, "--out", same, "--model", "m-1", "--judge", "m-1,anthropic", *map(str, few)]
    [path] = files_of(subprocess.run([EVAL, "batch", "export", *options], capture_output=True, text=True))
    (folder / "first.jsonl").write_text(json.dumps(result(*requests_of(path)[0], None)) + "\n", encoding="utf-8")
    subprocess.run([EVAL, "batch", "import", *options, folder / "first.jsonl"], capture_output=True)
    parts = files_of(subprocess.run([EVAL, "batch", "export", *options], capture_output=True, text=True))
    expect("one name under two APIs", sorted((part.name, len(requests_of(part))) for part in parts) ==
           [("batch-1-anthropic-m-1-1.json", 2), ("batch-1-openai-m-1-1.jsonl", 1)], parts)
    names = set()
    for i in range(2):  # names that differ late
        got = subprocess.run([EVAL, "batch", "export", "--data", SUITE, "--out", folder / "late", "--model", f"{'x' * 120}{i}", "--task",
                              "mcqa", "--api", "openai"], capture_output=True, text=True)
        names |= {path.name for path in files_of(got)}
        shutil.rmtree(folder / "late")
    expect("long names differ", len(names) == 2 and all(len(name) < 200 for name in names), names)
    full = folder / "full"
    batch("export", full, "openai", "openai", "--task", "mcqa")

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))

    got = batch("export", full, "openai", "openai", preexec_fn=small_files)
    expect("a full disk", got.returncode == 2 and "cannot write it" in got.stderr and not list(full.glob("*.partial")), got.stderr)


def check_damage(folder: Path):
    out = folder / "damage"
    [path] = files_of(batch("export", out, "openai", "openai", "--task", "mcqa"))
    rows = [json.dumps(result(key, api, body, None)) for key, api, body in requests_of(path)]
    bad = folder / "bad.jsonl"

    def try_rows(name, lines, *words, status=2, end="\n", run_api="openai"):
        bad.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + end.encode())
        shutil.rmtree(folder / "damaged", ignore_errors=True)
        got = batch("import", folder / "damaged", run_api, "openai", "--task", "mcqa", bad)
        expect(name, got.returncode == status and all(word in got.stderr for word in words) and "\x1b" not in got.stderr, got.stderr)

    count = len(rows)
    try_rows("whole", rows, f"{count} results taken", status=0)
    failed = json.dumps(json.loads(rows[0]) | {"response": None, "error": {"code": "batch_expired", "message": "late"}})
    try_rows("one has failed", [failed] + rows[1:], f"{count - 1} results taken, 1 failed",
             "batch export writes the next 1 questions; 1 of them failed before", status=0)
    try_rows("torn", rows[:-1] + [rows[-1][:-9]], f"bad.jsonl:{count}: not valid JSON", f"{count - 1} results taken", end="")
    try_rows("two bad lines", [rows[0], "{", "[1]"] + rows[1:], "bad.jsonl:2: not valid JSON", "1 further line",
             f"{count} results taken")
    try_rows("bytes", [rows[0], b'{"custom_id": "\xff\x1b[31m"}'] + rows[1:], "bad.jsonl:2: ", f"{count} results taken")
    try_rows("a request file", path.read_text(encoding="utf-8").splitlines(), "bad.jsonl:1: this is no result of a batch: it is a request",
             "0 results taken")
    try_rows("a lost head", ['sponse": {"status_code": 200'] + rows, "bad.jsonl:1: not valid JSON", f"{count} results taken")
    zero = json.dumps(json.loads(rows[0]) | {"response": {"status_code": 0, "request_id": "", "body": {}}, "error": None})
    try_rows("the provider failed one", [zero] + rows[1:], f"{count - 1} results taken, 1 failed", "the provider failed the request", status=0)
    try_rows("an error page", ["<html>"], "bad.jsonl: this is no file of results: it is a page of HTML")
    try_rows("an error as JSON", ['{"error": {', '"message": "x"}}'], "it is an error of the server: x")
    try_rows("compressed", [gzip.compress("\n".join(rows).encode())], "it is compressed (gzip): gunzip it first", "0 results taken")
    try_rows("the batch's description", json.dumps({"object": "batch", "status": "completed", "output_file_id": "file-7"}, indent=2).splitlines(),
             "it describes the batch (completed): its results are the contents of the files file-7 and")
    try_rows("a journal", journal(out).decode().splitlines(), "bad.jsonl:1: this is no result of a batch: it has no \"custom_id\"")
    try_rows("nothing", [], "it is empty", end="")
    try_rows("another evaluation", [row.replace(json.loads(row)["custom_id"], "00000000001\\u001b0000") for row in rows],
             "bad.jsonl:1: custom_id", "is no question of this evaluation", "none of these results is of this evaluation")
    try_rows("another API", rows, "put to anthropic, and this is a result of openai", "0 results taken", run_api="anthropic")
    try_rows("an array, as jq -s makes it", [f"[{','.join(rows)}]"], f"{count} results taken", status=0)
    twice = batch("import", folder / "damaged", "openai", "openai", "--task", "mcqa", bad, folder / "no-such", bad)
    expect("a missing file does not hide the others", twice.returncode == 2 and f"{2 * count} known already" in twice.stderr and
           "no-such" in twice.stderr, twice.stderr)
    odd = json.loads(rows[0])
    odd["response"]["body"]["choices"][0]["message"]["content"] = "(A)\0\ud800"
    try_rows("a text that is no Unicode fails alone", [json.dumps(odd)] + rows[1:], "bad.jsonl:1: not valid JSON", f"{count - 1} results taken")
    odd["response"]["body"]["choices"][0]["message"]["content"] = "(A)\0"
    try_rows("NUL in a text", [json.dumps(odd)] + rows[1:], f"{count} results taken", status=0)
    mixed = folder / "mixed"
    [path] = files_of(batch("export", mixed, "openai", "openai", "--task", "gen", "--limit", 1))
    early = [{"id": "r", "custom_id": key[:10] + "60" + key[12:], "response": {"status_code": 200, "body": web.reply("openai", ["True"])}}
             for key, _, _ in requests_of(path)]
    bad.write_text("".join(json.dumps(row) + "\n" for row in early))
    got = batch("import", mixed, "openai", "openai", "--task", "gen", "--limit", 1, bad)
    expect("judgements without responses", got.returncode == 0 and "1 results are left" in got.stderr and
           journal(mixed).count(b"\n") == 1, got.stderr)


def check_truncated(folder: Path):
    """Replies that are cut off, in the wave of the responses, and in that of the judgements."""
    def answer(paths: list[Path], name: str, cut_off: bool) -> Path:
        rows = [{"custom_id": key, "response": {"status_code": 200, "body": web.reply(api, ["" if cut_off else web.answer(text)] * count,
                                                                                      "length" if cut_off else "stop")}}
                for path in paths for key, api, body in requests_of(path) for text, _, count in [web.parts_of(api, body)]]
        (folder / name).write_text("\n".join(map(json.dumps, rows)))
        return folder / name

    for option, waves in (("--max-tokens", 1), ("--judge-max-tokens", 2)):
        out = folder / f"truncated{option}"
        for wave in range(waves):
            paths = files_of(batch("export", out, "openai", "openai"))
            got = batch("import", out, "openai", "openai", answer(paths, f"cut{wave}.jsonl", wave == waves - 1))
        expect(f"cut off: {option}", got.returncode == 4 and f"raise {option}" in got.stderr and not (out / "report.json").exists(),
               got.stderr)
        got = batch("export", out, "openai", "openai")
        expect(f"and nothing more is asked: {option}", got.returncode == 4 and f"raise {option}" in got.stderr, got.stderr)


def check_kills(folder: Path):
    """Killed while it imports, at random moments; the same command then ends where it would have ended."""
    expected = results_of(folder / "live-openai-openai")
    files = sorted((folder / "waves-openai-openai").iterdir())
    total, inside, kill = journal(folder / "again0-openai-openai").count(b"\n"), 0, 0
    while kill < KILLS or (inside < KILLS // 2 and kill < 20 * KILLS):
        kill += 1
        out = folder / f"kill{kill}"
        process = subprocess.Popen(arguments("import", out, "openai", "openai", *files), env=ENVIRONMENT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until, path = rng.randrange(total), out / "journal.jsonl"
        while process.poll() is None and (not path.exists() or path.read_bytes().count(b"\n") <= until):
            time.sleep(0.0002)
        process.kill()
        process.wait()
        kept = path.read_bytes().count(b"\n") if path.exists() else 0
        inside += 1 < kept < total
        got = batch("import", out, "openai", "openai", *files)
        expect(f"kill {kill} (seed {SEED})", got.returncode == 0 and results_of(out) == expected, got.stderr)
        lines = [json.loads(line) for line in journal(out).splitlines()[1:]]
        names = [(line["job"], line["id"], line["sample"], line.get("judge")) for line in lines if "failed" not in line]
        expect(f"kill {kill}: no answer is there twice", len(names) == len(set(names)))
    expect("some kills fell into the import", inside > 0, kill)
    print(f"{kill} kills, seed {SEED}: {inside} between the first and the last line")


def check_misuse(folder: Path):
    for words, args in (("expected export or import", []), ("expected export or import", ["send"]),
                        ("--data, --out and --model are needed", ["export", "--data", SUITE, "--out", folder / "x"]),
                        ("responses need a judge", ["export", "--data", SUITE, "--out", folder / "x", "--model", "m"]),
                        ("expected MODEL,API", ["export", "--judge", "m"]), ("no API smoke", ["export", "--judge", "m,smoke"]),
                        ("no FILE", ["import", "--data", SUITE, "--out", folder / "x", "--model", "m", "--task", "mcqa"]),
                        ("unexpected argument y", ["export", "--data", SUITE, "--out", folder / "x", "--model", "m", "--task", "mcqa", "y"]),
                        ("--replay is an option of siuo-eval run", ["export", "--data", SUITE, "--out", folder / "x", "--model", "m",
                                                                    "--replay", "r"]),
                        ("without batch files", ["export", "--data", SUITE, "--out", folder / "y", "--model", "m", "--api", "gemini",
                                                 "--task", "mcqa"])):
        got = subprocess.run([EVAL, "batch", *args], capture_output=True, text=True)
        expect(f"misuse: {words}", got.returncode == 2 and words in got.stderr, got.stderr)
    got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", folder / "x", "--max-file-bytes", "9"], capture_output=True, text=True)
    expect("batch's options are no run's", got.returncode == 2 and "batch export" in got.stderr, got.stderr)
    for args in (["--help"], ["export", "--help"]):
        got = subprocess.run([EVAL, "batch", *args], capture_output=True, text=True)
        expect("help", got.returncode == 0 and "usage: siuo-eval batch export" in got.stdout, got.stderr)


PRELOAD = Path(os.environ["SIUO_BUILD"]) / "tests" / "preload" / "sync_record.so"


def flushed(out: Path, *command) -> bool | None:
    """Whether the command had flushed all of its journal when it ended; None: it never did, or that can't be seen."""
    record = out.with_suffix(".flushed")
    subprocess.run(command, check=True, capture_output=True,
                   env=ENVIRONMENT | {"LD_PRELOAD": str(PRELOAD), "SIUO_SYNC_RECORD": str(record)})
    return int(record.read_text()) == len(journal(out)) if record.exists() else None


def check_flushed(folder: Path):
    """A machine that dies after a command has ended has kept everything that it took."""
    imported, reused, replayed = (folder / f"flushed-{name}" for name in ("import", "reuse", "replay"))
    got = batch("export", imported, "openai", "openai")
    (folder / "then-flushed").mkdir()
    answers = answer_files(files_of(got), folder / "then-flushed", 0, 0)
    earlier = folder / "live-openai-openai"
    found = {"imported": flushed(imported, *arguments("import", imported, "openai", "openai", *answers)),
             "reused": flushed(reused, *arguments("export", reused, "openai", "openai", "--reuse", earlier)),
             "replayed": flushed(replayed, EVAL, "run", "--data", SUITE, "--out", replayed, "--replay", SUITE / "careful.jsonl")}
    if set(found.values()) == {None}:
        print("skipped: whether journals are flushed (nothing can be preloaded into this build)")
        return
    for what, whole in found.items():
        expect(f"what is {what} is flushed", whole is True)
    expect("replies are reused", len(journal(reused)) > 10000, len(journal(reused)))


def check_secrets(folder: Path):
    given = {path for path in folder.rglob("*.jsonl") if path.parent.name.split("-")[0] in ("waves", "calm", "then")}
    found = [path for path in folder.rglob("*") if path.is_file() and path not in given and KEY.encode() in path.read_bytes()]
    expect("no file of ours holds the key", not found, found)
    expect("but the provider's did", any(KEY.encode() in path.read_bytes() for path in given))
    expect("no output holds the key", not any(KEY in text for text in outputs))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        for check in (check_whole, check_with_live_runs, check_panel, check_files, check_damage, check_truncated, check_kills,
                      check_flushed, check_misuse, check_secrets):
            check(Path(name))
    return finish("checks of batch files")


sys.exit(main())
