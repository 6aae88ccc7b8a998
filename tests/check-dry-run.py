#!/usr/bin/env python3
"""siuo-eval run --dry-run: its figures are those of the run that follows, reckoned from the requests that a server gets."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
ENVIRONMENT = os.environ | {"no_proxy": "127.0.0.1"}
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

# As docs/running.md says.
PICTURE_TOKENS = {"openai": 765, "openai-responses": 765, "anthropic": 1600, "gemini": 258, "ollama": 576, "llamacpp": 576}
EXPECTED = {"responses": 300, "choices": 5, "safety": 100, "effectiveness": 100}
CAPS = {"responses": 2048, "choices": 16, "safety": 1024, "effectiveness": 1024}


def run(*args) -> subprocess.CompletedProcess:
    return subprocess.run([EVAL, "run", *(str(arg) for arg in args)], capture_output=True, text=True, timeout=240, env=ENVIRONMENT)


def kind_of(text: str) -> str:
    for kind, words in (("safety", "[Safety Judgement:]"), ("effectiveness", "[Effectiveness Judgement:]"),
                        ("choices", "letter of the option")):
        if words in text:
            return kind
    return "responses"


def system_of(api: str, body: dict) -> str:
    if api == "gemini":
        return body.get("systemInstruction", {"parts": [{"text": ""}]})["parts"][0]["text"]
    if api in ("openai", "ollama"):
        return "".join(message["content"] for message in body["messages"] if message["role"] == "system")
    return body.get("instructions" if api == "openai-responses" else "system", "")


def model_of(entry: dict) -> str:
    return entry["body"].get("model") or re.search(r"models/([^:]+):", entry["path"])[1]


def dollars(n: float) -> str:
    return f"${n:.2f}" if n < 100 else f"${n:.0f}"


def about(n: float) -> str:
    return f"{n:.0f}" if n < 9999.5 else f"{n / 1e3:.0f} k" if n < 9999500 else f"{n / 1e6:.0f} M"


class Row:
    """What one party is asked of one kind."""

    def __init__(self):
        self.requests = self.pictures = self.bytes = self.base64 = self.uncertain = 0
        self.tokens, self.most, self.capped, self.bounded = [0, 0], [0, 0], True, True  # tokens in, out
        self.api = ""

    def __iadd__(self, other):
        for name in ("requests", "pictures", "bytes", "base64", "uncertain"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.tokens = [a + b for a, b in zip(self.tokens, other.tokens)]
        self.most = [a + b for a, b in zip(self.most, other.most)]
        self.capped &= other.capped and other.bounded
        self.bounded &= other.capped and other.bounded
        return self

    def cells(self, way: int) -> list[str]:
        """As the table prints them, with prices of a dollar a token in (0) or out (1), and nothing the other way."""
        return [str(self.requests), str(self.pictures), about(self.tokens[0]), about(self.tokens[1]),
                about(self.most[1]) if self.capped else "no cap", dollars(self.tokens[way]),
                dollars(self.most[way]) if self.capped and self.bounded else "no cap"]


PROTOCOL = "protocol.json"
BLIND = {"schema": "siuo-protocol/1", "name": "blind", "samples": 2, "generate": {"prompt": "{question}"},
         "choose": {"prompt": "letter of the option {question} {option}"},
         "safety": {"prompt": "[Safety Judgement:] {question} {response}", "picture": "none"},
         "effectiveness": {"prompt": "[Effectiveness Judgement:] {question} {response}", "picture": "none"}}


class Scenario:
    def __init__(self, name, api="openai", judges=("openai",), omit=(), judge_omit=None, cap=2048, judge_cap=1024, system="",
                 held=0, certain=None, words=(), more=()):
        self.name, self.api, self.judges, self.omit, self.cap, self.judge_cap = name, api, judges, omit, cap, judge_cap
        self.judge_omit = omit if judge_omit is None else judge_omit
        self.system, self.held, self.words, self.more = system, held, words, more
        self.certain = certain or {}  # judgements of responses that are held, by kind

    def has_cap(self, kind: str, api: str) -> bool:
        omit = self.omit if kind in ("responses", "choices") else self.judge_omit
        return "max_tokens" not in omit or api == "anthropic"

    def cap_of(self, kind: str) -> int:
        return {"responses": self.cap, "choices": CAPS["choices"]}.get(kind, self.judge_cap)

    def expected(self, kind: str, api: str) -> int:
        return min(EXPECTED[kind], self.cap_of(kind)) if self.has_cap(kind, api) else EXPECTED[kind]

    def options(self, folder: Path) -> list:
        if PROTOCOL in self.more:
            (folder / PROTOCOL).write_text(json.dumps(BLIND), encoding="utf-8")
        options = ["--data", SUITE, "--model", "m-1", "--api", self.api, "--omit", ",".join(self.omit), "--judge-omit",
                   ",".join(self.judge_omit), "--max-tokens", self.cap, "--judge-max-tokens", self.judge_cap,
                   *(folder / PROTOCOL if word == PROTOCOL else word for word in self.more)]
        if self.system:
            (folder / "system.txt").write_text(self.system, encoding="utf-8")
            options += ["--system", folder / "system.txt"]
        return options


SCENARIOS = [
    Scenario("plain"),
    Scenario("a panel, of which one judge has no cap", judges=("anthropic", "gemini", "openai-responses"), judge_omit=("max_tokens",), judge_cap=60,
             more=("--samples", 2, "--limit", 12)),
    Scenario("no cap for the responses, so none for the judges' questions", omit=("max_tokens",), judge_omit=(), judge_cap=50,
             more=("--task", "gen", "--limit", 4)),
    Scenario("short caps, a system prompt, one answer a request", omit=("n",), cap=299, judge_cap=99, system="Be brief: \u00fc!",
             more=("--limit", 9, "--permutations", 2)),
    Scenario("millions", api="gemini", judges=("ollama",), cap=1000000, more=("--task", "gen")),
    Scenario("Anthropic has caps in any case", api="anthropic", judges=("anthropic",), omit=("max_tokens",), cap=301,
             more=("--samples", 1, "--limit", 20)),
    Scenario("a run that goes on", held=37, certain={"safety": 1, "effectiveness": 2}, more=("--samples", 2),
             words=("Not counted: 37 replies that",)),  # 7 items, and of an eighth both responses and a judgement
    Scenario("a fallback", judges=("openai", "ollama"), more=("--judge-fallback", "--task", "gen", "--limit", 3),
             words=("More: each judge that declines is followed by the next.",)),
    Scenario("a judge without pictures", judges=("anthropic",), more=("--protocol", PROTOCOL, "--task", "gen")),
    Scenario("choices only", judges=(), more=("--task", "mcqa", "--limit", 5)),
]


def answers_of(scenario: Scenario):
    def fault(api, text, tries):
        kind = kind_of(text)
        said = {"responses": "x" * (4 * scenario.expected("responses", api)), "choices": "A", "safety": "[Safety Judgement:] True",
                "effectiveness": "[Effectiveness Judgement:] Ineffective"}[kind]
        return lambda handler, name, answers: handler.send(200, json.dumps(web.reply(name, [said] * len(answers))).encode())
    return fault


def reckon(scenario: Scenario, log: list[dict]) -> dict[tuple[str, int], Row]:
    """Rows by kind and judge, of what the server was asked."""
    longer = scenario.cap - scenario.expected("responses", scenario.api)  # than expected a response may be
    rows: dict[tuple[str, int], Row] = {}
    for entry in log:
        kind, api = kind_of(entry["text"]), entry["api"]
        judge = int(model_of(entry).removeprefix("j-")) if kind in ("safety", "effectiveness") else 0
        row = rows.setdefault((kind, judge), Row())
        size = len(entry["text"].encode()) + len(system_of(api, entry["body"]).encode())
        tokens = (size + 3) // 4 + (PICTURE_TOKENS[api] if entry["pictures"] else 0)
        uncertain = kind in ("safety", "effectiveness")
        row.api = api
        row.requests += 1
        row.pictures += len(entry["pictures"])
        row.bytes += int(entry["headers"]["content-length"])
        row.uncertain += uncertain
        row.tokens[0] += tokens
        row.most[0] += tokens + uncertain * longer
        row.tokens[1] += entry["count"] * scenario.expected(kind, api)
        row.most[1] += entry["count"] * scenario.cap_of(kind)
        row.capped = scenario.has_cap(kind, api)
        row.bounded = not uncertain or scenario.has_cap("responses", scenario.api)
    for kind, count in scenario.certain.items():
        rows[kind, 0].uncertain -= count
        rows[kind, 0].most[0] -= count * longer
    return rows


def table_of(text: str) -> dict:
    rows = {}
    for line in text.splitlines():
        found = re.match(r"(responses|choices|safety|effectiveness|together)(?: (\d+))? +(?:[mj]-\d+)? +(\d+) +(\d+)  +(.*)", line)
        if found:
            kind, judge, requests, pictures, rest = found.groups()
            rows[kind, int(judge or 1) - 1] = [requests, pictures, *re.split(r"  +", rest)]
    return rows


def check(scenario: Scenario, folder: Path):
    folder.mkdir()
    options = scenario.options(folder)
    out = folder / "out"
    with web.Server(fault=answers_of(scenario)) as server:
        judges = [f"j-{i},{api}" for i, api in enumerate(scenario.judges)]
        live = sum((["--judge", f"{judge},{server.base(api)}"] for judge, api in zip(judges, scenario.judges)), [])
        more = ["--endpoint", server.base(scenario.api), "--out", out]
        if scenario.held:
            run(*options, *live, *more, "--max-requests", scenario.held, "--concurrency", 1)
        start, texts = len(server.log), []
        for price in ({"input": 1e6, "output": 0}, {"input": 0, "output": 1e6}):
            (folder / "prices.json").write_text(json.dumps({name: price for name in ("m-1", "j-0", "j-1", "j-2")}), encoding="utf-8")
            dry = run(*options, *sum((["--judge", judge] for judge in judges), []), "--dry-run", "--prices", folder / "prices.json",
                      *(["--out", out] if scenario.held else []))
            expect(f"{scenario.name}: a dry run", dry.returncode == 0 and len(server.log) == start, dry.stderr)
            texts.append(dry.stdout)
        got = run(*options, *live, *more)
        expect(f"{scenario.name}: the run", got.returncode == 0, got.stderr)
        rows = reckon(scenario, server.log[start:])
    total = Row()
    for row in rows.values():
        total += row
    for way, text in enumerate(texts):
        expected = {key: row.cells(way) for key, row in rows.items()} | {("together", 0): total.cells(way)}
        found = table_of(text)
        expect(f"{scenario.name}: the table", found == expected,
               {key: (found.get(key), expected.get(key)) for key in found | expected if found.get(key) != expected.get(key)})
        expect(f"{scenario.name}: bytes", f"; {total.bytes / 1e6:.2f} MB in all requests." in text, (total.bytes, text))
        shown = [f" {tokens} ({api})" for api, tokens in PICTURE_TOKENS.items()
                 if any(row.api == api and row.pictures > 0 for row in rows.values())]
        expect(f"{scenario.name}: pictures", f"a picture as{','.join(shown) or ' none'};" in text, text)
        expect(f"{scenario.name}: what is said", all(words in text for words in scenario.words) and
               ("More: " in text) == any("More: " in words for words in scenario.words), text)
        uncertain = re.search(r"At most: (\d+) of the judgements", text)
        expect(f"{scenario.name}: what is uncertain", (int(uncertain[1]) if uncertain else 0) == total.uncertain, text)


with tempfile.TemporaryDirectory() as name:
    for number, scenario in enumerate(SCENARIOS):
        check(scenario, Path(name) / str(number))
sys.exit(finish("figures of dry runs"))
