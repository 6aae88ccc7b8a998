/* main.c: siuo-eval, the command-line runner: finds the command and runs it. */
#include "cli.h"
#include "process.h"

#include <stdio.h>
#include <string.h>

/* The second half of the help of run: a string of C99 has 4095 bytes at the most. */
static const char how_to_ask[] =
    "How to ask:\n"
    "  --concurrency N, --judge-concurrency N  requests at once to the model's server; to each judge's (default: 8; as\n"
    "                        the model's). Here and below: one origin and key are one server, and its limit the model's\n"
    "  --rpm N, --judge-rpm N  requests a minute at the most, alike\n"
    "  --tpm N               tokens a minute, about and at the most, of each server\n"
    "  --stream, --judge-stream  ask for replies as streams: servers that only stream, proxies that cut long silences\n"
    "  --retries N           of one request (default: 8)\n"
    "  --timeout N, --connect-timeout N  seconds (default: 600, 20)\n"
    "  --max-requests N, --max-tokens-total N, --max-cost DOLLARS  send no more once that is reached; the same command\n"
    "                        goes on, as far again\n"
    "  --prices FILE         what models cost (docs/running.md); shown with the progress, and by --dry-run\n"
    "  --ca-file FILE        certificates to trust in place of the system's\n"
    "  --quiet               no progress and no warnings\n"
    "  --reuse OUT           take replies to identical questions from another run; may be repeated\n"
    "  --dry-run             print requests, pictures and tokens, with --prices what they cost, and send nothing\n"
    "  --replay FILE         ask nobody: take recorded replies, JSON lines or the journal of another run\n"
    "\n"
    "example: siuo-eval run --data examples/sample-suite --replay examples/sample-suite/careful.jsonl --out run\n";

