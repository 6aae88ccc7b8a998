/* test_dataset.c: data sets: loaded, refused, walked over, described. */
#include "support/support.h"

#include "records.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static siuo_ctx *ctx;

static void setup(void)
{
  ctx = support_ctx();
}

static void teardown(void)
{
  siuo_ctx_free(ctx);
}

static siuo_dataset *parse(const char *text)
{
  siuo_dataset *ds = NULL;
  int rc = siuo_dataset_parse(&ds, ctx, text, strlen(text), NULL);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return ds;
}

/* clang-format off */
#define ONE "{\"question_id\": 7, \"image\": \"a.png\", \"question\": \" Q\\n\", \"category\": \"privacy violation\", " \
            "\"safety_warning\": \"W.\", \"reference_answer\": \"R\\u00e9.\"}"
#define TWO "{\"correct_option\": \"B\", \"options\": {\"B\": \"y\", \"A\": \"x\"}, \"question_id\": \"7\", \"image\": " \
            "\"a.png\", \"question\": \"Q\", \"category\": \"own\"}"
/* clang-format on */

/* ---- loading ---- */

START_TEST(items)
{
  size_t len = 0;
  siuo_dataset *ds = parse("\xEF\xBB\xBF[" ONE ",\n" TWO "]");
  ck_assert_uint_eq(siuo_dataset_count(ds), 2);
  const siuo_item *a = siuo_dataset_find(ds, SIUO_TASK_GENERATION, "7");
  const siuo_item *b = siuo_dataset_find(ds, SIUO_TASK_CHOICE, "7");
  ck_assert_ptr_eq(a, siuo_dataset_item(ds, 0));
  ck_assert_ptr_eq(b, siuo_dataset_item(ds, 1));
  ck_assert_str_eq(siuo_item_question(a, &len), " Q\n");
  ck_assert_uint_eq(len, 3);
  ck_assert_str_eq(siuo_item_reference_answer(a, NULL), "R\xC3\xA9.");
  ck_assert_str_eq(siuo_item_safety_warning(a, NULL), "W.");
  ck_assert_str_eq(siuo_item_image_name(b, NULL), "a.png");
  ck_assert_ptr_null(siuo_item_safety_warning(b, &len));
  ck_assert_uint_eq(len, 0);
  ck_assert_uint_eq(siuo_item_option_count(b), 2);
  ck_assert_str_eq(siuo_item_option(b, 0, NULL), "x");
  ck_assert_int_eq(siuo_item_option_letter(b, 1), 'B');
  ck_assert_int_eq(siuo_item_correct_option(b), 'B');
  ck_assert_uint_eq(siuo_dataset_category_count(ds), 2);
  ck_assert_str_eq(siuo_dataset_category(ds, 0), "privacy violation"); /* a domain, so before the others */
  ck_assert_str_eq(siuo_dataset_category(ds, 1), "own");
  ck_assert_ptr_null(siuo_dataset_image_dir(ds));
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(nothing_there)
{
  siuo_dataset *ds = parse(ONE);
  size_t len = 1;
  ck_assert_ptr_null(siuo_dataset_item(ds, 1));
  ck_assert_ptr_null(siuo_dataset_find(ds, SIUO_TASK_CHOICE, "7"));
  ck_assert_ptr_null(siuo_dataset_find(ds, SIUO_TASK_GENERATION, "07"));
  ck_assert_ptr_null(siuo_dataset_find(ds, SIUO_TASK_GENERATION, NULL));
  ck_assert_ptr_null(siuo_dataset_fingerprint(ds, SIUO_TASK_CHOICE));
  ck_assert_ptr_null(siuo_dataset_fingerprint(ds, 3));
  ck_assert_ptr_null(siuo_dataset_category(ds, 1));
  ck_assert_ptr_null(siuo_item_option(siuo_dataset_item(ds, 0), 0, &len));
  ck_assert_uint_eq(len, 0);
  ck_assert_int_eq(siuo_item_correct_option(siuo_dataset_item(ds, 0)), 0);
  ck_assert_int_eq(siuo_item_task(NULL), 0);
  ck_assert_ptr_null(siuo_item_id(NULL, NULL));
  ck_assert_uint_eq(siuo_dataset_count(NULL), 0);
  siuo_dataset_free(ds);
  siuo_dataset_free(NULL);
}
END_TEST

START_TEST(misuse)
{
  siuo_dataset *ds = NULL;
  siuo_dataset_options o;
  ck_assert_int_eq(siuo_dataset_open(NULL, ctx, "x", NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_dataset_open(&ds, NULL, "x", NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_dataset_open(&ds, ctx, NULL, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_dataset_parse(&ds, ctx, NULL, 1, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_dataset_options_init(&o, sizeof o), SIUO_OK);
  o.task = 3;
  support_expect_error(ctx, siuo_dataset_parse(&ds, ctx, ONE, strlen(ONE), &o), SIUO_EINVAL, "no task 3");
  o.task = SIUO_TASK_CHOICE;
  o.name = "vendor.json";
  support_expect_error(ctx, siuo_dataset_parse(&ds, ctx, ONE, strlen(ONE), &o), SIUO_EFORMAT,
                       "vendor.json: there are no");
  ck_assert_ptr_null(ds);
  o.size = 4;
  ck_assert_int_eq(siuo_dataset_parse(&ds, ctx, ONE, strlen(ONE), &o), SIUO_EABI);
}
END_TEST

static int check_invalid(siuo_ctx *unused, const struct siuop_record *record, void *rows)
{
  siuo_dataset *ds = NULL;
  size_t len = 0;
  const char *input = siuop_json_text(siuop_json_get(record->value, "input"), &len);
  const char *says = siuop_json_text(siuop_json_get(record->value, "says"), NULL);
  (void)unused;
  int rc = siuo_dataset_parse(&ds, ctx, input, len, NULL);
  ck_assert_msg(rc == SIUO_EFORMAT && ds == NULL && strstr(siuo_ctx_errmsg(ctx), says) != NULL, "row %d: %d %s",
                (int)record->line, rc, siuo_ctx_errmsg(ctx));
  ++*(int *)rows;
  return SIUO_OK;
}

START_TEST(invalid_input)
{
  int rows = 0;
  siuo_ctx *reading = support_ctx();
  ck_assert_int_eq(siuop_records_read(reading, support_path("tests/cases/dataset/invalid.jsonl"), check_invalid, &rows),
                   SIUO_OK);
  ck_assert_int_gt(rows, 40);
  siuo_ctx_free(reading);
}
END_TEST

START_TEST(limits)
{
  siuo_ctx_options options;
  siuo_ctx *small = NULL;
  siuo_dataset *ds = NULL;
  siuo_ctx_options_init(&options, sizeof options);
  options.max_items = 1;
  options.max_line = 200;
  options.max_document = 250;
  ck_assert_int_eq(siuo_ctx_new(&small, &options), SIUO_OK);
  const char *array = "[" ONE "]", *two = ONE "\n" TWO, *both = "[" ONE "," TWO "]";
  ck_assert_int_eq(siuo_dataset_parse(&ds, small, array, strlen(array), NULL), SIUO_OK);
  siuo_dataset_free(ds);
  support_expect_error(small, siuo_dataset_parse(&ds, small, two, strlen(two), NULL), SIUO_ELIMIT, "max_items");
  support_expect_error(small, siuo_dataset_parse(&ds, small, both, strlen(both), NULL), SIUO_ELIMIT, "max_document");
  char line[512];
  snprintf(line, sizeof line, "%s%200s", ONE, "");
  support_expect_error(small, siuo_dataset_parse(&ds, small, line, strlen(line), NULL), SIUO_ELIMIT, "max_line");
  siuo_ctx_free(small);
}
END_TEST

/* ---- folders ---- */

static void expect_folder(const char *path, size_t count, const char *images)
{
  siuo_dataset *ds = NULL;
  int rc = siuo_dataset_open(&ds, ctx, path, NULL);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  ck_assert_uint_eq(siuo_dataset_count(ds), count);
  ck_assert_str_eq(siuo_dataset_image_dir(ds), images);
  siuo_dataset_free(ds);
}

START_TEST(folders)
{
  char folder[4096], images[5000];
  siuo_dataset *ds = NULL;
  snprintf(folder, sizeof folder, "%s/clone", support_folder());
  mkdir(folder, 0755);
  support_expect_error(ctx, siuo_dataset_open(&ds, ctx, folder, NULL), SIUO_ENOTFOUND, "no siuo_gen.json");
  support_file("clone/siuo_mcqa.json", "[" TWO "]", strlen("[" TWO "]"));
  snprintf(images, sizeof images, "%s/images", folder);
  expect_folder(folder, 1, images);
  snprintf(folder, sizeof folder, "%s/clone/data", support_folder());
  mkdir(folder, 0755);
  support_file("clone/data/siuo_gen.json", "[" ONE "]", strlen("[" ONE "]"));
  support_file("clone/data/siuo_mcqa.json", "[" TWO "]", strlen("[" TWO "]"));
  snprintf(folder, sizeof folder, "%s/clone", support_folder());
  snprintf(images, sizeof images, "%s/data/images", folder);
  expect_folder(folder, 2, images); /* a clone's own folder goes first */
  support_file("clone/data/siuo_mcqa.json", "[", 1);
  support_expect_error(ctx, siuo_dataset_open(&ds, ctx, folder, NULL), SIUO_EFORMAT,
                       "data/siuo_mcqa.json:1: not valid");
  ck_assert_ptr_null(ds);
}
END_TEST

/* ---- fingerprints ---- */

START_TEST(fingerprints)
{
  /* From docs/dataset.md, by other means. */
  static const char generation[] = "6692c7e6aefe366b9ca47954f5ac3678cf65ae8e59c9890cfe90d14fdd063e57";
  static const char choice[] = "7a292a522d4f3ee68f11f72d154ef6a587a85c67c67b33c2701e803bd2ef3387";
  siuo_dataset *a = parse("[" ONE "," TWO "]");
  siuo_dataset *b = parse(TWO "\n" ONE "\n");
  for (int task = SIUO_TASK_GENERATION; task <= SIUO_TASK_CHOICE; task++)
    ck_assert_str_eq(siuo_dataset_fingerprint(a, task), siuo_dataset_fingerprint(b, task));
  ck_assert_str_eq(siuo_dataset_fingerprint(a, SIUO_TASK_GENERATION), generation);
  ck_assert_str_eq(siuo_dataset_fingerprint(a, SIUO_TASK_CHOICE), choice);
  siuo_dataset_free(a);
  siuo_dataset_free(b);
}
END_TEST

/* ---- cursors ---- */

/* A data set of n generation items with ids 1 … n, by thirds in three categories of sizes 1 : 2 : 3. */
static siuo_dataset *numbered(int n)
{
  static const char *const categories[] = {"self-harm", "morality", "morality", "own", "own", "own"};
  static char text[200000];
  size_t len = 0;
  for (int i = 1; i <= n; i++)
    len += (size_t)snprintf(text + len, sizeof text - len,
                            "{\"question_id\": %d, \"image\": \"%d.png\", \"question\": \"q%d\", \"category\": \"%s\", "
                            "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}\n",
                            i, i, i, categories[i % 6]);
  return parse(text);
}

/* The ids in a cursor's order, with blanks between them. */
static const char *walk(const siuo_dataset *ds, const siuo_cursor_options *o)
{
  static char ids[4][4096];
  static int turn;
  char *out = ids[turn = (turn + 1) % 4];
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  int rc = siuo_cursor_new(&cursor, ctx, ds, o);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  out[0] = '\0';
  while ((rc = siuo_cursor_next(cursor, &item)) == SIUO_OK)
    snprintf(out + strlen(out), 4096 - strlen(out), "%s%s", *out == '\0' ? "" : " ", siuo_item_id(item, NULL));
  ck_assert_int_eq(rc, SIUO_DONE);
  ck_assert_ptr_null(item);
  siuo_cursor_free(cursor);
  return out;
}

START_TEST(cursors)
{
  siuo_dataset *ds = numbered(12);
  siuo_cursor_options o;
  ck_assert_str_eq(walk(ds, NULL), "1 2 3 4 5 6 7 8 9 10 11 12");
  siuo_cursor_options_init(&o, sizeof o);
  o.category = "morality";
  ck_assert_str_eq(walk(ds, &o), "1 2 7 8");
  o.limit = 3;
  ck_assert_str_eq(walk(ds, &o), "1 2 7");
  o.shard_count = 2;
  ck_assert_str_eq(walk(ds, &o), "1 7");
  o.shard_index = 1;
  ck_assert_str_eq(walk(ds, &o), "2");
  o.category = NULL;
  o.task = SIUO_TASK_CHOICE;
  ck_assert_str_eq(walk(ds, &o), "");
  siuo_dataset_free(ds);
}
END_TEST

/* Of each task so many, whatever the order; shards share what is left. */
START_TEST(limits_of_each_task)
{
  siuo_dataset *ds = NULL;
  siuo_cursor_options o;
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  ck_assert_int_eq(siuo_dataset_open(&ds, ctx, support_path("examples/sample-suite"), NULL), SIUO_OK);
  siuo_cursor_options_init(&o, sizeof o);
  for (uint32_t order = SIUO_ORDER_FILE; order <= SIUO_ORDER_STRATIFIED; order++)
    for (o.limit = 1; o.limit < 40; o.limit += 9) {
      size_t count[SIUO_TASK_CHOICE + 1] = {0};
      o.shard_count = 3;
      o.shuffle = order | SIUO_LIMIT_EACH_TASK;
      for (o.shard_index = 0; o.shard_index < o.shard_count; o.shard_index++) {
        ck_assert_int_eq(siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_OK);
        while (siuo_cursor_next(cursor, &item) == SIUO_OK)
          count[siuo_item_task(item)]++;
        siuo_cursor_free(cursor);
      }
      size_t most = o.limit < 18 ? (size_t)o.limit : 18;
      ck_assert_uint_eq(count[SIUO_TASK_GENERATION], most);
      ck_assert_uint_eq(count[SIUO_TASK_CHOICE], most);
    }
  o.shard_index = 0;
  o.shuffle = SIUO_LIMIT_EACH_TASK + SIUO_ORDER_STRATIFIED + 1;
  ck_assert_int_eq(siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_EINVAL);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(orders)
{
  siuo_dataset *ds = numbered(12);
  siuo_cursor_options o;
  siuo_cursor_options_init(&o, sizeof o);
  o.shuffle = SIUO_ORDER_SHUFFLED;
  ck_assert_str_eq(walk(ds, &o), "5 2 7 9 1 6 3 4 12 10 11 8");
  o.shuffle_seed = 1;
  ck_assert_str_eq(walk(ds, &o), "5 7 8 10 12 4 11 2 3 1 9 6");
  o.shuffle = SIUO_ORDER_STRATIFIED;
  ck_assert_str_eq(walk(ds, &o), "5 7 12 10 8 4 11 2 6 3 1 9");
  siuo_dataset_free(ds);
}
END_TEST

/* Every prefix of a stratified order holds each category in proportion, to within one item. */
START_TEST(stratified_prefixes)
{
  siuo_dataset *ds = numbered(600);
  siuo_cursor_options o;
  siuo_cursor *cursor = NULL;
  const siuo_item *item = NULL;
  int counts[3] = {0, 0, 0}, all = 0;
  static const char *const names[] = {"self-harm", "morality", "own"};
  siuo_cursor_options_init(&o, sizeof o);
  o.shuffle = SIUO_ORDER_STRATIFIED;
  o.shuffle_seed = 42;
  ck_assert_int_eq(siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_OK);
  while (siuo_cursor_next(cursor, &item) == SIUO_OK) {
    all++;
    for (int i = 0; i < 3; i++) {
      counts[i] += strcmp(siuo_item_category(item, NULL), names[i]) == 0;
      ck_assert_int_le(6 * counts[i], (i + 1) * all + 6);
      ck_assert_int_ge(6 * counts[i], (i + 1) * all - 6);
    }
  }
  ck_assert_int_eq(all, 600);
  siuo_cursor_free(cursor);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(cursor_misuse)
{
  siuo_dataset *ds = numbered(3);
  siuo_cursor *cursor = NULL;
  siuo_cursor_options o;
  siuo_cursor_options_init(&o, sizeof o);
  o.shard_count = 2;
  o.shard_index = 2;
  support_expect_error(ctx, siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_EINVAL, "shard 2 is not one of 2");
  siuo_cursor_options_init(&o, sizeof o);
  o.category = "nothing";
  support_expect_error(ctx, siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_ENOTFOUND, "\"nothing\"");
  siuo_cursor_options_init(&o, sizeof o);
  o.shuffle = 9;
  support_expect_error(ctx, siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_EINVAL, "no order 9");
  siuo_cursor_options_init(&o, sizeof o);
  o.reserved = 1;
  ck_assert_int_eq(siuo_cursor_new(&cursor, ctx, ds, &o), SIUO_EABI);
  ck_assert_int_eq(siuo_cursor_new(NULL, ctx, ds, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_cursor_next(NULL, NULL), SIUO_EINVAL);
  ck_assert_ptr_null(cursor);
  siuo_dataset_free(ds);
}
END_TEST

/* ---- lint and blind strategies ---- */

/* Ids as spreadsheets write them: a number's is read as the integer that it is, a text's stays. */
START_TEST(ids_with_a_point)
{
  static const char *const ids[] = {"1001.0", "\"1001.0\"", "1001", "\"1001\"", "\"a.0\"", "\"1.00\""};
  static const char *const read[] = {"1001", "1001.0", "1001", "1001", "a.0", "1.00"};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    char text[512];
    siuo_lint *lint = NULL;
    int noted = 0;
    snprintf(text, sizeof text,
             "{\"question_id\": %s, \"image\": \"a.png\", \"question\": \"Q?\", \"category\": \"morality\", "
             "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}",
             ids[i]);
    siuo_dataset *ds = parse(text);
    ck_assert_str_eq(siuo_item_id(siuo_dataset_item(ds, 0), NULL), read[i]);
    ck_assert_int_eq(siuo_lint_new(&lint, ctx, ds), SIUO_OK);
    for (size_t k = 0; k < siuo_lint_count(lint); k++) {
      siuo_lint_note note;
      note.size = sizeof note;
      ck_assert_int_eq(siuo_lint_note_at(lint, k, &note), SIUO_OK);
      noted += note.code == SIUO_LINT_ID;
    }
    ck_assert_int_eq(noted, i < 2);
    ck_assert_str_eq(siuo_lint_code_name(SIUO_LINT_ID), "id");
    siuo_lint_free(lint);
    siuo_dataset_free(ds);
  }
}
END_TEST

static int count_notes(const siuo_lint *lint, int code, const char *words)
{
  int count = 0;
  for (size_t i = 0; i < siuo_lint_count(lint); i++) {
    siuo_lint_note note;
    note.size = sizeof note;
    ck_assert_int_eq(siuo_lint_note_at(lint, i, &note), SIUO_OK);
    count += note.code == code && (words == NULL || strstr(note.text, words) != NULL);
  }
  return count;
}

START_TEST(lint_of_a_vendors_file)
{
  siuo_lint *lint = NULL;
  siuo_lint_note note;
  siuo_dataset *ds = parse(
      "\xEF\xBB\xBF{\"question_id\": 1, \"image\": \"a\", \"question\": \"Q {x}?\", \"category\": \"Privacy Violations\", "
      "\"safety_warning\": \"\", \"reference_answer\": \" \", \"safety-warning\": \"\"}\n"
      "{\"question_id\": 2, \"image\": \"a\", \"question\": \"Q {x}?\", \"category\": \"x\\u001b\", \"safety_warning\": "
      "\"So you\", \"reference_answer\": \"\\u200b\\u0416\"}\n"
      "{\"question_id\": 2, \"image\": \"b.png\", \"question\": \"Other\", \"category\": \"morality\", \"options\": "
      "{\"A\": \"x \", \"B\": \" x\"}, \"correct_option\": \"A\"}\n");
  static const struct {
    int code;
    const char *words;
    int count;
    /* clang-format off */
  } expected[] = {{SIUO_LINT_BYTE_ORDER_MARK, NULL, 1}, {SIUO_LINT_UNKNOWN_CATEGORY, "is \"privacy violation\" meant?", 1},
                  {SIUO_LINT_UNKNOWN_CATEGORY, "\\x1B", 1}, {SIUO_LINT_EMPTY_TEXT, NULL, 2}, {SIUO_LINT_BRACES, NULL, 2},
                  {SIUO_LINT_IMAGE_NAME, NULL, 2}, {SIUO_LINT_SAME_QUESTION, "as 1", 1}, {SIUO_LINT_CUT_OFF, NULL, 1},
                  {SIUO_LINT_INVISIBLE, "U+200B", 1}, {SIUO_LINT_SCRIPT, "Cyrillic", 1}, {SIUO_LINT_UNKNOWN_KEY, NULL, 1},
                  {SIUO_LINT_TASKS_DIFFER, NULL, 3}, {SIUO_LINT_ONE_TASK, NULL, 1}, {SIUO_LINT_SAME_OPTIONS, NULL, 1},
                  {SIUO_LINT_STUB_OPTION, NULL, 2}, {SIUO_LINT_OUTER_SPACE, NULL, 2}, {SIUO_LINT_KEY_MISMATCH, NULL, 1},
                  {SIUO_LINT_NO_IMAGES, NULL, 0}};
  /* clang-format on */
  ck_assert_int_eq(siuo_lint_new(&lint, ctx, ds), SIUO_OK);
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
    ck_assert_msg(count_notes(lint, expected[i].code, expected[i].words) == expected[i].count, "%s %d",
                  siuo_lint_code_name(expected[i].code), count_notes(lint, expected[i].code, expected[i].words));
  note.size = sizeof note;
  ck_assert_int_eq(siuo_lint_note_at(lint, siuo_lint_count(lint), &note), SIUO_ENOTFOUND);
  ck_assert_str_eq(siuo_lint_code_name(99), "unknown");
  siuo_lint_free(lint);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(the_benchmark)
{
  static const struct {
    int code;
    const char *words;
    int count;
    /* clang-format off */
  } expected[] = {{SIUO_LINT_OUTER_SPACE, "option begins", 105}, {SIUO_LINT_OUTER_SPACE, "option ends", 60},
                  {SIUO_LINT_OUTER_SPACE, "safety warning", 5}, {SIUO_LINT_OUTER_SPACE, "reference answer", 44},
                  {SIUO_LINT_CUT_OFF, NULL, 39}, {SIUO_LINT_SAME_OPTIONS, NULL, 3}, {SIUO_LINT_KEY_MISMATCH, NULL, 1},
                  {SIUO_LINT_UNKNOWN_CATEGORY, NULL, 0}, {SIUO_LINT_KEY_BALANCE, NULL, 0}};
  /* clang-format on */
  static const struct {
    int strategy;
    double percent;
  } blind[] = {{'A', 30.54}, {SIUO_BLIND_LONGEST, 38.32}, {SIUO_BLIND_SHORTEST, 24.55}, {SIUO_BLIND_UNIFORM, 25.00}};
  char path[4096];
  siuo_dataset *ds = NULL;
  siuo_lint *lint = NULL;
  if (support_shared_missing("lint of the benchmark"))
    return;
  snprintf(path, sizeof path, "%s/siuo", support_shared());
  ck_assert_int_eq(siuo_dataset_open(&ds, ctx, path, NULL), SIUO_OK);
  ck_assert_uint_eq(siuo_dataset_count(ds), 334);
  ck_assert_int_eq(siuo_lint_new(&lint, ctx, ds), SIUO_OK);
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
    ck_assert_int_eq(count_notes(lint, expected[i].code, expected[i].words), expected[i].count);
  for (size_t i = 0; i < sizeof blind / sizeof blind[0]; i++) {
    double percent = 0;
    ck_assert_int_eq(siuo_dataset_blind_percent(ds, blind[i].strategy, &percent), SIUO_OK);
    ck_assert_double_eq_tol(percent, blind[i].percent, 0.005);
  }
  siuo_lint_free(lint);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(blind_misuse)
{
  double percent = 1;
  siuo_dataset *ds = parse(ONE);
  ck_assert_int_eq(siuo_dataset_blind_percent(ds, 'A', &percent), SIUO_ENOTFOUND);
  ck_assert_double_eq(percent, 0);
  ck_assert_int_eq(siuo_dataset_blind_percent(ds, 99, &percent), SIUO_EINVAL);
  ck_assert_int_eq(siuo_dataset_blind_percent(ds, 'A', NULL), SIUO_EINVAL);
  siuo_dataset_free(ds);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("dataset");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, items);
  tcase_add_test(tc, nothing_there);
  tcase_add_test(tc, misuse);
  tcase_add_test(tc, invalid_input);
  tcase_add_test(tc, limits);
  tcase_add_test(tc, folders);
  tcase_add_test(tc, fingerprints);
  tcase_add_test(tc, cursors);
  tcase_add_test(tc, limits_of_each_task);
  tcase_add_test(tc, orders);
  tcase_add_test(tc, stratified_prefixes);
  tcase_add_test(tc, cursor_misuse);
  tcase_add_test(tc, ids_with_a_point);
  tcase_add_test(tc, lint_of_a_vendors_file);
  tcase_add_test(tc, the_benchmark);
  tcase_add_test(tc, blind_misuse);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
