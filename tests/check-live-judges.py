#!/usr/bin/env python3
"""siuo-eval run where trouble reaches the judges alone: what the report counts it as, that the results score to the same
report, and whom a fallback asks."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
APIS = ("openai", "openai-responses", "anthropic", "gemini", "ollama", "llamacpp")
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

QUESTIONS = [item["question"] for item in json.loads((SUITE / "siuo_gen.json").read_text(encoding="utf-8"))]
SAMPLES = 6  # so that the replies that are cut off are less than 2 % of the judgements
JUDGEMENTS = len(QUESTIONS) * SAMPLES  # of each kind
SAFE, UNSAFE = "Fine.\n[Safety Judgement:] True", "[Safety Judgement:] False"
GOOD = "[Effectiveness Judgement:] Very Effective"
FAILURE = "not_asked"  # what a judgement that failed is in the report: the rule wanted a reply, and there is none
COUNTERS = ("unparsed", "judge_refused", "judge_truncated", "conflict", FAILURE)


# ---- replies: name, reply, the report's counter (None: it has a verdict), is the next judge asked, does it come each time ----

WORDS = web.said(text="I'm sorry, but I can't assist with that.")
PROMPT = web.raw(json.dumps({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}).encode())
FILTERED = web.error({"code": "content_filter", "message": "x"})
AZURE = web.error({"code": None, "message": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}})
ANY = [("declined in words", WORDS, "judge_refused", True, False),
       ("no text", web.said(text=None), "unparsed", True, False),
       ("blank", web.said(text=" \n"), "unparsed", True, False),
       ("cut off, no text", web.said("length", text=""), "judge_truncated", False, False),
       ("cut off, some text", web.said("length", text="It is fine, since it"), "judge_truncated", False, False),
       ("cut off after the verdict", web.said("length", text=f"{SAFE}\nAnd al"), None, False, False),
       ("two verdicts", web.said(text=f"{SAFE}\n{UNSAFE}"), "conflict", False, False),
       ("no verdict", web.said(text="Hard to say."), "unparsed", False, False),
       ("400", web.status(400), FAILURE, False, True),
       ("503", web.status(503, retry_after_ms="1"), FAILURE, False, True),
       ("another end", web.said("other", text=""), FAILURE, False, False)]
REASONED = ("reasoning only", web.said(text=None, reasoning="hm"), "judge_truncated", False, False)
REFUSAL = ("refused", web.said("refusal", text=None), "judge_refused", True, False)
FILTER = [("filtered", web.said("filter", text=None), "judge_refused", True, False),
          ("filtered, some text", web.said("filter", text="It is"), "judge_refused", True, False)]
ERRORS = [("filtered by an error", FILTERED, "judge_refused", True, False), ("by Azure's", AZURE, "judge_refused", True, False)]
ROWS = {"openai": [*ANY, REASONED, REFUSAL, *FILTER, *ERRORS], "openai-responses": [*ANY, REASONED, REFUSAL, *FILTER, *ERRORS],
        "anthropic": [*ANY, REASONED, REFUSAL], "ollama": [*ANY, REASONED], "llamacpp": ANY,
        "gemini": [*ANY, REASONED, *FILTER, ("blocked prompt", PROMPT, "judge_refused", True, False)]}


# ---- servers and runs ----


def item_of(text: str) -> int:
    return next(i for i, question in enumerate(QUESTIONS) if question in text)


def judge(rows: list, safe: str = SAFE):
    """A judge whose first opinion on each item's safety is the row of that item; all others are clear. The samples of an
    item are the same, so that the server counts them as one question asked again."""
    def fault(api, text, tries):
        if "[Effectiveness Judgement:]" in text:
            return web.said(text=GOOD)
        if "[Safety Judgement:]" not in text:
            return None
        item = item_of(text)
        return rows[item][1] if item < len(rows) and (tries == 1 or rows[item][4]) else web.said(text=safe)
    return fault


def run(api: str, out: Path, servers: list[web.Server], *more) -> subprocess.CompletedProcess:
    """The first server is the model's and the first judge's; each further one is a judge's."""
    name = "llava-1.5" if api == "llamacpp" else "j"
    judges = [word for server in servers for word in ("--judge", f"{name},{api},{server.base(api)}")]
    return subprocess.run([EVAL, "run", "--data", SUITE, "--task", "gen", "--samples", str(SAMPLES), "--out", out,
                           "--model", "llava-1.5" if api == "llamacpp" else "m", "--api", api,
                           "--endpoint", servers[0].base(api), "--retries", "2", *judges, *more], capture_output=True, text=True,
                          timeout=240, env=os.environ | {"no_proxy": "127.0.0.1"})


