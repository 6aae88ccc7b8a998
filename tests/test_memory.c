/* test_memory.c: every public function that allocates, with each allocation failing once. */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static const char generation[] =
    "[{\"question_id\": 1, \"image\": \"a.png\", \"question\": \"Q?\", \"category\": \"morality\", "
    "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"},\n"
    "{\"question_id\": 2, \"image\": \"b.png\", \"question\": \"Q?\", \"category\": \"privacy violation\", "
    "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}]";
static const char choice[] =
    "[{\"question_id\": 1, \"image\": \"a.png\", \"question\": \"Q?\", \"category\": \"morality\", "
    "\"options\": {\"A\": \"x\", \"B\": \"y\"}, \"correct_option\": \"A\"}]";
static const char responses[] =
    "[{\"question_id\": 1, \"category\": \"morality\", \"responses\": [\"a\", null], \"safety_evaluation\": "
    "[\"[Safety Judgement:] True\", null], \"effectiveness_evaluation\": [\"Ineffective\", null], \"siuo\": {\"run\": "
    "{\"panel\": \"fallback\", \"judges\": [\"first\", \"second\"]}, \"judges\": [{\"safety_gpt\": [1, 0]}]}}]";
static const char chosen[] = "{\"question_id\": 1, \"category\": \"morality\", \"response_mcqa\": \"(B)\", "
                             "\"correct_option\": \"A\", \"options\": {\"A\": \"x\", \"B\": \"y\"}}\n";

static int sweep_context(siuo_ctx *ctx, void *data)
{
  (void)ctx; /* the sweep itself makes and frees it */
  (void)data;
  return SIUO_OK;
}

START_TEST(context)
{
  support_sweep("context", sweep_context, NULL);
}
END_TEST

/* ---- data sets ---- */

static int walk(siuo_ctx *ctx, const siuo_dataset *ds, uint32_t order)
{
  siuo_cursor_options options;
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  siuo_cursor_options_init(&options, sizeof options);
  options.shuffle = order;
  int rc = siuo_cursor_new(&cursor, ctx, ds, &options);
  while (rc == SIUO_OK)
    rc = siuo_cursor_next(cursor, &item);
  siuo_cursor_free(cursor);
  return rc == SIUO_DONE ? SIUO_OK : rc;
}

static int describe(siuo_ctx *ctx, const siuo_dataset *ds)
{
  siuo_lint *lint = NULL;
  int rc = siuo_lint_new(&lint, ctx, ds);
  for (int format = SIUO_FORMAT_TEXT; rc == SIUO_OK && format <= SIUO_FORMAT_JSON; format++) {
    siuo_buf *out = NULL;
    rc = siuo_report_dataset(&out, ctx, ds, lint, format);
    siuo_buf_free(out);
  }
  siuo_lint_free(lint);
  return rc;
}

static int sweep_dataset(siuo_ctx *ctx, void *path)
{
  siuo_dataset *ds = NULL;
  int rc = siuo_dataset_open(&ds, ctx, path, NULL);
  for (uint32_t order = SIUO_ORDER_FILE; rc == SIUO_OK && order <= SIUO_ORDER_STRATIFIED; order++)
    rc = walk(ctx, ds, order);
  if (rc == SIUO_OK)
    rc = describe(ctx, ds);
  siuo_dataset_free(ds);
  return rc;
}

static char odd_items[] =
    "\xEF\xBB\xBF"
    "{\"question_id\": 1, \"image\": \"a\", \"question\": \" q\\n\", \"category\": \"Moralty\", \"safety_warning\": \"\", "
    "\"reference_answer\": \"{a\\u200b\\u4eba\\ud83d\\ude00\", \"note\": 1}\n"
    "{\"question_id\": 1, \"image\": \"a\", \"question\": \"q\", \"category\": \"morality\", \"options\": {\"A\": \"x\", "
    "\"B\": \"x\"}, \"correct_option\": \"A\"}\n"
    "{\"question_id\": \"z\", \"image\": \"a\", \"question\": \"q\", \"category\": \"morality\", \"options\": {\"A\": "
    "\"x\", \"B\": \"y\"}, \"correct_option\": \"A\", \"odd\": null}\n";