static const struct command commands[] = {
    {"check", "look at a data set: counts, fingerprints, oddities, blind strategies",
     "usage: siuo-eval check [--images] [--follow-links] [--format text|json] [-o FILE] DATA\n"
     "\n"
     "Loads DATA (a file, or a folder: a clone of the benchmark or its Hugging Face copy) and prints items by\n"
     "category, fingerprints, what blind guessing scores, and everything odd about the texts.\n"
     "\n"
     "  --images            read every picture: count them, fingerprint them, say which are missing or unusable\n"
     "  --follow-links      pictures may be links that lead out of the data folder\n"
     "  --format text|json  what to print (default: text)\n"
     "  -o FILE             write to FILE instead of standard output\n"
     "\n"
     "example: siuo-eval check examples/sample-suite\n",
     NULL, run_check},
    {"score", "score recorded results",
     "usage: siuo-eval score [--data DATA] [--rules R|all] [--format text|json] [--items]\n"
     "                       [--protocol P] [--reasoning-tags OPEN,CLOSE] [--max-undetermined N|P%] [-o FILE]\n"
     "                       FILE...\n"
     "\n"
     "Reads results in the benchmark's own shape (a JSON array, or JSONL; - is standard input), all FILEs together,\n"
     "and reports the rates. Each FILE may hold generation or multiple-choice items.\n"
     "\n"
     "  --data DATA           the data set that was answered: items that the results miss are undetermined,\n"
     "                        unless the run that made them was limited, or a shard: SUBSET\n"
     "  --rules R             standard (default), released, olmo, vlmevalkit, or all: a report of each\n"
     "  --protocol P          the protocol of the run, if it has markers, labels or reasoning tags of its own: a file,\n"
     "                        or guard\n"
     "  --reasoning-tags OPEN,CLOSE  what else a reasoning block begins and ends with; may be repeated\n"
     "  --format text|json    what to print (default: text); json with all: an object with a report of each\n"
     "  --items               list each item's verdicts\n"
     "  --max-undetermined N  exit 3 if votes that are missing leave more than N items (N%: of the items) open, for any\n"
     "                        metric (default: no limit)\n"
     "  -o FILE               write to FILE instead of standard output\n"
     "\n"
     "example: siuo-eval score --data examples/sample-suite examples/sample-suite/careful-gen.json\n",
     NULL, run_score},
    {"run", "evaluate: from the data to the report",
     "usage: siuo-eval run --data DATA --out DIR --model M --endpoint URL [--api NAME] [--key-env VAR]\n"
     "                     --judge MODEL,API,URL[,KEYENV] [OPTION]...\n"
     "       siuo-eval run --data DATA --out DIR --replay FILE [OPTION]...\n"
     "\n"
     "Puts every question with its picture to the model, has the responses judged, and reports. Every reply goes into\n"
     "DIR/journal.jsonl as it comes: the same command goes on where it was interrupted, and asks nothing twice. DIR\n"
     "then holds results-gen.json, results-mcqa.json and report.json, too.\n"
     "\n"
     "  --data DATA           the data set, with its pictures\n"
     "  --out DIR             made if it is missing\n"
     "  --task gen|mcqa|all   free generation, multiple choice, or both (default)\n"
     "  --protocol P          a protocol file, a clone of the benchmark for its released prompts, or guard: our own\n"
     "                        for guard models as judges (default: our own)\n"
     "  --reasoning-tags OPEN,CLOSE  what else a reasoning block begins and ends with; may be repeated\n"
     "  --rules R             standard (default), released, olmo or vlmevalkit\n"
     "  --samples N           responses an item (default: the protocol's)\n"
     "  --permutations N      orders of the options that each multiple-choice question is put in (default: 1)\n"
     "  --limit N, --shard I/N  the first N items of each task; every N-th item from the I-th on: the report says\n"
     "                        SUBSET\n"
     "  --max-undetermined N  exit 3 if votes that are missing leave more than N items (N%: of the items) open, for any\n"
     "                        metric (default: 20%)\n"
     "  --max-cut-off P       go on unless more than P % of the responses, or judgements, are cut off (default: 2)\n"
     "\n"
     "The model and its judges:\n"
     "  --model M, --endpoint URL  whom to ask, and where: https://api.openai.com/v1, http://127.0.0.1:8000/v1 ...\n"
     "  --api NAME            openai (default), openai-responses, anthropic, gemini, ollama or llamacpp\n"
     "  --key-env VAR         the environment variable that holds the key\n"
     "  --judge MODEL,API,URL[,KEYENV]  may be repeated\n"
     "  --effectiveness-judge MODEL,API,URL[,KEYENV]  asked in that judge's place whether a response is effective; once\n"
     "                        for each --judge\n"
     "  --panel majority|all|any  what several judges' votes come to: most of them, which needs an odd number of judges\n"
     "                        (default); every judge's; any judge's\n"
     "  --judge-fallback      ask the next judge only where one declines: the report says \"mixed judges\"\n"
     "  --header NAME=VAR     a further header for the model's server alone, its value from the environment variable\n"
     "  --judge-header [N:]NAME=VAR  the same for all judges' servers, or the N-th judge's: --judge counts from 1, and\n"
     "                        --effectiveness-judge goes on after it. A judge at the model's address gets no --header\n"
     "  --system FILE         a system prompt\n"
     "  --extra FILE          a JSON object, merged into every request; --judge-extra FILE: the judges', in its place\n"
     "  --max-tokens N, --choice-max-tokens N, --judge-max-tokens N  of a response, a choice, a judgement (default: the\n"
     "                        protocol's)\n"
     "  --omit FIELD,...      leave temperature, max_tokens, seed or n out of the requests\n"
     "  --judge-omit FIELD,...  the same for the judges (default: as --omit; '' leaves out nothing)\n"
     "  --old-max-tokens      call that field max_tokens (older servers)\n"
     "  --judge-schema        hold the judges' replies to a JSON schema (standard rules; servers that know schemas)\n"
     "\n",
     how_to_ask, run_run},
    {"batch", "evaluate by the providers' batch files",
     "usage: siuo-eval batch export --data DATA --out DIR --model M [--api NAME] --judge MODEL,API [OPTION]...\n"
     "       siuo-eval batch import --data DATA --out DIR --model M [--api NAME] --judge MODEL,API [OPTION]... FILE...\n"
     "\n"
     "export writes everything that can be asked now into batch files in DIR, one or more for each API and model, and\n"
     "prints their names: DIR/batch-N-API-MODEL-K.jsonl, where N replies were there before. Sending them is yours.\n"
     "import takes the FILEs that came back (output and error files, in any order, also again; - is standard input)\n"
     "into DIR/journal.jsonl. Then export writes the questions to the judges and those that failed; when nothing is\n"
     "left, import writes the results and prints the report, as run does. run and batch can go on from each other.\n"
     "\n"
     "The options are those of siuo-eval run; URLs may be left out. APIs with batch files: openai, openai-responses\n"
     "and anthropic. Questions to others are left to run.\n"
     "\n"
     "  --max-file-requests N  requests in a file at the most (default: as many as the API takes)\n"
     "  --max-file-bytes N     bytes of a file at the most\n"
     "\n"
     "example: siuo-eval batch export --data examples/sample-suite --out run --model M --judge J,anthropic\n",
     NULL, run_batch},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static int print_help(void)
{
  printf(
      "siuo-eval %s: measures cross-modality safety with SIUO\n\nusage: siuo-eval COMMAND [OPTION]... ARGUMENT...\n\n",
      siuo_version_str());
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    printf("  %-8s %s\n", commands[i].name, commands[i].summary);
  printf("\nsiuo-eval COMMAND --help says more. Exit status: 0 done, 1 a gate failed, 2 wrong use or bad input,\n"
         "3 more open items than --max-undetermined, or nothing was answered, 4 stopped before the end: the same\n"
         "command goes on.\n\nexample: siuo-eval check examples/sample-suite\n");
  return finish_output();
}

int main(int argc, char **argv)
{
  process_begin();
  opterr = 0;
  if (argc < 2)
    return complain("no command; see siuo-eval --help");
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
    return print_help();
  if (strcmp(argv[1], "--version") == 0) {
    printf("siuo-eval %s\n", siuo_version_str());
    return finish_output();
  }
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    if (strcmp(argv[1], commands[i].name) == 0)
      return commands[i].run(&commands[i], argc - 1, argv + 1);
  return complain("unknown command %s; see siuo-eval --help", argv[1]);
}
