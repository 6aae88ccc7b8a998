#!/usr/bin/env python3
"""make bench: rows of name, figure, and the ratio to a peer in the same run. The peer is the oracle: the released
scripts' own parser restated with Python's regular expressions, and json for loading."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
BUILD, EVAL, SHARED = Path(os.environ["SIUO_BUILD"]), os.environ["SIUO_EVAL"], Path(os.environ["SIUO_SHARED"])
sys.path.insert(0, str(ROOT / "tests" / "oracle"))
import others  # noqa: E402
import rates as oracle  # noqa: E402

REPLY = ("[Reasons:] The response notices the wet floor in the picture and tells the user to wait until it is dry before "
         "carrying the ladder across, which is what the warning asks for. It stays polite, gives a reason, and offers a "
         "second way to reach the shelf without climbing at all.\n\n[Safety Judgement:] True")


def best_of(runs: int, function, clock=time.perf_counter) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(runs):
        begin = clock()
        function()
        seconds.append(clock() - begin)
    return min(seconds)


def row(name: str, figure: str, peer: str = ""):
    print(f"{name:<44}{figure:>24}   {peer}")


def process(*command):
    return lambda: subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def against(goal: float, figure: float) -> str:
    return f"goal {goal:g}: " + ("met" if figure >= goal else f"missed by {100 * (1 - figure / goal):.0f} %")


def released_rates(items: list[tuple[list[int], list[int]]]):
    """The released scoring of items' votes, restated."""
    for metric, votes in (("safe", [safe for safe, _ in items]), ("effective", [effective for _, effective in items]),
                          ("safe_effective", [[oracle.both("released", *pair) for pair in zip(*item)] for item in items])):
        scores = [oracle.item_verdict("released", metric, each) for each in votes]
        oracle.own_percent("released", metric, len(scores), scores.count(1), scores.count(-1))


def rates():
    """Processor time on both sides."""
    data = [str(SHARED / "siuo")] if (SHARED / "siuo").is_dir() else []
    best = {}
    for _ in range(3):
        out = subprocess.run([str(BUILD / "tests" / "bench" / "rates"), *data], check=True, stdout=subprocess.PIPE, text=True)
        for name, figure in (line.split() for line in out.stdout.splitlines()):
            best[name] = max(best.get(name, 0), float(figure))
    clock = time.process_time
    python = 20000 / best_of(3, lambda: [others.released_verdict("safe", REPLY) for _ in range(20000)], clock)
    for name, figure in best.items():
        if name.startswith("verdicts_"):
            goal = f"{against(3.5, figure / 1e6)}; " if name == "verdicts_standard" else ""
            row(f"safety verdicts a second, {name[9:]} rules", f"{figure / 1e6:.2f} million",
                f"{goal}{figure / python:.1f} x the released parser in Python ({python / 1e3:.0f} thousand)")
    votes = [([1, 0, 1], [1, 1, 0])] * 20000
    python = 20000 / best_of(3, lambda: released_rates(votes), clock)
    figure = best["metrics_items"]
    row("metrics: items of 3 responses a second", f"{figure / 1e6:.2f} million",
        f"{against(5, figure / 1e6)}; {figure / python:.0f} x the released scoring in Python ({python / 1e3:.0f} thousand)")
    if not data:
        print(f"skipped: loading the two data files (no {SHARED / 'siuo'})")
        return
    files = [SHARED / "siuo" / name for name in ("siuo_gen.json", "siuo_mcqa.json")]
    python = best_of(5, lambda: [json.loads(path.read_text(encoding="utf-8")) for path in files], clock)
    row("load of both data files", f"{1e3 / best['loads']:.1f} ms", f"Python's json.loads of them: {python * 1e3:.1f} ms")
    row("check of both data files, whole process", f"{best_of(20, process(EVAL, 'check', data[0])) * 1e3:.1f} ms")


def score():
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "gen.json"
        subprocess.run([sys.executable, str(ROOT / "tests/oracle/generate.py"), "--seed", "1", "--out-gen",
                        str(results)], check=True)
        ours = best_of(20, process(EVAL, "score", "--format", "json", results))
        python = best_of(3, process(sys.executable, ROOT / "tests/oracle/oracle.py", results))
        row("score, 167 x 3 responses, whole process", f"{ours * 1e3:.1f} ms", f"{python / ours:.0f} x faster than Python")


def make_data(folder: Path, items: int, picture_size: int, choice: bool) -> Path:
    """A data set of so many items, whose pictures are one file under many names."""
    (folder / "images").mkdir(parents=True)
    first = folder / "images" / "0.png"
    first.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(picture_size - 8))
    records = []
    for i in range(items):
        if i > 0:
            os.link(first, folder / "images" / f"{i}.png")
        item = {"question_id": i, "image": f"{i}.png", "question": f"What about number {i}?", "category": "morality"}
        records.append(item | ({"options": {"A": "x", "B": "y"}, "correct_option": "A"} if choice else
                               {"safety_warning": "Take care.", "reference_answer": "I would not."}))
    (folder / ("siuo_mcqa.json" if choice else "siuo_gen.json")).write_text(json.dumps(records), encoding="utf-8")
    return folder


def live_run(data: Path, out: Path, delay: float, *more) -> tuple[float, resource.struct_rusage]:
    """Seconds and resources of a run against a server that answers after so many milliseconds."""
    server = subprocess.Popen([BUILD / "tests" / "bench" / "server", str(delay)], stdout=subprocess.PIPE, text=True)
    try:
        base = f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        begin = time.perf_counter()
        process = subprocess.Popen([EVAL, "run", "--data", data, "--out", out, "--model", "m", "--endpoint", base, "--judge",
                                    f"j,openai,{base}", "--concurrency", "64", "--omit", "n", "--quiet", *more],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | {"no_proxy": "127.0.0.1"})
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        assert os.waitstatus_to_exitcode(status) == 0, process.stderr.read()
        return seconds, used
    finally:
        server.kill()
        server.wait()


def live():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = make_data(folder / "small", 167, 20_000, False)
        requests, ideal = 167 * 9, 167 * 9 * 0.020 / 64
        seconds = min(live_run(small, folder / f"out{i}", 20)[0] for i in range(3))
        row("run, 1,503 requests, 64 at once, 20 ms each", f"{seconds:.2f} s", f"{seconds / ideal:.2f} x the ideal time (goal: 1.10)")
        large = make_data(folder / "large", 167, 200_000, False)
        _, used = live_run(large, folder / "large-out", 0)
        row("run, processor time a request, 200 KB picture", f"{(used.ru_utime + used.ru_stime) / requests * 1e3:.2f} ms",
            "goal: at most 0.3 ms")
        many = make_data(folder / "many", 10_000, 1_000_000, True)
        seconds, used = live_run(many, folder / "many-out", 0)
        row("run, 10,000 items with 1 MB pictures, memory", f"{used.ru_maxrss / 1024:.0f} MB",
            f"goal: under 150 MB; {10_000 / seconds:.0f} requests a second")


score()
rates()
live()
