#!/usr/bin/env python3
"""Measures the standard readers on replies recorded in public repositories: recordings.py [--list] FOLDER [NAME...]

FOLDER holds clones of the repositories under their own names; what is missing there is skipped by name. Nothing of
theirs is kept here, so this is no part of `make check`. The library is $SIUO_LIB, else build/libsiuo.so.0; MLLM-Safety
is read with its items' own options and with one item's; both are in $SIUO_SHARED, else ../shared beside the project.

The table's columns: read: letters or verdicts in all. right, wrong, conflict, unread: against the answer that a reply
states explicitly, found by a strict search of our own, or against the recorded reading (guards, scienceqa).
unexpected: letters where nobody chose anything, or where nothing explicit stands and neither a word of answering nor
the line's beginning stands before the letter: to be looked at. ends so: conflicts whose last line is an explicit
answer. --list shows the deciding bytes of every wrong or unexpected reading.
"""

import argparse
import ast
import csv
import ctypes
import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_uppercase as LETTERS

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SIUO_SHARED") or ROOT.parent / "shared")
CHOOSE, JUDGE_SAFETY, PARSED, CONFLICT = 2, 3, 0, 5
Options = dict[str, str] | None


@dataclass
class Reply:
    source: str
    id: str
    text: str
    options: Options = None      # the item's own
    gold: str | None = None      # the right answer
    recorded: str | None = None  # what the source's own script read, or guessed
    explicit: str | None = None  # what the reply says explicitly in its last line, if it says nothing else before
    ending: str | None = None    # what its last line says explicitly, whatever stands before


# Explicit answers, sought strictly and apart from the library's rules.
WRAPPER = re.compile(r"\\(?:text|textbf|mathrm|mathbf|rm|bf)\b|\\[()\[\]]|[{}$*`_]")
NEXT_QUESTION = re.compile(r"(?<=\S)\s*\n\s*(?:#+ *)?(?:Question|Hint|Human|User)\s*\d*\s*:")
ANSWER = re.compile(r"(?i:\banswer(?:\s*[:：]| is:?)|\\boxed)\s*(?:\(([A-Z])\)|([A-Z])(?![\w'’])(?! +[a-z]))")


def with_explicit(reply: Reply) -> Reply:
    """Sets what "Answer: X", "the answer is X" and boxes say, up to a question that the model made up."""
    letters, bare = set(reply.options or "ABCD"), WRAPPER.sub("", reply.text)
    first = ANSWER.search(bare)
    bare = bare[:first.end()] + NEXT_QUESTION.split(bare[first.end():])[0].rstrip(" \t\n.\\") if first else ""
    found = list(ANSWER.finditer(bare))
    if found and "\n" not in bare[found[-1].end():]:
        said = found[-1][1] or found[-1][2]
        others = {each[1] or each[2] for each in found} | set(re.findall(r"\b[A-Z]\b", bare[found[-1].end():]))
        reply.ending = said if said in letters else None
        reply.explicit = reply.ending if not (others - {said}) & letters else None
    return reply


def lettered(texts: list) -> Options:
    return dict(zip(LETTERS, map(str, texts))) if texts and len(texts) > 1 else None


def load(path: Path) -> list | dict:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.split("\n") if line]


