/* test_images.c: a data set's pictures together: what can be read, their fingerprint, and what reports say. */
#include "support/os_faults.h"
#include "support/pictures.h"
#include "support/support.h"

#include "dataset.h"
#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From docs/dataset.md, by other means. */
#define FINGERPRINT "58f4ea4693d3fbfa2b23e84c9db3030cea27162deaf0be74c865f4a7655a385b"
#define DIGEST_A    "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"

static siuo_dataset *some_pictures(void)
{
  static const char *const names[] = {"b.png", "a.png", "lfs.png", "a.png", "none.png", "out.png", NULL};
  static const char pointer[] = "version https://git-lfs.github.com/spec/v1\n";
  pictures_data("d", names);
  pictures_file("d/images/a.png", PNG, 8);
  pictures_file("d/images/b.png", WEBP, 12);
  pictures_file("d/images/lfs.png", pointer, sizeof pointer - 1);
  pictures_file("secret.png", PNG, 8);
  pictures_link("../../secret.png", "d/images/out.png");
  return pictures_open("d");
}

START_TEST(sets)
{
  siuo_dataset *ds = some_pictures();
  siuo_images *images = NULL;
  siuo_image *image = NULL;
  ck_assert_int_eq(pictures_try(&image, ds, 4), SIUO_ENOTFOUND);
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds), SIUO_OK);
  ck_assert_ptr_nonnull(strstr(siuo_ctx_errmsg(pictures_ctx()), "none.png")); /* what failed last was the opening */
  ck_assert_uint_eq(siuo_images_files(images), 2);
  ck_assert_uint_eq(siuo_images_missing(images), 3);
  ck_assert_uint_eq(siuo_images_misnamed(images), 1);
  ck_assert_str_eq(siuo_images_problem(images, 0), "lfs.png: a Git LFS pointer, not the picture: run git lfs pull");
  ck_assert_str_eq(siuo_images_problem(images, 1), "none.png: there is no such picture");
  ck_assert_ptr_eq(strstr(siuo_images_problem(images, 2), "out.png: a link leads to "), siuo_images_problem(images, 2));
  ck_assert_ptr_null(siuo_images_problem(images, 3));
  ck_assert_str_eq(siuo_images_digest(images, siuo_dataset_item(ds, 1)), DIGEST_A);
  ck_assert_ptr_eq(siuo_images_digest(images, siuo_dataset_item(ds, 3)),
                   siuo_images_digest(images, siuo_dataset_item(ds, 1)));
  ck_assert_ptr_null(siuo_images_digest(images, siuo_dataset_item(ds, 2)));
  ck_assert_ptr_null(siuo_images_digest(images, NULL));
  siuo_item other = *siuo_dataset_item(ds, 0);
  other.image.s = "c.png";
  ck_assert_ptr_null(siuo_images_digest(images, &other));
  ck_assert_str_eq(siuo_images_fingerprint(images), FINGERPRINT);
  siuo_images_free(images);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(sets_that_fail)
{
  siuo_dataset *ds = some_pictures();
  siuo_images *images = NULL;
  os_faults.read_error = EIO;
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds),
                   SIUO_OK); /* every picture is a problem, and none an error */
  ck_assert_str_eq(siuo_ctx_errmsg(pictures_ctx()), "");
  ck_assert_uint_eq(siuo_images_files(images), 0);
  ck_assert_uint_eq(siuo_images_missing(images), 5);
  ck_assert_str_eq(siuo_images_problem(images, 0), "a.png: cannot read: input/output error (errno 5)");
  ck_assert_uint_eq(strlen(siuo_images_fingerprint(images)), 64);
  siuo_images_free(images);
  os_faults.read_error = 0;
  os_faults.open_error = ENOMEM;
  support_expect_error(pictures_ctx(), siuo_images_new(&images, pictures_ctx(), ds), SIUO_ENOMEM, "memory");
  ck_assert_ptr_null(images);
  siuo_dataset_free(ds);
}
END_TEST

/* ---- reports ---- */

static siuo_buf *describe(const siuo_dataset *ds, const siuo_images *images, int format)
{
  siuo_buf *out = NULL;
  siuo_report_describe_options o;
  ck_assert_int_eq(siuo_report_describe_options_init(&o, sizeof o), SIUO_OK);
  o.images = images;
  ck_assert_int_eq(siuo_report_describe(&out, pictures_ctx(), ds, format, &o), SIUO_OK);
  return out;
}

