/* protocol.h: how questions are put and replies are read: prompts, pictures, sampling, markers and labels.
 *
 * A protocol never changes once anything uses it: any thread may read it. It must not outlive its context. The file
 * format: docs/protocol.md. */
#ifndef SIUO_PROTOCOL_H
#define SIUO_PROTOCOL_H

#include <siuo/buf.h>
#include <siuo/judge.h>

SIUO_BEGIN_DECLS

typedef struct siuo_protocol siuo_protocol;

/* libsiuo's own wording, named "libsiuo-1". Its judges end with "[Safety Judgement:] True" or "False", or
 * "[Effectiveness Judgement:] …", on the last line, a form that all four rule sets read. It is not validated against
 * human labels, and its numbers are not comparable with published ones. Errors: SIUO_EINVAL, SIUO_ENOMEM. The caller
 * owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_default(siuo_protocol **out, siuo_ctx *ctx);

/* One of libsiuo's own protocols by its name: "libsiuo-1" as above, or "libsiuo-guard-1" for guard models as judges of
 * safety: they are sent the conversation alone, and answer "safe", or "unsafe" and the categories of harm
 * (docs/protocol.md). Errors: SIUO_ENOTFOUND (no such name), SIUO_EINVAL, SIUO_ENOMEM. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_builtin(siuo_protocol **out, siuo_ctx *ctx, const char *name);

/* Reads a protocol file (JSON, docs/protocol.md). Errors: SIUO_EIO, SIUO_ENOTFOUND, SIUO_EFORMAT (not JSON, unknown or
 * missing keys, wrong types, unknown placeholders; the message names file and key), SIUO_ELIMIT, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_open(siuo_protocol **out, siuo_ctx *ctx, const char *path);

/* The same from memory; name (NULL: "<memory>") is what messages call it.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_parse(siuo_protocol **out, siuo_ctx *ctx, const void *bytes, size_t len, const char *name);

/* Takes the released prompts out of a clone of the benchmark's repository (eval/gpt-eval.py,
 * eval/generation-gpt4o-mcqa.py), with the released settings. Edited prompts are taken too, but are not called
 * released. Errors: SIUO_ENOTFOUND (no clone), SIUO_EFORMAT (no prompt found in a file), SIUO_EIO, SIUO_ELIMIT,
 * SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_import(siuo_protocol **out, siuo_ctx *ctx, const char *clone);

/* 1 if the prompts are byte for byte those that were released (siuo-facts: their SHA-256 sums), else 0.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_is_released(const siuo_protocol *p);

/* Its name; SHA-256 over everything in it that changes a question or a reading, as 64 hex digits; the responses that
 * each item is asked for. Texts are borrowed from p.
 * @since 0.1.0 */
SIUO_API const char *siuo_protocol_name(const siuo_protocol *p);
SIUO_API const char *siuo_protocol_sha256(const siuo_protocol *p);
SIUO_API uint32_t siuo_protocol_samples(const siuo_protocol *p);

/* Adds what a reasoning block begins and ends with ("<plan>", "</plan>") to the protocol's list, or to the standard one
 * if it has none. Only before anything uses the protocol: its sum and its name change, for other readings may follow. A
 * pair that is there already changes nothing. The texts are copied. Errors: SIUO_EINVAL (blank, the same, not UTF-8),
 * SIUO_ENOMEM; p is then as before.
 * @since 0.1.0 */
SIUO_API int siuo_protocol_add_reasoning(siuo_protocol *p, const char *open, const char *close);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_protocol_free(siuo_protocol *p);

/* The prompt of SIUO_JOB_* for an item, as UTF-8. Judges' kinds take the model's response, others ignore it. Filling is
 * one pass: nothing inside a question, warning, reference or response is expanded; under SIUO_RULES_RELEASED it is the
 * released replacement in sequence. Before a response is put to a judge, one leading reasoning block is removed
 * (standard rules), and it is normalised (NFKC) if the protocol says so. Errors: SIUO_EINVAL (unknown kind or rules;
 * an item of the other task; no response), SIUO_ENOMEM. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_prompt_fill(const siuo_protocol *p, siuo_ctx *ctx, int job_kind, int rules, const siuo_item *item,
                              const char *response, size_t response_len, siuo_buf **out);

/* Reads a reply as siuo_judge_read() does, with the protocol's own reasoning tags, markers and labels under the
 * standard rules. Errors: SIUO_EINVAL, SIUO_EABI, SIUO_ENOMEM.
 * @since 0.1.0 */
SIUO_API int siuo_judge_reply(const siuo_protocol *p, siuo_ctx *ctx, int rules, int job_kind, const siuo_item *item,
                              const char *text, size_t len, siuo_verdict *out);

SIUO_END_DECLS

#endif
