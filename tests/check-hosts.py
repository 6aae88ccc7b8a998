#!/usr/bin/env python3
"""siuo-eval and secrets: a server for each role looks at every header and body that it gets. Each secret reaches its own host
and no other, and stands in no file, message or argument list; answers keep their words."""

import base64
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["SIUO_SRCDIR"])
EVAL = os.environ["SIUO_EVAL"]
SUITE = ROOT / "examples" / "sample-suite"
sys.path.insert(0, str(ROOT / "tests" / "support"))
import server as web  # noqa: E402
from checks import expect, finish  # noqa: E402

ROLES = {"model": "openai", "judge-1": "anthropic", "judge-2": "gemini", "effective-1": "openai-responses", "effective-2": "ollama"}
JUDGES = set(ROLES) - {"model"}
TEAM = "effective"  # a header's value that is a word of answers
SECRETS = {name: f"sk-{name.lower().replace('_', '-')}-{os.getpid()}-0123456789abcdef" for name in (
    "MODEL_KEY", "J1_KEY", "J2_KEY", "E1_KEY", "E2_KEY", "GATE", "MODEL_GATE", "ALL", "SAME", "SAME_2", "ONE", "TWO", "THREE", "FOUR",
    "QUERY", "PROXY")}
REACHES = {"MODEL_KEY": {"model"}, "J1_KEY": {"judge-1"}, "J2_KEY": {"judge-2"}, "E1_KEY": {"effective-1"}, "E2_KEY": {"effective-2"},
           "GATE": {"model"}, "MODEL_GATE": {"model"}, "ALL": JUDGES, "SAME": JUDGES - {"judge-2"}, "SAME_2": {"judge-2"}, "ONE": {"judge-1"},
           "TWO": {"judge-2"}, "THREE": {"effective-1"}, "FOUR": {"effective-2"}, "QUERY": {"judge-2"}, "PROXY": set()}
OPEN = ["--max-undetermined", "100%"]
HEADERS = ["--header", "api-key=GATE", "--header", "X-Gate=MODEL_GATE", "--header", "x-team=TEAM", "--judge-header", "x-all=ALL",
           "--judge-header", "x-same=SAME", "--judge-header", "2:X-Same=SAME_2", "--judge-header", "1:x-gate=ONE", "--judge-header",
           "2:x-gate=TWO", "--judge-header", "3:x-gate=THREE", "--judge-header", "4:x-gate=FOUR", "--panel", "all"]
SETTINGS = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
ENVIRONMENT = SETTINGS | SECRETS | {"TEAM": TEAM, "no_proxy": "127.0.0.1"}
outputs = []


class Recorder(web.Handler):
    """Keeps the bytes of each request as they came; of a proxy, also those for other hosts."""

    def keep(self, body: bytes) -> bytes:
        lines = [self.requestline] + [f"{name}: {value}" for name, value in self.headers.items()]
        self.server.seen.append((self.headers.get("Host", ""), "\n".join(lines), body))
        return body

    def do_POST(self):
        body = self.keep(self.rfile.read(int(self.headers["Content-Length"])))
        rfile, self.rfile = self.rfile, io.BytesIO(body)
        if self.path.startswith("http://"):
            self.path = "/" + self.path.split("/", 3)[3]
        super().do_POST()
        self.rfile = rfile

    def do_GET(self):
        self.keep(b"")
        self.send(404, b"{}")

    def do_CONNECT(self):
        self.keep(b"")
        self.send(403, b"{}")


def start(fault=None) -> web.Server:
    server = web.Server(fault=fault)
    server.RequestHandlerClass, server.seen = Recorder, []
    return server


def named(role: str, base: str) -> str:
    path = "/v1" if ROLES[role].startswith("openai") else ""
    return base + path + (f"?key={SECRETS['QUERY']}" if role == "judge-2" else "")


def parties(bases: dict[str, str] | None) -> list[str]:
    """The options that name the model and its judges; without addresses, where None."""
    args = ["--model", "m-1", "--key-env", "MODEL_KEY"] + (["--endpoint", named("model", bases["model"])] if bases else [])
    for option, prefix, letter in (("--judge", "judge", "J"), ("--effectiveness-judge", "effective", "E")):
        for i in (1, 2):
            role = f"{prefix}-{i}"
            where = f",{named(role, bases[role])},{letter}{i}_KEY" if bases else ""
            args += [option, f"{role},{ROLES[role]}{where}"]
    return args


