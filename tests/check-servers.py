#!/usr/bin/env python3
"""siuo-eval run against what servers and gateways really send: when it stops, what it says, and what it says may help. The
shared vectors, where they are, and cases of our own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SHARED = os.environ.get("SIUO_SHARED") or "/nowhere"
SUITE = ROOT / "examples" / "sample-suite"
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

ENVIRONMENT = os.environ | {"TEST_KEY": f"sk-test-{os.getpid()}-0123456789abcdef", "no_proxy": "127.0.0.1"}


def run(server: web.Server, api: str, out: Path, *more, data: Path = SUITE) -> subprocess.CompletedProcess:
    model = "llava-1.5" if api == "llamacpp" else "m-1"
    args = [EVAL, "run", "--data", data, "--out", out, "--model", model, "--api", api, "--endpoint", server.base(api), "--key-env", "TEST_KEY",
            "--judge", f"j-1,openai,{server.base('openai')},TEST_KEY", "--task", "gen", "--samples", 1, "--concurrency", 1,
            "--max-undetermined", "75%", *more]
    return subprocess.run([str(arg) for arg in args], capture_output=True, text=True, timeout=120, env=ENVIRONMENT)


def is_judge(text: str) -> bool:
    return "Judgement:]" in text


def row(about: str, status: int, body, want: str = "failed", **more) -> dict:
    return {"about": about, "api": "openai", "http_status": status, "headers": {}, "body": body, "want": want} | more


def error(message: str, **more) -> dict:
    return {"error": {"message": message} | more}


OWN = [
    row("n, as llama.cpp has it", 400, error("Field 'n_cmpl': Value must be between 1 and 1"), advice=["--omit n"]),
    row("n, in its other words", 400, error("Field 'n': Value must be between 1 and 4"), advice=["--omit n"]),
    row("a cap, as llama.cpp has it", 400, error("Field 'max_tokens': Value must be between -1 and 100"), advice=["--max-tokens"]),
    row("a cap, as Anthropic has it", 400, error("max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens"),
        api="anthropic", advice=["--max-tokens"]),
    row("the context", 400, error("This model's maximum context length is 4096 tokens."), advice=["lower --max-tokens", "--max-model-len"]),
    row("a judge's context", 400, error("x", type="exceed_context_size_error"), kind="judge_safety", advice=["--judge-max-tokens"]),
    row("a grammar", 400, error("Failed to parse grammar"), kind="judge_safety", advice=["--judge-schema"]),
    row("the router", 400, error("model name is missing from the request"), api="llamacpp", advice=["--extra", '"model"']),
    row("a model's name", 400, error("The model 'm-1' was not found"), advice=["check the model's name"]),
    row("no projector", 400, error("image input is not supported - hint: you may need to provide the mmproj"), advice=["--mmproj"]),
    row("streams only", 400, error("This model only supports stream mode"), advice=["--stream"]),
    row("a limit of a day in words", 402, error("You have used all requests per day"), want="stop", advice=["of a day"]),
    row("a wrong path, under 200", 200, {"error": "Unexpected endpoint: none of that name"}, want="stop after a few", advice=["--endpoint"]),
    row("a wrong key, under 200", 200, error("Bad key.", type="authentication_error"), want="stop", advice=["check the key"]),
    row("two hours", 429, error("Please try again in 2h3m20s"), want="stop", says=["asks to wait for 2 h 3 min", "again after 20"]),
    row("moderated", 403, error("This was flagged."), want="go on"),
    row("thinking only", 200, {"content": [{"type": "thinking", "thinking": "Hm."}], "stop_reason": "end_turn"}, want="truncated", api="anthropic",
        says=["reasoning parser"], says_not=["raise --max-tokens"]),
    row("no tokens left", 200, {"content": [], "stop_reason": "max_tokens"}, want="truncated", api="anthropic", says=["raise --max-tokens"],
        says_not=["reasoning parser"]),
]


def vectors() -> list[dict]:
    path = Path(SHARED) / "vectors" / "wire.jsonl"
    if not path.exists():
        print(f"skipped: no {path}")
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def fault_of(case: dict):
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    headers = {name.replace("-", "_"): value for name, value in case["headers"].items()}
    return web.raw(body.encode(), case["http_status"], **headers)


def check_case(folder: Path, number: int, case: dict):
    """A server that always says so (of a moderated question: once)."""
    fault, left = fault_of(case), iter([True])
    judges, once = case.get("kind", "").startswith("judge"), case["want"] == "go on"

    def says(api, text, tries):
        return fault if is_judge(text) == judges and (not once or next(left, False)) else None
    started, about = time.time(), f"{case['about']} ({number})"
    with web.Server(fault=says) as server:
        got = run(server, case["api"], folder / str(number), "--retries", 1, "--limit", 12)
        asked = sum(is_judge(entry["text"]) == judges for entry in server.log)
    expect(f"{about}: at once", time.time() - started < 30, got.stderr)
    if once:
        report = folder / str(number) / "report.json"
        counts = json.loads(report.read_bytes())["counts"] if report.exists() else {"failed": 0, "blocked": 0}
        expect(f"{about}: goes on", got.returncode == 0 and asked == 12 and counts["failed"] + counts["blocked"] == 1, (asked, got.stderr))
        return
    expect(f"{about}: stops", got.returncode != 0 and 1 <= asked <= (2 if case["want"] == "stop" else 12), (asked, got.stderr))
    for words in case.get("says", []) + case.get("advice", []):
        expect(f"{about}: says {words}", words in got.stderr, got.stderr)
    for words in case.get("says_not", []):
        expect(f"{about}: says no {words}", words not in got.stderr, got.stderr)


def check_cases(folder: Path):
    shown = ("stop", "stop after a few", "go on")
    for number, case in enumerate(OWN + vectors()):
        if case["api"] != "batch" and (case["want"] in shown or "advice" in case or "says_not" in case):
            check_case(folder, number, case)


def check_few(folder: Path):
    """Fewer questions than it takes to stop: what may help is said at the end."""
    with web.Server(fault=lambda api, text, tries: web.error({"message": "Field 'n': Value must be between 1 and 4"})) as server:
        got = run(server, "openai", folder / "few", "--limit", 2)
    expect("the advice at the end", "--omit n asks for one answer" in got.stderr and "each of the first 2 replies" in got.stderr, got.stderr)
    left = iter([True])
    with web.Server(fault=lambda *_: web.error({"message": "x"}) if next(left, False) else None) as server:
        got = run(server, "openai", folder / "one-of-few", "--limit", 2)
    expect("none where another was answered", got.returncode == 0 and "each of the first" not in got.stderr, got.stderr)


def as_stream(handler, api, texts):
    """The reply of a server that only streams."""
    pieces = [{"choices": [{"index": i, "delta": {"content": part}}]} for i, text in enumerate(texts) for part in (text[:5], text[5:])]
    pieces += [{"choices": [{"index": i, "delta": {}, "finish_reason": "stop"}]} for i in range(len(texts))]
    lines = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + "data: [DONE]\n\n"
    handler.send(200, lines.encode(), Content_Type="text/event-stream")


def check_streams(folder: Path):
    reports = []
    for name, fault in (("plain", None), ("streamed", lambda api, text, tries: as_stream)):
        with web.Server(fault=fault) as server:
            got = run(server, "openai", folder / name, "--limit", 4)
        expect(f"{name}: answered", got.returncode == 0, got.stderr)
        reports.append(json.loads((folder / name / "report.json").read_bytes())["generation"] if got.returncode == 0 else name)
    expect("a server that streams gives the same report", reports[0] == reports[1])


def check_webp(folder: Path):
    """A picture that the server can't read is named, with its type and what helps."""
    data = folder / "webp-data"
    shutil.copytree(SUITE, data)
    for path in (data / "images").iterdir():
        path.write_bytes(b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0")
    with web.Server(fault=lambda api, text, tries: web.error({"message": "Failed to load image or audio file"})) as server:
        got = run(server, "openai", folder / "webp", "--limit", 6, data=data)
    item = json.loads((data / "siuo_gen.json").read_text(encoding="utf-8"))[0]
    expect("the picture, its type and the remedy", got.returncode != 0 and item["image"] in got.stderr and "image/webp" in got.stderr and
           "PNG or JPEG" in got.stderr, got.stderr)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        for check in (check_cases, check_few, check_streams, check_webp):
            check(Path(name))
    return finish("checks of what servers send")


sys.exit(main())