START_TEST(reports)
{
  siuo_dataset *ds = some_pictures();
  siuo_images *images = NULL;
  siuop_json *v = NULL;
  siuo_buf *plain = NULL;
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds), SIUO_OK);
  siuo_buf *text = describe(ds, images, SIUO_FORMAT_TEXT);
  ck_assert_ptr_nonnull(
      strstr(siuo_buf_data(text), "\npictures: 2 files, 3 missing\n  of another type than the name says"));
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(text), "no harm: 1\n  lfs.png: a Git LFS pointer"));
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(text), "\nfingerprint, images      " FINGERPRINT "\n"));
  siuo_buf_free(text);
  siuo_buf *json = describe(ds, images, SIUO_FORMAT_JSON);
  ck_assert_int_eq(siuop_json_parse(&v, pictures_ctx(), "report", 1, siuo_buf_data(json), siuo_buf_size(json)),
                   SIUO_OK);
  const siuop_json *member = siuop_json_get(v, "images");
  ck_assert_uint_eq(siuop_json_size(member), 4);
  ck_assert_int_eq(siuop_json_integer(siuop_json_get(member, "files")), 2);
  ck_assert_int_eq(siuop_json_integer(siuop_json_get(member, "missing")), 3);
  ck_assert_str_eq(siuop_json_text(siuop_json_get(member, "sha256"), NULL), FINGERPRINT);
  ck_assert_uint_eq(siuop_json_size(siuop_json_get(member, "problems")), 3);
  siuop_json_free(v);
  siuo_buf_free(json);
  text = describe(ds, NULL, SIUO_FORMAT_TEXT);
  ck_assert_ptr_null(strstr(siuo_buf_data(text), "pictures:"));
  ck_assert_int_eq(siuo_report_dataset(&plain, pictures_ctx(), ds, NULL, SIUO_FORMAT_TEXT), SIUO_OK);
  ck_assert_str_eq(siuo_buf_data(text), siuo_buf_data(plain));
  siuo_buf_free(plain);
  ck_assert_int_eq(siuo_report_describe(&plain, pictures_ctx(), ds, SIUO_FORMAT_TEXT, NULL), SIUO_OK);
  ck_assert_str_eq(siuo_buf_data(text), siuo_buf_data(plain));
  siuo_buf_free(plain);
  siuo_buf_free(text);
  siuo_images_free(images);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(report_misuse)
{
  siuo_dataset *ds = pictures_one_item();
  siuo_buf *out = NULL;
  siuo_report_describe_options o;
  ck_assert_int_eq(siuo_report_describe_options_init(NULL, sizeof o), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_describe_options_init(&o, 8), SIUO_EABI);
  ck_assert_int_eq(siuo_report_describe_options_init(&o, sizeof o), SIUO_OK);
  ck_assert_int_eq(siuo_report_describe(NULL, pictures_ctx(), ds, SIUO_FORMAT_TEXT, &o), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_describe(&out, NULL, ds, SIUO_FORMAT_TEXT, &o), SIUO_EINVAL);
  ck_assert_int_eq(siuo_report_describe(&out, pictures_ctx(), NULL, SIUO_FORMAT_TEXT, &o), SIUO_EINVAL);
  support_expect_error(pictures_ctx(), siuo_report_describe(&out, pictures_ctx(), ds, 99, &o), SIUO_EINVAL,
                       "no report format 99");
  o.reserved = 1;
  ck_assert_int_eq(siuo_report_describe(&out, pictures_ctx(), ds, SIUO_FORMAT_TEXT, &o), SIUO_EABI);
  ck_assert_ptr_null(out);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(many_problems)
{
  char names[30][8];
  const char *pointers[31] = {NULL};
  siuo_images *images = NULL;
  for (int i = 0; i < 30; i++) {
    snprintf(names[i], sizeof names[i], "%d.png", i);
    pointers[i] = names[i];
  }
  pictures_data("d", pointers);
  siuo_dataset *ds = pictures_open("d");
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds), SIUO_OK);
  ck_assert_uint_eq(siuo_images_missing(images), 30);
  siuo_buf *text = describe(ds, images, SIUO_FORMAT_TEXT);
  ck_assert_ptr_nonnull(strstr(siuo_buf_data(text), "  and 10 more, which the JSON report names\n"));
  siuo_buf_free(text);
  siuo_images_free(images);
  siuo_dataset_free(ds);
}
END_TEST