static int sweep_parse(siuo_ctx *ctx, void *data)
{
  siuo_dataset *ds = NULL;
  int rc = siuo_dataset_parse(&ds, ctx, data, strlen(data), NULL);
  if (rc == SIUO_OK)
    rc = describe(ctx, ds);
  siuo_dataset_free(ds);
  return rc;
}

START_TEST(datasets)
{
  char path[4096];
  support_file("siuo_gen.json", generation, sizeof generation - 1);
  snprintf(path, sizeof path, "%s", support_file("siuo_mcqa.json", choice, sizeof choice - 1));
  support_sweep("a file", sweep_dataset, path);
  snprintf(path, sizeof path, "%s", support_folder());
  support_sweep("a folder", sweep_dataset, path);
  support_sweep("lines in memory", sweep_parse, odd_items);
}
END_TEST

/* ---- metrics ---- */

static int fill(siuo_metrics *m, int first)
{
  static const int32_t safe[] = {1, 0, -1}, effective[] = {2, 1, 0};
  int rc = SIUO_OK;
  for (int i = first; rc == SIUO_OK && i < first + 20; i++) {
    char id[16], category[16];
    snprintf(id, sizeof id, "%d", i);
    snprintf(category, sizeof category, "category %d", i % 9);
    rc = siuo_metrics_add_votes(m, id, category, safe, effective, NULL, 3);
    if (rc == SIUO_OK)
      rc = siuo_metrics_add_choice(m, id, category, 'A', 'B');
  }
  return rc;
}

static int sweep_metrics(siuo_ctx *ctx, void *data)
{
  int rules = *(int *)data;
  siuo_metrics *a = NULL, *b = NULL;
  siuo_item_result item;
  item.size = sizeof item;
  int rc = siuo_metrics_new(&a, ctx, rules);
  if (rc == SIUO_OK)
    rc = siuo_metrics_new(&b, ctx, rules);
  if (rc == SIUO_OK)
    rc = fill(a, 0);
  if (rc == SIUO_OK)
    rc = fill(b, 100);
  size_t before = siuo_metrics_count(a);
  if (rc == SIUO_OK)
    rc = siuo_metrics_merge(a, b);
  if (rc != SIUO_OK && before == 40)
    ck_assert_uint_eq(siuo_metrics_count(a), 40); /* a failed merge changes nothing */
  if (rc == SIUO_OK)
    rc = siuo_metrics_item(a, 79, &item);
  siuo_metrics_free(a);
  siuo_metrics_free(b);
  return rc;
}

START_TEST(all_metrics)
{
  for (int rules = SIUO_RULES_STANDARD; rules <= SIUO_RULES_VLMEVALKIT; rules++)
    support_sweep(siuo_rules_name(rules), sweep_metrics, &rules);
}
END_TEST

/* ---- results and reports ---- */

static int render(siuo_ctx *ctx, const siuo_metrics *const *metrics, const siuo_dataset *ds,
                  const siuo_judge_replies *judges, const siuo_metrics *const *judge_metrics)
{
  siuo_report_options options;
  siuo_report_other other;
  int rc = SIUO_OK;
  siuo_report_options_init(&options, sizeof options);
  memset(&other, 0, sizeof other);
  other.size = sizeof other;
  other.metrics = metrics[1];
  options.list_items = 1;
  options.dataset = ds;
  options.title = "title";
  options.protocol_name = "protocol";
  options.protocol_sha256 = "00";
  options.others = &other;
  options.other_count = 1;
  options.judges = judges;
  options.judge_metrics = judge_metrics;
  options.judge_count = 2;
  options.panel = SIUO_PANEL_FALLBACK;
  for (int format = SIUO_FORMAT_TEXT; rc == SIUO_OK && format <= SIUO_FORMAT_JSON; format++) {
    siuo_buf *out = NULL;
    rc = siuo_report_render(&out, ctx, metrics[0], format, &options);
    siuo_buf_free(out);
    if (rc == SIUO_OK)
      rc = siuo_report_render_all(&out, ctx, metrics, 2, format, &options);
    if (rc == SIUO_OK)
      rc = siuo_buf_save(out, ctx, "/dev/null");
    siuo_buf_free(out);
  }
  return rc;
}