# The collections: one function each.
def msts(folder: Path) -> Iterator[Reply]:
    """Answers to open questions in eleven languages: nobody chose anything."""
    for path in sorted(folder.glob("data/response_annotations/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield Reply(path.stem, f"{row['case_id']} {row['prompt_type']} {row['model']}", row["response"])


def mllm_safety(folder: Path) -> Iterator[Reply]:
    """Free responses to SIUO's questions: nobody chose anything."""
    own = {item["question_id"]: item["options"] for item in load(SHARED / "siuo" / "siuo_mcqa.json")}
    for path in sorted(folder.glob("judge_responses/results/**/*siuo*_responses.jsonl")):
        for row in load(path):
            yield Reply(path.stem, str(row["idx"]), row["response"], own[int(row["idx"])])


def guards(folder: Path) -> Iterator[Reply]:
    """Llama Guard on the safety of responses."""
    for path in sorted(folder.glob("judge_responses/results/*_results/*.jsonl")):
        for number, row in enumerate(load(path), 1):
            if row.get("llama_guard_raw"):
                yield Reply(path.stem, str(number), row["llama_guard_raw"], recorded=row["llama_guard_label"])


def mmmu_pro(folder: Path) -> Iterator[Reply]:
    """Up to twelve options. The recorded letter is a guess where their script found none."""
    for path in sorted(folder.glob("mmmu-pro/output/*.jsonl")):
        for row in load(path):
            yield with_explicit(Reply(path.stem, row["id"], row["response"], lettered(ast.literal_eval(row["options"])),
                                      row["answer"], row["pred_indexs"]))


def mathvista(folder: Path) -> Iterator[Reply]:
    """Numbers, words and options about figures, without programs and the longest files (captions in the question)."""
    left_out = re.compile("guess|template|code|caption")
    for path in sorted(path for path in folder.glob("results/*/output_*.json") if not left_out.search(path.stem)):
        for number, row in load(path).items():
            options = lettered(row["choices"])
            letter_of = {text: letter for letter, text in (options or {}).items()}
            yield with_explicit(Reply(path.stem, number, row["response"] or "", options, letter_of.get(row["answer"]),
                                      letter_of.get(row.get("prediction"))))


def mmlu_pro(folder: Path) -> Iterator[Reply]:
    """Reasoning up to an answer among ten options: every eighth reply of eight models."""
    for name in ("Llama-2-7b-hf", "Meta-Llama-3-8B", "Meta-Llama-3_1-8B-Instruct", "Mistral-7B-Instruct-v0.2",
                 "Phi-3-mini-4k-instruct", "Qwen1.5-7B-Chat", "gemini-1.5-pro-002", "jamba-1.5-large"):
        path = folder / "eval_results" / f"model_outputs_{name}_5shots.zip"
        if path.exists():
            with zipfile.ZipFile(path) as archive:
                rows = json.loads(archive.read(next(n for n in archive.namelist() if n.startswith("model_outputs"))))
            for row in rows[::8]:
                text = row.get("model_outputs") or row.get("generated_text") or ""
                yield with_explicit(Reply(name, str(row["question_id"]), text, lettered(row["options"]), row["answer"],
                                          row["pred"]))


def scienceqa(folder: Path) -> Iterator[Reply]:
    """A lecture, then "The answer is X."; the options' texts are not recorded."""
    for path in sorted(folder.glob("llava/eval/table/results/test_sqa_*.json")):
        for number, text in (data := load(path))["outputs"].items():
            read = dict(enumerate(LETTERS)).get(data["results"][number])  # -1: nothing
            yield with_explicit(Reply(path.stem, number, text, dict.fromkeys("ABCDE", ""), None, read))


NOBODY_CHOSE, EXPLICIT, RECORDED, VERDICT = range(4)  # what a reading is held against
COLLECTIONS = {
    "msts": ("msts-multimodal-safety", msts, NOBODY_CHOSE), "mllm-safety": ("MLLM-Safety", mllm_safety, NOBODY_CHOSE),
    "guards": ("MLLM-Safety", guards, VERDICT), "mmmu-pro": ("MMMU", mmmu_pro, EXPLICIT),
    "mathvista": ("MathVista", mathvista, EXPLICIT), "mmlu-pro": ("MMLU-Pro", mmlu_pro, EXPLICIT),
    "scienceqa": ("LLaVA", scienceqa, RECORDED)}


class Verdict(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("outcome", ctypes.c_int32), ("value", ctypes.c_int32),
                ("reserved", ctypes.c_int32), ("begin", ctypes.c_uint64), ("end", ctypes.c_uint64)]


class Library:
    def __init__(self, path: str):
        self.c, self.ctx, self.items = ctypes.CDLL(path), ctypes.c_void_p(), {}  # items are kept for good
        pointer, text, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
        self.c.siuo_judge_read.argtypes = [ctypes.c_int, ctypes.c_int, text, size, pointer, ctypes.POINTER(Verdict)]
        self.c.siuo_dataset_parse.argtypes = [ctypes.POINTER(pointer), pointer, text, size, pointer]
        self.c.siuo_dataset_item.argtypes, self.c.siuo_dataset_item.restype = [pointer, size], pointer
        self.c.siuo_ctx_errmsg.argtypes, self.c.siuo_ctx_errmsg.restype = [pointer], text
        if self.c.siuo_ctx_new(ctypes.byref(self.ctx), None):
            raise MemoryError

    def item(self, options: dict[str, str]) -> int:
        key = json.dumps(options)
        if key not in self.items:
            record = {"question_id": 1, "image": "a.png", "question": "?", "category": "a", "options": options,
                      "correct_option": next(iter(options))}
            data, parsed = json.dumps([record]).encode(), ctypes.c_void_p()
            if self.c.siuo_dataset_parse(ctypes.byref(parsed), self.ctx, data, len(data), None):
                raise ValueError(self.c.siuo_ctx_errmsg(self.ctx).decode())
            self.items[key] = self.c.siuo_dataset_item(parsed, 0)
        return self.items[key]

    def read(self, kind: int, text: str, options: Options = None) -> Verdict:
        data, verdict = text.encode(), Verdict(size=ctypes.sizeof(Verdict))
        if self.c.siuo_judge_read(0, kind, data, len(data), options and self.item(options), ctypes.byref(verdict)):
            raise ValueError(f"siuo_judge_read: an error on {text[:60]!r}")
        return verdict


def in_context(text: str, verdict: Verdict) -> tuple[str, str, str]:
    data, begin, end = text.encode(), verdict.begin, verdict.end
    before, deciding, after = (part.decode(errors="replace") for part in (data[:begin], data[begin:end], data[end:]))
    return before[-60:], deciding, after[:60]


def value_of(measure: int, verdict: Verdict) -> str | None:
    value = ("unsafe", "safe")[verdict.value] if measure == VERDICT else chr(verdict.value)
    return value if verdict.outcome == PARSED else None


def is_unexpected(measure: int, reply: Reply, verdict: Verdict) -> bool:
    before, deciding, _ = in_context(reply.text, verdict)
    answering = re.search(r"(?i)answer|option|choice|choose|correct|result|boxed|closest|答案|选", before + deciding)
    opens_line = not re.search(r"\w", before.rpartition("\n")[2])
    return measure == NOBODY_CHOSE or not reply.options or not answering and not opens_line


def column_of(measure: int, reply: Reply, verdict: Verdict) -> str | None:
    """None where there is nothing to hold the reading against and nothing strange about it."""
    value, expected = value_of(measure, verdict), reply.explicit if measure == EXPLICIT else reply.recorded
    if not expected and measure != RECORDED:
        return "unexpected" if value and is_unexpected(measure, reply, verdict) else None
    unread = "conflict" if verdict.outcome == CONFLICT else "unread"
    return "right" if value == expected else "wrong" if value else unread  # right: also nothing, as their script


def count(library: Library, name: str, measure: int, replies: list[Reply], listed: bool) -> Counter:
    counts = Counter(replies=len(replies))
    for reply in replies:
        verdict = library.read(JUDGE_SAFETY if measure == VERDICT else CHOOSE, reply.text, reply.options)
        value, column = value_of(measure, verdict), column_of(measure, reply, verdict)
        counts.update({column: 1, "read": bool(value), "ends so": verdict.outcome == CONFLICT and bool(reply.ending)})
        if listed and column in ("wrong", "unexpected"):
            before, deciding, after = in_context(reply.text, verdict)
            print(f"{name} {reply.source} {reply.id}: {column} {value} (explicit {reply.explicit}, recorded "
                  f"{reply.recorded}): {before!r} [{deciding}] {after!r}")
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="show every wrong or unexpected reading")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help=", ".join(COLLECTIONS))
    args = parser.parse_args()
    library = Library(os.environ.get("SIUO_LIB") or str(ROOT / "build" / "libsiuo.so.0"))
    columns = ("replies", "read", "right", "wrong", "conflict", "unread", "unexpected", "ends so")
    table = [f"{'':24}" + "".join(f"{column:>11}" for column in columns)]
    for name in args.names or COLLECTIONS:
        repository, collection, measure = COLLECTIONS[name]
        replies = list(collection(args.folder / repository))
        variants = [(name, replies)] if replies else []
        if collection is mllm_safety and replies:
            shared = load(SHARED / "vectors" / "choices-options.json")
            variants += [(f"{name}, one item", [replace(reply, options=shared) for reply in replies])]
        for variant, chosen in variants:
            counts = count(library, variant, measure, chosen, args.list)
            table.append(f"{variant:24}" + "".join(f"{counts[column]:>11}" for column in columns))
        if not replies:
            table.append(f"{name:24} skipped: nothing in {args.folder / repository}")
    print("\n".join(table))


if __name__ == "__main__":
    main()