def run(*args, environment: dict | None = None, written: tuple = ("QUERY",)) -> subprocess.CompletedProcess:
    args = [str(arg) for arg in args]
    child = subprocess.Popen([EVAL, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment or ENVIRONMENT, text=True)
    try:
        shown = Path(f"/proc/{child.pid}/cmdline").read_bytes()
    except OSError:
        shown = b""
    out, err = child.communicate(timeout=120)
    outputs.append(out + err)
    hidden = [value for name, value in SECRETS.items() if name not in written]  # by the user
    expect("no argument list holds a secret", not any(value.encode() in shown for value in hidden), shown)
    return subprocess.CompletedProcess(args, child.returncode, out, err)


def evaluate(out: Path, bases: dict, *more, **options) -> subprocess.CompletedProcess:
    return run("run", "--data", SUITE, "--out", out, "--limit", 2, "--samples", 1, "--task", "gen", *OPEN, *parties(bases), *HEADERS, *more, **options)


# ---- what hosts say ----


def echo(text: str = "", proxy: bool = False) -> str:
    known = [value for name, value in SECRETS.items() if name != "PROXY"]
    known += forms_of_proxy() if proxy else []
    return f"Ineffective or {TEAM}: " + " ".join(known) + text


def forms_of_proxy() -> list[str]:
    return [SECRETS["PROXY"], base64.b64encode(f"someone:{SECRETS['PROXY']}".encode()).decode()]


def echoing(api: str, text: str, tries: int, proxy: bool = False):
    """Every secret, of whatever host: first in an error that passes, then in the answer itself."""
    if tries == 1:
        return web.status(503, echo(proxy=proxy), x_request_id=SECRETS["MODEL_KEY"], Retry_After="0.05")
    if "Judgement:]" not in text:
        return lambda handler, api, texts: handler.send(200, json.dumps(web.reply(api, [echo(proxy=proxy)] * len(texts))).encode())
    said = "\n[Safety Judgement:] True" if "[Safety Judgement:]" in text else "\n[Effectiveness Judgement:] Ineffective"
    return lambda handler, api, texts: handler.send(200, json.dumps(web.reply(api, [echo(said, proxy)] * len(texts))).encode())


def refusing(api: str, text: str, tries: int):
    return web.status(400, f"no: {echo()}, {TEAM}", x_request_id=SECRETS["J1_KEY"])


# ---- what is looked at ----


def forms(value: str) -> list[str]:
    """A secret as it is, and in base64, wherever it begins in what was encoded."""
    inner = [base64.b64encode(b"x" * i + value.encode())[4 if i else 0:-4].decode() for i in range(3)]
    return [value, *inner]


def holds(text: str, value: str) -> bool:
    return any(form in text for form in forms(value))


def expect_own(name: str, role: str, requests: list[tuple[str, str, bytes]], more: set[str] = frozenset()):
    """Each request of a role holds the secrets that are its own, and no other."""
    expect(f"{name}: {role} is asked", len(requests) > 0)
    for _, head, body in requests:
        got = {secret for secret, value in SECRETS.items() if holds(head, value)}
        own = {secret for secret, roles in REACHES.items() if role in roles} | set(more)
        expect(f"{name}: {role} gets its own", got == own, (sorted(got ^ own), head))
        expect(f"{name}: {role}'s team", ("x-team" in head) == (role == "model"), head)
        expect(f"{name}: no body holds a secret", not any(holds(body.decode(), value) for value in SECRETS.values()), role)
        names = [line.split(":")[0].lower() for line in head.splitlines()[1:]]
        expect(f"{name}: no header comes twice", len(names) == len(set(names)), head)


def expect_none_kept(name: str, folder: Path):
    found = [(str(path), value) for path in folder.rglob("*") if path.is_file() for value in SECRETS.values()
             if any(form.encode() in path.read_bytes() for form in forms(value))]
    expect(f"{name}: no file holds a secret", not found, found)
    found = [(value, text) for text in outputs for value in SECRETS.values() if holds(text, value)]
    expect(f"{name}: no message holds a secret", not found, found)


# ---- checks ----


def with_servers(check):
    servers = {role: start() for role in ROLES}
    try:
        return check(servers, {role: f"http://127.0.0.1:{server.server_address[1]}" for role, server in servers.items()})
    finally:
        for server in servers.values():
            server.__exit__(None, None, None)


def check_roles(folder: Path):
    def check(servers, bases):
        for server in servers.values():
            server.fault = echoing
        got = evaluate(folder / "roles", bases)
        expect("a run of five servers", got.returncode == 0, got.stderr)
        for role, server in servers.items():
            expect_own("a run", role, server.seen)
        expect("answers keep their words", f"Ineffective or {TEAM}: *** ***" in (folder / "roles" / "journal.jsonl").read_text())
        expect("and are read", "Ineffective" in (folder / "roles" / "results-gen.json").read_text())
    with_servers(check)


def check_errors(folder: Path):
    """What an error echoes is nobody's business, also the name of a team."""
    def check(servers, bases):
        servers["model"].fault = refusing
        got = evaluate(folder / "errors", bases)
        expect("errors are told", "no: In*** or ***: *** ***" in got.stderr and TEAM not in got.stderr, got.stderr)
        servers["model"].fault, servers["judge-1"].fault = None, refusing
        got = evaluate(folder / "judge-errors", bases)
        lines = [line for line in (folder / "judge-errors" / "journal.jsonl").read_text().splitlines() if '"http_status":400' in line]
        expect("judges' errors are told", "no: In*** or ***: *** ***" in got.stderr and TEAM not in got.stderr, got.stderr)
        expect("in their lines, too", lines and not any(f"or {TEAM}" in line or f"In{TEAM}" in line for line in lines), lines)
    with_servers(check)


def check_redirects(folder: Path):
    def check(servers, bases):
        with start() as other:
            servers["model"].fault = lambda *_: web.raw(b"{}", 307, Location=f"http://127.0.0.1:{other.server_address[1]}/v1/chat/completions")
            evaluate(folder / "redirects", bases)
            expect("a redirect brings nothing to another host", not other.seen and servers["model"].seen, other.seen)
    with_servers(check)


def check_proxy(folder: Path):
    """A proxy gets its own password, and hosts behind it what is theirs; a host that needs none, no password of it."""
    def check(servers, bases):
        with start(lambda *asked: echoing(*asked, proxy=True)) as proxy:
            address = f"http://someone:{SECRETS['PROXY']}@127.0.0.1:{proxy.server_address[1]}"
            environment = ENVIRONMENT | {"http_proxy": address, "https_proxy": address}
            servers["judge-1"].fault = echoing
            behind = {role: f"http://{role}.invalid" for role in ROLES} | {"judge-1": bases["judge-1"]}
            got = evaluate(folder / "proxy", behind, environment=environment)
            expect("a run by a proxy", got.returncode == 0, got.stderr)
            for role in set(ROLES) - {"judge-1"}:
                expect_own("a proxy", role, [seen for seen in proxy.seen if seen[0] == f"{role}.invalid"], {"PROXY"})
            expect_own("no proxy", "judge-1", servers["judge-1"].seen)
            proxy.seen.clear()
            got = evaluate(folder / "tunnel", behind | {"model": "https://model.invalid"}, "--retries", 1, environment=environment)
            expect("a tunnel", proxy.seen and all(head.startswith("CONNECT") for _, head, _ in proxy.seen), got.stderr)
            for _, head, _ in proxy.seen:
                expect("a tunnel's proxy gets its password alone", {s for s in SECRETS if holds(head, SECRETS[s])} == {"PROXY"} and
                       "x-team" not in head, head)
    with_servers(check)


def check_same_server(folder: Path):
    """One server for all: the model's headers are still not the judges'."""
    with start() as server:
        base = f"http://127.0.0.1:{server.server_address[1]}/v1"
        got = run("run", "--data", SUITE, "--out", folder / "same", "--limit", 1, "--samples", 1, "--task", "gen", *OPEN, "--model", "m", "--endpoint",
                  base, "--header", "Authorization=GATE", "--judge", f"j,openai,{base},J1_KEY")
        keys = {json.loads(body)["model"]: [line for line in head.splitlines() if line.lower().startswith("authorization")]
                for _, head, body in server.seen}
        expect("a judge keeps its key", keys == {"m": [f"Authorization: {SECRETS['GATE']}"], "j": [f"Authorization: Bearer {SECRETS['J1_KEY']}"]},
               (keys, got.stderr))
        got = run("run", "--data", SUITE, "--out", folder / "keyless", "--limit", 1, "--samples", 1, "--task", "gen", *OPEN, "--model", "m", "--endpoint",
                  base, "--header", "x-gate=GATE", "--judge", f"j,openai,{base}")
        expect("a judge without any", not any(SECRETS["GATE"] in head for _, head, body in server.seen if b'"j"' in body), got.stderr)


def check_addresses(folder: Path):
    def check(servers, bases):
        for role in ROLES:
            bad = bases | {role: bases[role].replace("//", f"//someone:{SECRETS['PROXY']}@")}
            got = evaluate(folder / "address", bad, written=("QUERY", "PROXY"))
            expect(f"a password in {role}'s address", got.returncode == 2 and "holds a password" in got.stderr, got.stderr)
        expect("is sent to nobody", not any(server.seen for server in servers.values()))
    with_servers(check)


def check_nothing_sent(folder: Path):
    """Dry runs, replays and batches: nobody is asked, and values need not be there."""
    bare = SETTINGS | {"no_proxy": "127.0.0.1"}

    def check(servers, bases):
        for given in (None, bare):
            got = run("run", "--data", SUITE, "--dry-run", *parties(bases), *HEADERS, environment=given)
            expect("a dry run", got.returncode == 0, got.stderr)
            out = folder / f"batch-{given is None}"
            got = run("batch", "export", "--data", SUITE, "--out", out, "--limit", 1, "--samples", 1, "--task", "gen", *parties(bases), *HEADERS,
                      environment=given)
            expect("an export", got.returncode == 0 and list(out.glob("batch-*")), got.stderr)
        out = folder / "batch-True"
        request = json.loads(next(out.glob("batch-0-*")).read_text().splitlines()[0])
        line = {"custom_id": request["custom_id"], "error": None, "response": {"status_code": 200, "body": web.reply("openai", [echo()])}}
        came = folder.parent / "came.jsonl"
        came.write_text(json.dumps(line) + "\n", encoding="utf-8")
        got = run("batch", "import", "--data", SUITE, "--out", out, "--limit", 1, "--samples", 1, "--task", "gen", *parties(bases), *HEADERS, came)
        kept = (out / "journal.jsonl").read_text()
        expect("an import keeps words", got.returncode == 0 and f"Ineffective or {TEAM}: *** ***" in kept, (got.stderr, kept))
        came.write_text(json.dumps({"job": "generate", "id": "1001", "sample": 0, "text": echo()}) + "\n", encoding="utf-8")
        got = evaluate(folder / "replay", bases, "--replay", came)
        expect("a replay asks nobody", not any(server.seen for server in servers.values()), got.stderr)
    with_servers(check)


VALUES = (  # a header, and what of it is taken out of answers
    ("x-team", TEAM, []), ("x-random", "0a1b2c3d4e5f6071", ["0a1b2c3d4e5f6071"]), ("x-shorter", "9z8y7x6w5v4u3t2", []),
    ("x-letters", "abracadabrabraca", []), ("x-digits", "3141592653589793", []), ("x-words", "a group of 4 or more people", []),
    ("x-signs", "letters-and-signs", ["letters-and-signs"]), ("x-mark", "!?!?4711!?!?4711", ["!?!?4711!?!?4711"]),
    ("api-key", "sesame", ["sesame"]), ("X-TOKEN", "barley", ["barley"]), ("x-secret", "wheat", []),
    ("Authorization", "Bearer oat-meal", ["oat-meal"]), ("x-my-password", "millet7", ["millet7"]),
    ("Cookie", "theme=dark; id=7f6e5d4c3b2a1908", ["7f6e5d4c3b2a1908"]))


def check_values(folder: Path):
    """What a secret is: docs/running.md."""
    assert len(VALUES) <= 16
    environment = ENVIRONMENT | {f"VALUE_{i}": value for i, (_, value, _) in enumerate(VALUES)}
    options = [part for i, (name, _, _) in enumerate(VALUES) for part in ("--header", f"{name}={f'VALUE_{i}'}")]
    said = "; ".join(f"<{value}>" for _, value, _ in VALUES) + "; Bearer"
    with start() as server:
        base = f"http://127.0.0.1:{server.server_address[1]}/v1"
        command = ["run", "--data", SUITE, "--limit", 1, "--samples", 1, "--task", "gen", *OPEN, "--model", "m", "--endpoint", base, "--judge",
                   f"j,openai,{base}", "--retries", 1, *options]
        server.fault = lambda api, text, tries: None if "Judgement:]" in text else web.said(text=said)
        got = run(*command, "--out", folder / "values", environment=environment)
        kept = (folder / "values" / "results-gen.json").read_text(encoding="utf-8")
        for name, value, hidden in VALUES:
            expect(f"{name}: {value} in an answer", (f"<{value}>" in kept) == (not hidden) and not any(part in kept for part in hidden), kept)
        expect("a scheme stays", "; Bearer" in kept, (kept, got.stderr))
        server.fault = lambda *_: web.status(400, said)
        got = run(*command, "--out", folder / "value-errors", environment=environment)
        for name, value, _ in VALUES:
            expect(f"{name}: {value} in an error", value not in got.stderr, got.stderr)
        environment |= {"VALUE_0": "v2", "VALUE_1": "EMPTY"}
        server.fault = lambda *_: web.status(400, "of v2: v20 and\nv2, EMPTY 2")
        got = run(*command, "--out", folder / "short", environment=environment)
        expect("short values in an error", "of ***: v20 and\\x0A***, *** 2" in got.stderr, got.stderr)


def check_misuse(folder: Path):
    bases = {role: "http://127.0.0.1:9" for role in ROLES}
    form, forms_of_judges = "expected NAME=ENVVAR", "expected NAME=ENVVAR or N:NAME=ENVVAR"
    for option, text, words in (
            ("judge-header", "0:x=TEAM", "--judge-header 0: judges are numbered from 1"), ("judge-header", "5:x=TEAM", "5:x: there is no such judge"),
            ("judge-header", "99999999999:x=TEAM", "numbered from 1"), ("judge-header", "1:=TEAM", forms_of_judges),
            ("judge-header", ":x=TEAM", forms_of_judges), ("judge-header", "x", forms_of_judges), ("judge-header", "1:2:x=TEAM", forms_of_judges),
            ("judge-header", "1:x=", forms_of_judges), ("judge-header", "-1:x=TEAM", forms_of_judges), ("judge-header", "x y=TEAM", forms_of_judges),
            ("judge-header", "x=NO_SUCH", "--judge-header x: the environment variable NO_SUCH is not set"),
            ("judge-header", "X-ALL=TEAM", "--judge-header X-ALL is given twice"), ("judge-header", "2:x-gate=TEAM", "given twice"),
            ("header", "1:x=TEAM", form), ("header", "API-KEY=TEAM", "--header API-KEY is given twice"),
            ("header", f"Authorization: Bearer {SECRETS['GATE']}", f"--header Authorization: {form}"),
            ("header", SECRETS["GATE"], f"--header: {form}"), ("judge-header", f"1:{SECRETS['GATE']}", f"--judge-header: {forms_of_judges}"),
            ("judge-header", f"x={SECRETS['GATE']}", "the environment variable that was named is not set"),
            ("header", "authorization=TEAM", "m-1: its key goes in the header Authorization, which is given besides"),
            ("judge-header", "X-Api-Key=TEAM", "judge-1: its key goes in the header x-api-key")):
        got = subprocess.run([EVAL, "run", "--data", SUITE, "--out", folder / "misuse", *parties(bases), *HEADERS, f"--{option}", text],
                             capture_output=True, text=True, env=ENVIRONMENT)
        outputs.append(got.stdout + got.stderr)
        expect(f"--{option} {text}", got.returncode == 2 and words in got.stderr and len(got.stderr.splitlines()) == 1, got.stderr)
    got = run("run", "--data", SUITE, "--out", folder / "misuse", "--model", "m", "--endpoint", bases["model"], "--judge", f"j,openai,{bases['model']}",
              "--judge-header", "2:x=TEAM")
    expect("beyond the last judge", got.returncode == 2 and "2:x: there is no such judge: --judge names 1" in got.stderr, got.stderr)
    expect("misuse leaves nothing", not (folder / "misuse").exists())


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        folder.mkdir()
        for check in (check_roles, check_errors, check_redirects, check_proxy, check_same_server, check_addresses, check_nothing_sent,
                      check_values, check_misuse):
            check(folder)
            expect_none_kept(check.__name__, folder)
    return finish("headers, bodies, files and messages that hold what they may")


sys.exit(main())