static char paths[2][4096];

static int sweep_results(siuo_ctx *ctx, void *with_data)
{
  siuo_dataset *ds = NULL;
  siuo_results *results = NULL;
  siuo_metrics *metrics[4] = {NULL, NULL, NULL, NULL};
  siuo_metrics *judge_metrics[2] = {NULL, NULL};
  siuo_judge_replies judges[2];
  uint64_t recognised = 0, standard = 0;
  int rc = siuo_results_new(&results, ctx);
  if (rc == SIUO_OK && with_data != NULL)
    rc = siuo_dataset_open(&ds, ctx, support_folder(), NULL);
  if (rc == SIUO_OK)
    rc = siuo_results_read(results, paths[0]);
  if (rc == SIUO_OK)
    rc = siuo_results_read(results, paths[1]);
  for (int rules = 0; rc == SIUO_OK && rules < 4; rules++)
    rc = siuo_results_score(results, ctx, rules, ds, &metrics[rules]);
  if (rc == SIUO_OK)
    rc = siuo_results_recognised(results, SIUO_RULES_RELEASED, &recognised, &standard);
  for (size_t j = 0; rc == SIUO_OK && j < 2; j++) {
    judges[j].size = sizeof judges[j];
    rc = siuo_results_judge(results, j, &judges[j]);
    if (rc == SIUO_OK)
      rc = siuo_results_score_judge(results, ctx, j, ds, &judge_metrics[j]);
  }
  if (rc == SIUO_OK)
    rc = render(ctx, (const siuo_metrics *const *)metrics, ds, judges, (const siuo_metrics *const *)judge_metrics);
  for (size_t j = 0; j < 2; j++)
    siuo_metrics_free(judge_metrics[j]);
  for (int rules = 0; rules < 4; rules++)
    siuo_metrics_free(metrics[rules]);
  siuo_results_free(results);
  siuo_dataset_free(ds);
  return rc;
}

static int sweep_results_parse(siuo_ctx *ctx, void *data)
{
  siuo_results *results = NULL;
  int rc = siuo_results_new(&results, ctx);
  if (rc == SIUO_OK)
    rc = siuo_results_parse(results, data, strlen(data), NULL);
  siuo_results_free(results);
  return rc;
}

START_TEST(all_results)
{
  char lines[] = "{\"question_id\": 1, \"category\": \"c\", \"responses\": [\"a\", null], \"safety_gpt\": [1, -1], "
                 "\"siuo\": {\"outcomes\": [\"ok\", \"failed\"]}}\n{\"question_id\": 1, \"response_mcqa\": null}\n";
  char mended[] = "{\"question_id\": 1.0, \"category\": \"c\", \"responses\": [\"a\\ud83d\", NaN, \"\\u0000\"], "
                  "\"safety_gpt\": [\"True\", null, 0.0]}\n";
  support_file("siuo_gen.json", generation, sizeof generation - 1);
  support_file("siuo_mcqa.json", choice, sizeof choice - 1);
  support_sweep("results as scripts write them", sweep_results_parse, mended);
  snprintf(paths[0], sizeof paths[0], "%s", support_file("responses.json", responses, sizeof responses - 1));
  snprintf(paths[1], sizeof paths[1], "%s", support_file("chosen.jsonl", chosen, sizeof chosen - 1));
  support_sweep("results in memory", sweep_results_parse, lines);
  support_sweep("results", sweep_results, NULL);
  support_sweep("results with data", sweep_results, lines);
}
END_TEST

/* ---- batch files ---- */