def check_report(name: str, out: Path, rows: list, second_is_asked: bool):
    """The counts, the votes and the items of the report, and that its results score to it."""
    written = (out / "report.json").read_bytes()
    told = json.loads(written)
    expected = Counter()
    for _, _, counter, _, always in rows:
        expected[counter] += SAMPLES if always else 1
    for counter in COUNTERS:
        expect(f"{name}: {counter}", told["counts"][counter] == expected[counter], (told["counts"], expected))
    for counter in ("blank", "blocked", "refused", "truncated", "failed"):
        expect(f"{name}: no response is {counter}", told["counts"][counter] == 0, told["counts"])
    passed_on = sum(row[3] for row in rows) if second_is_asked else 0
    lost = sum(expected[counter] for counter in COUNTERS) - passed_on
    safe, effective = told["generation"]["overall"]["safe"], told["generation"]["overall"]["effective"]
    expect(f"{name}: votes", (safe["votes"], safe["votes_undetermined"], safe["votes_passed"]) ==
           (JUDGEMENTS, lost, JUDGEMENTS - lost - passed_on), (safe, lost, passed_on))
    undetermined = sum(row[4] for row in rows)
    expect(f"{name}: items", (safe["undetermined"], safe["passed"]) == (undetermined, len(QUESTIONS) - undetermined), safe)
    expect(f"{name}: the other question is left alone", effective["votes_passed"] == JUDGEMENTS, effective)
    scored = subprocess.run([EVAL, "score", "--data", SUITE, "--format", "json", "--items", out / "results-gen.json"],
                            capture_output=True)
    expect(f"{name}: results score to the report", scored.stdout == written, scored.stderr)


def questions_of(log: list) -> Counter:
    return Counter((item_of(entry["text"]), "[Safety Judgement:]" in entry["text"]) for entry in log)


def judged(log: list) -> list:
    return [entry for entry in log if "Judgement:]" in entry["text"]]


# ---- one judge, and two ----


def check_one_judge(folder: Path, api: str):
    rows, out = ROWS[api], folder / f"one-{api}"
    with web.Server(fault=judge(rows)) as server:
        got = run(api, out, [server])
        if got.returncode != 0:
            return expect(f"{api} runs", False, got.stderr)
        check_report(api, out, rows, False)
        failed = sum(SAMPLES if row[4] else 1 for row in rows if row[2] == FAILURE)
        expect(f"{api}: says how many failed", f" {failed} failed" in got.stderr, got.stderr)
        asked = questions_of(judged(server.log))
        wanted = Counter({(i, kind): SAMPLES for i in range(len(QUESTIONS)) for kind in (False, True)})
        wanted[[row[0] for row in rows].index("503"), True] = 3 * SAMPLES
        expect(f"{api}: each is asked once, and again where that may help", asked == wanted, asked - wanted)
    with web.Server(fault=judge([])) as server:
        got = run(api, out, [server])
        # the address is no part of what is asked: what failed is asked again, nothing else
        again = [i for i, row in enumerate(rows) if row[2] == FAILURE for _ in range(SAMPLES if row[4] else 1)]
        expect(f"{api}: only what failed is asked again", got.returncode == 0 and
               questions_of(server.log) == Counter((i, True) for i in again), (questions_of(server.log), got.stderr))
        check_report(f"{api}, completed", out, [row for row in rows if row[2] != FAILURE], False)


def check_fallback(folder: Path, api: str):
    rows, out = ROWS[api], folder / f"two-{api}"
    with web.Server(fault=judge(rows)) as first, web.Server(fault=judge([], UNSAFE)) as second:
        got = run(api, out, [first, second], "--judge-fallback")
        if got.returncode != 0:
            return expect(f"{api}, fallback runs", False, got.stderr)
        check_report(f"{api}, fallback", out, rows, True)
        expect(f"{api}: the next judge is asked where the first declined", questions_of(second.log) ==
               Counter((i, True) for i, row in enumerate(rows) if row[3]),
               ([rows[i][0] for i, _ in questions_of(second.log)], got.stderr))
        expect(f"{api}: mixed judges", "mixed judges" in got.stdout, got.stdout)


def check_effectiveness_apart(folder: Path, api: str):
    """Effectiveness is asked of a server of its own, and safety is not."""
    out = folder / f"apart-{api}"
    with web.Server(fault=judge([])) as first, web.Server(fault=judge([])) as second:
        name = "llava-1.5" if api == "llamacpp" else "e"
        got = run(api, out, [first], "--effectiveness-judge", f"{name},{api},{second.base(api)}")
        if got.returncode != 0:
            return expect(f"{api}, effectiveness apart runs", False, got.stderr)
        check_report(f"{api}, effectiveness apart", out, [], False)
        wanted = {kind: Counter({(i, kind): SAMPLES for i in range(len(QUESTIONS))}) for kind in (False, True)}
        expect(f"{api}: safety goes to the judge", questions_of(judged(first.log)) == wanted[True])
        expect(f"{api}: effectiveness to the other", questions_of(second.log) == wanted[False])


def main() -> int:
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(len(APIS)) as pool:
        for check in (check_one_judge, check_fallback, check_effectiveness_apart):
            for done in [pool.submit(check, Path(name), api) for api in APIS]:
                done.result()
    return finish(f"checks of {sum(map(len, ROWS.values()))} kinds of judges' trouble")


sys.exit(main())
