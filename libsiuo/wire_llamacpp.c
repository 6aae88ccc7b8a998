/* wire_llamacpp.c: llama.cpp's raw completion, with the chat templates of the models in the published table. */
#include "wire.h"

#include "buf.h"
#include "prompt.h"

#include <string.h>

#define DEFAULT_MARKER "<__media__>" /* where the picture goes; GET /props tells a server's own */

/* Templates: %i is the picture's place, %q the question. CogVLM, InstructBLIP and BLIP-2 take the picture first. */
static const struct template
{
  const char *name;
  const char *text;
  const char *stop; /* NULL: the model's own end only */
}
templates[] = {
    {"llava-1.5",
     "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and "
     "polite answers to the human's questions. USER: %i\n%q ASSISTANT:",
     "</s>"},
    {"llava-1.6-34b",
     "<|im_start|>system\nAnswer the questions.<|im_end|><|im_start|>user\n%i\n%q<|im_end|><|im_start|>assistant\n",
     "<|im_end|>"},
    {"qwen-vl-chat",
     "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nPicture 1: <img>%i</img>\n%q<|im_end|>\n"
     "<|im_start|>assistant\n",
     "<|im_end|>"},
    {"mplug-owl2", "USER: %i%q ASSISTANT:", "</s>"},
    {"minigpt-v2", "<s>[INST] <Img>%i</Img> %q [/INST]", "</s>"},
    {"cogvlm", "%iQuestion: %q Answer:", "</s>"},
    {"instructblip", "%i%q", NULL},
    {"blip-2", "%iQuestion: %q Answer:", NULL},
};
#define TEMPLATE_COUNT (sizeof templates / sizeof templates[0])

/* The model's name is the template's; what follows an @ is the server's marker. */
static const struct template *find(const char *model, const char **marker)
{
  const char *at = strchr(model, '@');
  size_t len = at == NULL ? strlen(model) : (size_t)(at - model);
  *marker = at == NULL || at[1] == '\0' ? DEFAULT_MARKER : at + 1;
  for (size_t i = 0; i < TEMPLATE_COUNT; i++)
    if (strlen(templates[i].name) == len && memcmp(templates[i].name, model, len) == 0)
      return &templates[i];
  return NULL;
}

int siuop_llamacpp_check(siuo_ctx *ctx, const siuo_target *t)
{
  const char *marker = NULL;
  if (t->system != NULL)
    return siuop_fail(ctx, SIUO_EINVAL,
                      "llamacpp takes no system prompt: a template has one of its own, or none; leave it out");
  if (find(t->model, &marker) != NULL)
    return SIUO_OK;
  return siuop_fail(
      ctx, SIUO_ENOTFOUND,
      "llamacpp has no template %.80s: it has llava-1.5, llava-1.6-34b, qwen-vl-chat, mplug-owl2, minigpt-v2, "
      "cogvlm, instructblip and blip-2",
      t->model);
}

/* ---- the body ---- */

/* The template, filled in one pass. The question's own markers and tokens are broken up: in a raw prompt they would be
 * the model's. */
static int fill(siuo_buf *out, const struct template *t, const char *marker, const struct siuop_question *q)
{
  for (const char *s = t->text; *s != '\0'; s++) {
    if (s[0] != '%') {
      siuop_buf_add(out, s, 1);
      continue;
    }
    s++;
    if (*s == 'q')
      siuop_add_broken(out, q->prompt, q->prompt_len, marker);
    else if (q->image != NULL)
      siuop_buf_add_text(out, marker);
  }
  return siuop_buf_status(out);
}

void siuop_llamacpp_write(siuo_body *body, const struct siuop_question *q)
{
  const siuo_target *t = q->target;
  siuo_buf *b = body->text;
  siuo_buf *prompt = NULL;
  const char *marker = NULL;
  const struct template *form = find(t->model, &marker);
  if (siuop_buf_new(&prompt, siuop_buf_ctx(b)) != SIUO_OK || fill(prompt, form, marker, q) != SIUO_OK)
    siuop_buf_fail(b);
  siuop_buf_add_text(b, "{\"prompt\":{\"prompt_string\":");
  siuop_json_add_text(b, siuo_buf_data(prompt), siuo_buf_size(prompt));
  siuo_buf_free(prompt);
  if (q->image != NULL) {
    siuop_buf_add_text(b, ",\"multimodal_data\":[\"");
    siuop_body_add_picture(body, q->image);
    siuop_buf_add_text(b, "\"]");
  }
  siuop_buf_add_text(b, "}");
  siuop_wire_max_tokens(b, t, ",\"n_predict\":");
  siuop_wire_temperature(b, t, ",\"temperature\":");
  siuop_wire_seed(b, t, ",\"seed\":");
  siuop_wire_stream(b, q, ",\"stream\":true");
  siuop_wire_schema(b, q, ",\"json_schema\":", SIUOP_SCHEMA_JSON, "");
  if (form->stop != NULL) {
    siuop_json_add_string(b, ",\"stop\":[", form->stop);
    siuop_buf_add_text(b, "]");
  }
  siuop_buf_add_text(b, "}");
}

/* ---- the reply ---- */

int siuop_llamacpp_read(struct siuop_reply *r, const siuop_json *body)
{
  const siuop_json *content = siuop_json_get(body, "content");
  int finish = siuop_finish_of(r, siuop_json_get(body, "stop_type"));
  if (siuop_json_type(content) != SIUOP_JSON_STRING && siuop_json_type(content) != SIUOP_JSON_NULL &&
      !siuop_finish_is_word(finish))
    return SIUO_OK;
  r->input_tokens = siuop_wire_tokens(body, "tokens_evaluated");
  r->output_tokens = siuop_wire_tokens(body, "tokens_predicted");
  finish = r->word == NULL ? siuop_finish_by_tokens(r, finish) : finish;
  int rc = siuop_reply_served(r, body, "model", NULL);
  return rc == SIUO_OK ? siuop_reply_add_content(r, content, finish) : rc;
}

/* ---- streams ---- */

void siuop_llamacpp_take_piece(struct siuop_stream *s, const siuop_json *piece)
{
  static const char *const keys[] = {"model", "tokens_evaluated", "tokens_predicted"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    siuop_stream_keep(s, keys[i], siuop_json_get(piece, keys[i]));
  siuop_stream_put(s, 0, SIUOP_STREAM_TEXT, siuop_json_get(piece, "content"));
  siuop_stream_put(s, 0, SIUOP_STREAM_END, siuop_json_get(piece, "stop_type"));
  if (siuop_json_is_true(siuop_json_get(piece, "stop")))
    siuop_stream_complete(s);
}

void siuop_llamacpp_write_streamed(const struct siuop_stream *s, siuo_buf *b)
{
  const struct siuop_streamed *a = siuop_stream_answer(s, 0);
  siuop_streamed_add(b, a, SIUOP_STREAM_TEXT, ",\"content\":");
  siuop_streamed_add(b, a, SIUOP_STREAM_END, ",\"stop_type\":");
}