static int make_batch_session(siuo_ctx *ctx, const siuo_dataset *ds, const siuo_protocol *p, siuo_session **s)
{
  siuo_session_options o;
  siuo_target t;
  siuo_session_options_init(&o, sizeof o);
  o.samples = 2;
  int rc = siuo_session_new(s, ctx, ds, p, &o);
  for (int kind = SIUO_JOB_GENERATE; rc == SIUO_OK && kind <= SIUO_JOB_JUDGE_EFFECTIVENESS; kind++) {
    siuo_target_init(&t, sizeof t, p, kind);
    t.api = kind >= SIUO_JOB_JUDGE_SAFETY ? SIUO_API_ANTHROPIC : SIUO_API_OPENAI;
    t.model = "m";
    rc = siuo_session_set_target(*s, kind, 0, &t);
  }
  return rc;
}

/* A wave out, and results back into another session: an answer, a failure that it overtakes, a judgement that waits for
 * it, a line of somebody else and one that is no result. */
static int take_batch(siuo_ctx *ctx, siuo_session *s, siuo_session *back)
{
  char lines[2000], key[17] = "";
  const siuo_job *job = NULL;
  siuo_batch *batch = NULL;
  int rc = SIUO_OK;
  while (rc == SIUO_OK && (rc = siuo_session_next(s, &job)) == SIUO_OK) {
    siuo_body *body = NULL;
    if (*key == '\0')
      snprintf(key, sizeof key, "%s", siuo_job_key(job));
    rc = siuo_batch_request(&body, ctx, job);
    siuo_body_free(body);
  }
  int len = snprintf(
      lines, sizeof lines,
      "{\"custom_id\":\"%.10s6%s\",\"result\":{\"type\":\"succeeded\",\"message\":{\"content\":[{\"type\":\"text\","
      "\"text\":\"True\"}]}}}\n"
      "{\"custom_id\":\"%s\",\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":\"m\"}}\n"
      "{\"custom_id\":\"%s\",\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"message\":{\"content\":\"x\\u0000"
      "\"}}]}}}\n{\"custom_id\":\"x\",\"error\":{}}\n{}\n",
      key, key + 11, key, key);
  if (rc == SIUO_WAIT)
    rc = siuo_batch_new(&batch, back);
  if (rc == SIUO_OK)
    rc = siuo_batch_read(batch, support_file("batch.jsonl", lines, (size_t)len));
  rc = rc == SIUO_EFORMAT ? SIUO_OK : rc;
  if (rc == SIUO_OK)
    rc = siuo_batch_take(batch, lines, strcspn(lines, "\n"), NULL);
  if (rc == SIUO_OK)
    rc = siuo_batch_finish(batch);
  if (rc == SIUO_OK) {
    ck_assert_uint_eq(siuo_batch_count(batch, SIUO_BATCH_TAKEN), 2);
    ck_assert_uint_eq(siuo_batch_count(batch, SIUO_BATCH_KNOWN), 2);
  }
  siuo_batch_free(batch);
  return rc;
}

static int sweep_batch(siuo_ctx *ctx, void *data)
{
  siuo_dataset *ds = NULL;
  siuo_protocol *p = NULL;
  siuo_session *s = NULL;
  siuo_session *back = NULL;
  (void)data;
  int rc = siuo_dataset_open(&ds, ctx, support_path("examples/sample-suite/siuo_gen.json"), NULL);
  if (rc == SIUO_OK)
    rc = siuo_protocol_default(&p, ctx);
  if (rc == SIUO_OK)
    rc = make_batch_session(ctx, ds, p, &s);
  if (rc == SIUO_OK)
    rc = make_batch_session(ctx, ds, p, &back);
  if (rc == SIUO_OK)
    rc = take_batch(ctx, s, back);
  siuo_session_free(s);
  siuo_session_free(back);
  siuo_protocol_free(p);
  siuo_dataset_free(ds);
  return rc;
}

START_TEST(batches)
{
  support_sweep("batch files", sweep_batch, NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("memory");
  TCase *tc = tcase_create("sweep");
  tcase_set_timeout(tc, 300);
  tcase_add_test(tc, context);
  tcase_add_test(tc, datasets);
  tcase_add_test(tc, all_metrics);
  tcase_add_test(tc, all_results);
  tcase_add_test(tc, batches);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