/* ---- memory ---- */

static int sweep_image(siuo_ctx *own, void *path)
{
  char bytes[8];
  size_t got = 0;
  siuo_dataset *ds = NULL;
  siuo_image *image = NULL;
  siuo_dataset_options o;
  siuo_dataset_options_init(&o, sizeof o);
  o.image_dir = pictures_path("d/images");
  int rc = siuo_dataset_open(&ds, own, path, &o);
  if (rc == SIUO_OK)
    rc = siuo_image_open(&image, own, ds, siuo_dataset_item(ds, 0));
  if (rc == SIUO_OK)
    rc = siuo_image_read(image, bytes, sizeof bytes, &got);
  siuo_image_free(image);
  siuo_dataset_free(ds);
  return rc;
}

static int sweep_images(siuo_ctx *own, void *path)
{
  siuo_dataset *ds = NULL;
  siuo_images *images = NULL;
  siuo_report_describe_options o;
  siuo_report_describe_options_init(&o, sizeof o);
  int rc = siuo_dataset_open(&ds, own, path, NULL);
  if (rc == SIUO_OK)
    rc = siuo_images_new(&images, own, ds);
  o.images = images;
  for (int format = SIUO_FORMAT_TEXT; rc == SIUO_OK && format <= SIUO_FORMAT_JSON; format++) {
    siuo_buf *out = NULL;
    rc = siuo_report_describe(&out, own, ds, format, &o);
    siuo_buf_free(out);
  }
  siuo_images_free(images);
  siuo_dataset_free(ds);
  return rc;
}

START_TEST(memory)
{
  char path[4200];
  siuo_dataset_free(some_pictures());
  snprintf(path, sizeof path, "%s", pictures_path("d"));
  support_sweep("a picture", sweep_image, path);
  support_sweep("pictures", sweep_images, path);
}
END_TEST

/* ---- real pictures ---- */

static void expect_types(const siuo_dataset *ds, const int expected[5])
{
  int count[5] = {0};
  for (size_t i = 0; i < siuo_dataset_count(ds); i++) {
    siuo_image *image = pictures_image(ds, i);
    count[siuo_image_type(image)]++;
    siuo_image_free(image);
  }
  for (int type = SIUO_IMAGE_PNG; type <= SIUO_IMAGE_GIF; type++)
    ck_assert_int_eq(count[type], expected[type]);
}

START_TEST(the_sample_suite)
{
  static const int expected[] = {0, 28, 8, 0, 0}; /* both tasks */
  siuo_images *images = NULL;
  siuo_dataset *ds = pictures_open_with(support_path("examples/sample-suite"), 0, NULL);
  expect_types(ds, expected);
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds), SIUO_OK);
  ck_assert_uint_eq(siuo_images_files(images), 18);
  ck_assert_uint_eq(siuo_images_missing(images) + siuo_images_misnamed(images), 0);
  siuo_images_free(images);
  siuo_dataset_free(ds);
}
END_TEST

/* 22 stand-ins take turns for 167 pictures, all named .png: the first two are WebP, the last is JPEG. */
START_TEST(the_benchmark)
{
  static const int expected[] = {0, 2 * (167 - 16 - 7), 2 * 7, 2 * 16, 0};
  char command[9000];
  siuo_images *images = NULL;
  if (support_shared_missing("stand-ins for the benchmark's pictures"))
    return;
  snprintf(command, sizeof command, "'%s/siuo/make-layout' '%s'", support_shared(), pictures_path("layout"));
  ck_assert_int_eq(system(command), 0);
  siuo_dataset *ds = pictures_open("layout");
  expect_types(ds, expected);
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds), SIUO_OK);
  ck_assert_uint_eq(siuo_images_files(images), 167);
  ck_assert_uint_eq(siuo_images_missing(images), 0);
  ck_assert_uint_eq(siuo_images_misnamed(images), 16 + 7);
  siuo_images_free(images);
  siuo_dataset_free(ds);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("images");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, pictures_setup, pictures_teardown);
  tcase_add_test(tc, sets);
  tcase_add_test(tc, sets_that_fail);
  tcase_add_test(tc, reports);
  tcase_add_test(tc, report_misuse);
  tcase_add_test(tc, many_problems);
  tcase_add_test(tc, memory);
  tcase_add_test(tc, the_sample_suite);
  tcase_add_test(tc, the_benchmark);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
