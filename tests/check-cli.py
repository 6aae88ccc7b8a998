#!/usr/bin/env python3
"""siuo-eval as people use and misuse it: exit status, what it says where, what it leaves behind."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

EVAL = os.environ["SIUO_EVAL"]
ROOT = Path(os.environ["SIUO_SRCDIR"])
SUITE = ROOT / "examples" / "sample-suite"
SANITIZED = bool(os.environ.get("SIUO_SANITIZE"))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import expect, finish  # noqa: E402


def run(*args, data: bytes | None = None, **more) -> subprocess.CompletedProcess:
    command = [EVAL, *(str(arg) for arg in args)]
    return subprocess.run(command, input=data, capture_output=True, timeout=120, **more)


def expect_error(name: str, words: str, *args, **more):
    """Exit 2, one line on standard error that holds the words, nothing on standard output."""
    got = run(*args, **more)
    message = got.stderr.decode(errors="replace")
    expect(name, got.returncode == 2 and words in message and not got.stdout and message.count("\n") == 1,
           f"exit {got.returncode}, said {message[:300]!r}")


def item(question_id=1, **changes) -> dict:
    record = {"question_id": question_id, "image": "a.png", "question": "Q?", "category": "morality",
              "safety_warning": "W.", "reference_answer": "R."} | changes
    return {key: value for key, value in record.items() if value is not ...}


def result(question_id=1, **changes) -> dict:
    record = {"question_id": question_id, "category": "morality", "responses": ["r"],
              "safety_evaluation": ["[Safety Judgement:] True"],
              "effectiveness_evaluation": ["[Effectiveness Judgement:] Ineffective"]} | changes
    return {key: value for key, value in record.items() if value is not ...}


def check_usage(folder: Path):
    for args in ((), ("--help",), ("check", "--help"), ("score", "--help"), ("--version",)):
        got = run(*args)
        expect(f"usage {args}", got.returncode == (2 if not args else 0), got.returncode)
    for command in ("check", "score"):
        expect(f"{command} --help has an example", b"example: siuo-eval" in run(command, "--help").stdout)
    expect_error("unknown command", "unknown command frobnicate", "frobnicate")
    expect_error("unknown option", "unknown option --frob", "score", "--frob", "x")
    expect_error("control characters", "--format a\\x1B[31m\\xC2\\x9B\\x0Aé\\x7F", "score", "--format", "a\x1b[31m\x9b\né\x7f",
                 SUITE / "careful-gen.json")
    expect_error("no value", "needs a value", "score", "--rules")
    expect_error("no file", "no results file", "score")
    expect_error("no data", "expected one DATA", "check")
    expect_error("unknown rules", "expected standard", "score", "--rules", "strict", SUITE / "careful-gen.json")
    expect_error("unknown format", "expected text or json", "score", "--format", "xml", SUITE / "careful-gen.json")
    for limit in ("2x", "1.5", "1.2.3%", "0x10", "inf", "nan", "-1", "%", ""):
        expect_error(f"bad limit {limit}", "--max-undetermined", "score", "--max-undetermined", limit,
                     SUITE / "careful-gen.json")


def check_documents(folder: Path):
    """Every option of run and batch is in their help, the manual page and docs/running.md, which name no others."""
    table = (ROOT / "examples" / "siuo-eval" / "run_options.c").read_text(encoding="utf-8")
    options = set(re.findall(r'\{"([a-z-]+)", [01], NULL', table)) - {"help"}
    expect("options are found", len(options) > 30, options)
    manual = re.sub(r"\\f[A-Z]", " ", (ROOT / "docs" / "siuo-eval.1").read_text(encoding="utf-8")).replace("\\-", "-")
    running = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    theirs = {"images", "follow-links", "format", "items", "o", "port", "mmproj", "fail-with-body", "data-binary"}  # of other programs
    for name, text in (("help", (run("run", "--help").stdout + run("batch", "--help").stdout).decode()), ("manual page", manual),
                       ("running.md", running)):
        named = set(re.findall(r"(?<![\w-])--([a-z][a-z-]*)", text))
        expect(f"{name}: all options", not options - named, options - named)
        expect(f"{name}: no others", not named - options - theirs, named - options - theirs)


def check_data(folder: Path):
    def data(name: str, content) -> Path:
        path = folder / f"{name}.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
        return path

    expect_error("missing file", "no such file", "check", folder / "nothing")
    (folder / "empty").mkdir()
    expect_error("folder without data", "no siuo_gen.json", "check", folder / "empty")
    expect_error("empty file", "it is empty", "check", data("empty-file", b""))
    expect_error("no items", "there are no items", "check", data("no-items", []))
    expect_error("not JSON", "bad.json:3: not valid JSON", "check", data("bad", b"[\n{},\n{,}\n]"))
    expect_error("not JSON lines", "lines.json:2: not valid JSON", "check",
                 data("lines", json.dumps(item()).encode() + b"\n{oops}\n"))
    expect_error("no object", "found an integer", "check", data("no-object", [1]))
    expect_error("wrong start", "begins with byte 0x3C", "check", data("html", b"<html>"))
    expect_error("wrong type", 'types.json:10: question_id 2: "image" must be a string, not an integer', "check",
                 data("types", [item(), item(2, image=5)]))
    expect_error("missing key", '"question" is missing', "check", data("missing", [item(question=...)]))
    expect_error("missing id", '"question_id" is missing', "check", data("no-id", [item(question_id=...)]))
    expect_error("duplicate id", "question_id 1 is there already", "check", data("twice", [item(), item("1")]))
    expect_error("duplicate key", "not valid JSON: duplicate", "check", data("key-twice", b'[{"a":1,"a":2}]'))
    expect_error("both tasks", "keys of both tasks", "check",
                 data("both", [item(options={"A": "x", "B": "y"}, correct_option="A")]))
    expect_error("a path as picture", "must be a file's name", "check", data("path", [item(image="../a.png")]))
    expect_error("invalid UTF-8", "not valid JSON", "check", data("latin", b'[{"question_id": "\xe9"}]'))
    expect_error("NUL", "not valid JSON", "check", data("nul", b'[{"question_id": "a\\u0000b"}]'))
    expect_error("depth", "not valid JSON", "check", data("deep", b"[" * 100000))
    choice = item(safety_warning=..., reference_answer=..., options={"A": "x", "C": "y"}, correct_option="A")
    expect_error("a gap in the letters", "lettered from A", "check", data("gap", [choice]))
    choice = choice | {"options": {"A": "x", "B": "y"}, "correct_option": "C"}
    expect_error("no such option", "letter of one of the options", "check", data("letter", [choice]))
    shown = run("check", data("odd", [item(category="Morality ", question="a\x1b[2Jb\u202e")])).stdout
    expect("texts are safe on terminals", b"\x1b" not in shown and "\u202e".encode() not in shown, shown)


def check_pictures(folder: Path):
    def check(*more) -> dict:
        got = run("check", "--format", "json", *more, data_folder)
        expect(f"check {more}", got.returncode == 0 and not got.stderr, got)
        return json.loads(got.stdout) if got.returncode == 0 else {"images": {}}

    suite = json.loads(run("check", "--images", "--format", "json", SUITE).stdout)["images"]
    expect("pictures of the sample suite", (suite["files"], suite["missing"], suite["problems"]) == (18, 0, []), suite)
    expect("the pictures' fingerprint", suite["sha256"] == fingerprint(SUITE / "images"), suite["sha256"])
    expect("pictures in words", b"\npictures: 18 files, 0 missing\n" in run("check", "--images", SUITE).stdout)
    expect("pictures unasked for", b"pictures:" not in run("check", SUITE).stdout)

    data_folder = folder / "pictures"
    images = data_folder / "images"
    images.mkdir(parents=True)
    items = [item(n, image=f"{name}.png") for n, name in enumerate(("good", "lfs", "page", "out", "none"))]
    (data_folder / "siuo_gen.json").write_text(json.dumps(items))
    (folder / "elsewhere.png").write_bytes(b"GIF89a" + bytes(100000))
    (images / "good.png").write_bytes(b"RIFF\x04\0\0\0WEBP")
    (images / "lfs.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    (images / "page.png").write_bytes(b"<!DOCTYPE html>")
    (images / "out.png").symlink_to("../../elsewhere.png")
    expect("pictures unasked for, JSON", "images" not in check())
    found = check("--images")["images"]
    expect("counts of pictures", (found["files"], found["missing"]) == (1, 4), found)
    words = ("lfs.png: a Git LFS pointer, not the picture: run git lfs pull", "none.png: there is no such picture",
             "out.png: a link leads to", "page.png: an HTML page")
    expect("what is wrong with pictures", len(found["problems"]) == 4 and all(
        problem.startswith(start) for problem, start in zip(found["problems"], words)), found)
    expect("the option is named", "follow_links" in found["problems"][2], found)
    found = check("--images", "--follow-links")["images"]
    expect("links are followed", (found["files"], found["missing"]) == (2, 3), found)
    text = run("check", "--images", "--follow-links", data_folder).stdout.decode()
    expect("pictures of other types", "of another type than the name says, which does no harm: 2" in text, text)
    for name in images.iterdir():
        name.unlink()
    images.rmdir()
    expect("no images folder", check("--images")["images"]["missing"] == 5)


def fingerprint(images: Path) -> str:
    """As docs/dataset.md has it."""
    files = sorted(images.iterdir(), key=lambda path: path.name.encode())
    fields = [b"siuo-images/1", str(len(files)).encode()]
    for path in files:
        fields += [path.name.encode(), hashlib.sha256(path.read_bytes()).hexdigest().encode()]
    return hashlib.sha256(b"".join(len(field).to_bytes(8, "big") + field for field in fields)).hexdigest()


def check_results(folder: Path):
    def results(name: str, content, lines=False) -> Path:
        path = folder / f"r-{name}.jsonl"
        text = "".join(json.dumps(each) + "\n" for each in content) if lines else json.dumps(content, indent=1)
        path.write_text(text, encoding="utf-8")
        return path

    good = results("good", [result(), result(2)], True)
    expect_error("lists of different lengths",
                 'r-uneven.jsonl:2: question_id 2: "safety_evaluation" holds 2 replies for 3 responses', "score",
                 results("uneven", [result(), result(2, responses=["a"] * 3, safety_evaluation=["x"] * 2)], True))
    expect_error("the same item twice", "question_id 1 is there already", "score", good, good)
    expect_error("nothing to score", "nothing to score", "score",
                 results("bare", [{"question_id": 1, "category": "morality"}]))
    expect_error("a vote out of range", "only 1, 0 or -1", "score", results("vote", [result(safety_gpt=[3])]))
    expect_error("an unknown outcome", "outcomes", "score", results("outcome", [result(siuo={"outcomes": ["odd"]})]))
    expect_error("a reply that is no text", "strings or null", "score", results("text", [result(responses=[1])]))
    expect_error("both tasks in one", "of one task", "score", results("tasks", [result(response_mcqa="A")]))
    expect_error("no category", 'r-category.jsonl:15: question_id 2: "category" is missing', "score",
                 results("category", [result(), result(2, category=...)]))
    expect_error("an unknown item", "r-good.jsonl:1: question_id 1 is not in the data set", "score", "--data", SUITE, good)
    other = json.loads((SUITE / "careful-gen.json").read_text(encoding="utf-8"))
    other[0]["category"] = "morality"
    expect_error("another category", "category differs", "score", "--data", SUITE, results("moved", other))
    for task, words in (("missing", "no such file"), ("", "folder")):
        expect_error(f"results {task}", words, "score", folder / task)


def check_streams(folder: Path):
    careful = SUITE / "careful-gen.json"
    plain = run("score", careful)
    expect("standard input", run("score", "-", data=careful.read_bytes()).stdout.splitlines()[3:] ==
           plain.stdout.splitlines()[3:])
    expect("under another locale", run("score", careful, env=os.environ | {"LC_ALL": "de_DE.UTF-8"}).stdout ==
           plain.stdout)
    for command in (("score", careful), ("check", SUITE)):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as closed:
            got = subprocess.run([EVAL, *map(str, command)], stdout=closed, stderr=subprocess.PIPE)
        expect("a closed output pipe", got.returncode == 2 and b"cannot write" in got.stderr, got)
        with open("/dev/full", "wb") as full:
            got = subprocess.run([EVAL, *map(str, command)], stdout=full, stderr=subprocess.PIPE)
        expect("a full disk", got.returncode == 2 and b"cannot write" in got.stderr, got)
        expect_error("a full disk, by name", "no space left", *command, "-o", "/dev/full")
        expect_error("no such folder", "no such file or folder", *command, "-o", folder / "nowhere" / "report")
        expect_error("a folder as output", "folder", *command, "-o", folder)
    output = folder / "report.json"
    got = run("score", "--format", "json", "-o", output, careful)
    expect("-o FILE", got.returncode == 0 and not got.stdout and json.loads(output.read_bytes())["rules"] == "standard")
    before = output.read_bytes()
    expect_error("bad input leaves the report", "no such file", "score", "-o", output, folder / "nothing")
    expect("the report is untouched", output.read_bytes() == before)
    expect("nothing is left beside it", not list(folder.glob("*.partial")))
    check_permission(folder)


def check_permission(folder: Path):
    """The superuser has every permission, and lays it down for this."""
    more = {"user": 65534} if os.geteuid() == 0 else {}
    folder.chmod(0o755)
    try:
        run("--version", **more)
    except OSError as error:
        print(f"skipped: no permission (as another user: {error})")
        return
    locked = folder / "locked.json"
    locked.write_text("[]")
    locked.chmod(0)
    (folder / "closed").mkdir(mode=0o500)
    for command in ("check", "score"):
        expect_error(f"no permission to {command}", "permission denied", command, locked, **more)
    expect_error("no permission to write", "permission denied", "check", "-o", folder / "closed" / "report", SUITE, **more)
    expect("nothing was written", not list((folder / "closed").iterdir()))


def check_limits(folder: Path):
    def feed(name: str, words: str, *chunks: bytes, limit=1 << 32):
        """Feeds standard input until the program closes it or so many bytes went in."""
        process = subprocess.Popen([EVAL, "score", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        sent = 0
        try:
            for chunk in chunks[:-1]:
                process.stdin.write(chunk)
            while sent < limit:
                sent += process.stdin.write(chunks[-1])
            process.stdin.close()
        except BrokenPipeError:
            pass
        message = process.stderr.read()
        status = process.wait()
        expect(name, status == 2 and words in message, f"exit {status}, said {message[:200]}, after {sent} bytes")

    feed("an endless line", b"longer than the limit", b'{"question_id": "', b"a" * (1 << 20))
    if not SANITIZED:
        feed("1 GB of [", b"longer than the limit", b"[" * (1 << 20), limit=1 << 30)
        feed("an endless array", b"longer than the limit", b"[", b" " * (1 << 20))
    feed("endless white space", b"longer than the limit", b" " * (1 << 20))


def check_status(folder: Path):
    files = [SUITE / "careful-gen.json", SUITE / "careful-mcqa.json"]
    for limit, status in (("2", 0), ("1", 3), ("12%", 0), ("11%", 3), ("0", 3)):
        got = run("score", "--max-undetermined", limit, *files)
        expect(f"--max-undetermined {limit}", got.returncode == status and got.stdout, got.returncode)
    partial = json.dumps([result(1000 + n, category="self-harm") for n in range(1, 11)]).encode()
    text = run("score", "-", data=partial).stdout
    expect("a part of SIUO", b"bounds over 167 (10 of 167)" in text, text)
    bounds = json.loads(run("score", "--format", "json", "-", data=partial).stdout)["coverage"]["generation"]
    for votes in ({"responses": []}, {"responses": ["a"]}, {"safety_evaluation": []}):
        bare = json.dumps([{"question_id": 1, "category": "morality"} | votes]).encode()
        got = run("score", "--max-undetermined", "0", "-", data=bare)
        expect(f"nothing but {votes} is undetermined", got.returncode == 3 and b"0/1    0.00" in got.stdout, got)
    votes = [{"question_id": n, "category": "morality", "safety_gpt": [1, -1]} for n in range(4)]
    votes.append({"question_id": 4, "category": "morality", "safety_gpt": [0, 0, -1]})
    for rules, limit, status in (("standard", "3", 3), ("standard", "4", 0), ("standard", "79%", 3), ("standard", "80%", 0), ("olmo", "0", 0)):
        got = run("score", "--rules", rules, "--max-undetermined", limit, "-", data=json.dumps(votes).encode())
        expect(f"{rules}: four of five are open, {limit} may be", got.returncode == status and
               (b"open for 4 of 5 items" in got.stderr) == (status == 3), got)
    blanks = json.dumps([result(n, responses=[""], safety_evaluation=[None], effectiveness_evaluation=[None]) for n in range(3)]).encode()
    got = run("score", "--max-undetermined", "99%", "-", data=blanks)
    expect("nothing but blank responses is open", got.returncode == 3 and b"3/3  100.00" in got.stdout and b"0.00 .. 100.00" in got.stdout and
           b"More than 1 response in 50 is blank" in got.stdout and b"open for 3 of 3 items" in got.stderr, got)
    expect("bounds over all of SIUO", bounds == {"items": 10, "of": 167, "bounds": {
        "safe": [5.99, 100.0], "effective": [0.0, 94.01], "safe_effective": [0.0, 94.01]}}, bounds)
    hostile = [result(category="<b>\x1b]0;x\x07\u202e"), result("\x9b31m")]
    text = run("score", "--items", "-", data=json.dumps(hostile).encode()).stdout
    expect("hostile names", b"\x1b" not in text and b"\x07" not in text and "\u009b".encode() not in text, text)
    rates = json.loads(run("score", "--rules", "vlmevalkit", "--format", "json", *files).stdout)
    mean = (rates["generation"]["overall"]["safe_effective"]["percent"] + rates["choice"]["overall"]["accuracy"]["percent"]) / 2
    text = run("score", *files).stdout
    expect("VLMEvalKit's headline", f", headline {mean:.2f};".encode() in text, (mean, text))
    expect("no headline of one task", b"headline" not in run("score", files[0]).stdout)
    again = run("score", "--format", "json", *reversed(files)).stdout
    expect("the order of files leaves no trace", run("score", "--format", "json", *files).stdout == again)


def main() -> int:
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with tempfile.TemporaryDirectory() as name:
        for check in (check_usage, check_documents, check_data, check_pictures, check_results, check_streams, check_limits,
                      check_status):
            check(Path(name))
    return finish("uses and misuses of siuo-eval")


sys.exit(main())
