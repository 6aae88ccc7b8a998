/* test_image.c: one picture: where it may be, what it is, how it is read. */
#include "support/os_faults.h"
#include "support/pictures.h"
#include "support/support.h"

#include "image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first item's picture is refused; the message names item and picture. */
static void expect_refused(const siuo_dataset *ds, int status, const char *words)
{
  siuo_image *image = NULL;
  int rc = pictures_try(&image, ds, 0);
  support_expect_error(pictures_ctx(), rc, status, words);
  support_expect_error(pictures_ctx(), rc, status, "item 1: ");
  support_expect_error(pictures_ctx(), rc, status, "a.png: ");
}

/* The bytes of a picture, read `cap` at once. */
static int read_all(siuo_image *image, size_t cap, char *out, size_t size, size_t *len)
{
  char piece[64];
  size_t got = 1;
  int rc = SIUO_OK;
  for (*len = 0; rc == SIUO_OK && got > 0; *len += got) {
    rc = siuo_image_read(image, piece, cap, &got);
    ck_assert_uint_le(*len + got, size);
    memcpy(out + *len, piece, got);
  }
  return rc;
}

/* ---- types ---- */

START_TEST(types)
{
  static const struct {
    const char *name, *bytes;
    size_t len;
    int type;
    const char *media_type;
  } cases[] = {
      {"a.png", PNG, 8, SIUO_IMAGE_PNG, "image/png"},      {"b.jpg", JPEG "rest", 8, SIUO_IMAGE_JPEG, "image/jpeg"},
      {"c.webp", WEBP, 12, SIUO_IMAGE_WEBP, "image/webp"}, {"d.gif", "GIF87a..", 8, SIUO_IMAGE_GIF, "image/gif"},
      {"e.GIF", "GIF89a", 6, SIUO_IMAGE_GIF, "image/gif"}, {"f.png", WEBP, 12, SIUO_IMAGE_WEBP, "image/webp"},
      {"g.JPEG", PNG "x", 9, SIUO_IMAGE_PNG, "image/png"}, {"h", "\xff\xd8\xff", 3, SIUO_IMAGE_JPEG, "image/jpeg"},
      {".png", "GIF89a", 6, SIUO_IMAGE_GIF, "image/gif"},
  };
  enum { COUNT = sizeof cases / sizeof cases[0] };
  const char *names[COUNT + 1] = {NULL};
  siuo_images *images = NULL;
  for (size_t i = 0; i < COUNT; i++)
    names[i] = cases[i].name;
  pictures_data("d", names);
  siuo_dataset *ds = pictures_open("d");
  for (size_t i = 0; i < COUNT; i++) {
    char path[64];
    snprintf(path, sizeof path, "d/images/%s", cases[i].name);
    pictures_file(path, cases[i].bytes, cases[i].len);
    siuo_image *image = pictures_image(ds, i);
    ck_assert_int_eq(siuo_image_type(image), cases[i].type);
    ck_assert_str_eq(siuo_image_media_type(image), cases[i].media_type);
    ck_assert_uint_eq(siuo_image_size(image), cases[i].len);
    ck_assert_str_eq(siuo_image_path(image), pictures_path(path));
    siuo_image_free(image);
  }
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), ds), SIUO_OK);
  ck_assert_uint_eq(siuo_images_misnamed(images), 2); /* f.png, g.JPEG; .png has no ending */
  siuo_images_free(images);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(no_pictures)
{
  static const struct {
    const char *bytes, *words;
    size_t len;
  } cases[] = {
      {"", "the file is empty", 0},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
       "a Git LFS pointer, not the picture: run git lfs pull", 63},
      {"\xEF\xBB\xBF \r\n<!DOCTYPE HTML><title>", "an HTML page", 28},
      {"<html lang=\"en\">", "an HTML page", 16},
      {"GIF88a..", "(it begins with 47 49 46 38 38 61 2E 2E)", 8},
      {"RIFF\x04\x00\x00\x00WAVE", "not PNG, JPEG, WebP or GIF", 12},
      {"RIFF\x04\x00\x00\x00WEB", "not PNG", 11}, /* cut off */
      {"\x89PNG\r\n\x1a", "not PNG", 7},
      {"<", "(it begins with 3C)", 1},
      {"version https://git-lfs.github.com/", "not PNG", 35},
  };
  siuo_dataset *ds = pictures_one_item();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pictures_file("d/images/a.png", cases[i].bytes, cases[i].len);
    expect_refused(ds, SIUO_EFORMAT, cases[i].words);
  }
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(limits)
{
  siuo_ctx_options o;
  siuo_ctx *small = NULL;
  siuo_image *image = NULL;
  siuo_dataset *ds = NULL;
  siuo_dataset_free(pictures_one_item());
  siuo_ctx_options_init(&o, sizeof o);
  o.max_picture = 9;
  ck_assert_int_eq(siuo_ctx_new(&small, &o), SIUO_OK);
  ck_assert_int_eq(siuo_dataset_open(&ds, small, pictures_path("d"), NULL), SIUO_OK);
  pictures_file("d/images/a.png", PNG "x", 9);
  ck_assert_int_eq(siuo_image_open(&image, small, ds, siuo_dataset_item(ds, 0)), SIUO_OK);
  siuo_image_free(image);
  pictures_file("d/images/a.png", PNG "xy", 10);
  support_expect_error(small, siuo_image_open(&image, small, ds, siuo_dataset_item(ds, 0)), SIUO_ELIMIT,
                       "a.png: 10 bytes are more than the limit of 9 (max_picture of the context)");
  ck_assert_ptr_null(image);
  siuo_dataset_free(ds);
  siuo_ctx_free(small);
}
END_TEST

/* ---- names and places ---- */

START_TEST(unusable_names)
{
  static const struct siuop_field cases[] = {{"", 0},         {".", 1},   {"..", 2},           {"/etc/passwd", 11},
                                             {"../a.png", 8}, {"x/a", 3}, {"a.png\0.txt", 10}, {"a.png/", 6}};
  siuo_dataset *ds = pictures_one_item();
  siuo_image *image = NULL;
  pictures_file("d/images/a.png", PNG, 8);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    siuo_item item = *siuo_dataset_item(ds, 0);
    item.image = cases[i];
    support_expect_error(pictures_ctx(), siuo_image_open(&image, pictures_ctx(), ds, &item), SIUO_EINVAL,
                         "must be a file's name, without a folder");
    ck_assert_ptr_null(image);
  }
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(long_names)
{
  char name[8192];
  siuo_dataset *ds = pictures_one_item();
  siuo_image *image = NULL;
  siuo_item item = *siuo_dataset_item(ds, 0);
  memset(name, 'n', sizeof name);
  for (size_t len = 255; len < sizeof name; len += len) {
    name[len] = '\0';
    item.image.s = name;
    item.image.len = len;
    int rc = siuo_image_open(&image, pictures_ctx(), ds, &item);
    support_expect_error(pictures_ctx(), rc, len == 255 ? SIUO_ENOTFOUND : SIUO_EIO,
                         len == 255 ? "no such picture" : "path too long");
    name[len] = 'n';
  }
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(missing)
{
  siuo_dataset *ds = pictures_one_item();
  expect_refused(ds, SIUO_ENOTFOUND, "there is no such picture");
  pictures_link("nowhere.png", "d/images/a.png");
  expect_refused(ds, SIUO_ENOTFOUND, "a link to a file that is missing");
  unlink(pictures_path("d/images/a.png"));
  pictures_link("a.png", "d/images/a.png");
  expect_refused(ds, SIUO_EIO, "too many symbolic links");
  unlink(pictures_path("d/images/a.png"));
  rmdir(pictures_path("d/images"));
  expect_refused(ds, SIUO_ENOTFOUND, "there is no images folder");
  pictures_file("d/images", "", 0);
  expect_refused(ds, SIUO_ENOTFOUND, "there is no images folder");
  siuo_dataset_free(ds);
}
END_TEST

/* What somebody will have meant is named; other names are not. */
START_TEST(near_misses)
{
  static const struct {
    const char *name, *words; /* of a file in d/images, and what is said; NULL: nothing */
  } cases[] = {{"A.PNG", "there is no such picture, but A.PNG, whose name has other capitals"},
               {"a.PNG", "but a.PNG, whose name has other capitals"},
               {"a.jpg", "but a.jpg, whose name ends otherwise"},
               {"A.JPEG", "but A.JPEG, whose name ends otherwise"},
               {"images/a.png", "but one in the folder images inside that folder"},
               {"a.txt", NULL},
               {"ab.png", NULL},
               {"b.png", NULL}};
  siuo_dataset *ds = pictures_one_item();
  pictures_folder("d/images/images");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char path[64];
    snprintf(path, sizeof path, "d/images/%s", cases[i].name);
    pictures_file(path, PNG, 8);
    expect_refused(ds, SIUO_ENOTFOUND, cases[i].words == NULL ? "no such picture" : cases[i].words);
    if (cases[i].words == NULL)
      ck_assert_ptr_null(strstr(siuo_ctx_errmsg(pictures_ctx()), ", but"));
    unlink(pictures_path(path));
  }
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(near_folders)
{
  static const struct {
    const char *name;
    int is_folder;
    const char *words;
  } cases[] = {{"image", 1, ", but a folder image beside it: rename it to images"},
               {"Images", 1, ", but a folder Images beside it"},
               {"images.zip", 0, ", but images.zip beside it: unpack that"},
               {"IMAGES.TAR.GZ", 0, ", but IMAGES.TAR.GZ beside it"},
               {"image", 0, NULL},
               {"images.zip", 1, NULL},
               {"imagery", 1, NULL}};
  siuo_dataset *ds = pictures_one_item();
  rmdir(pictures_path("d/images"));
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char path[64];
    siuo_lint *lint = NULL;
    siuo_lint_note note;
    snprintf(path, sizeof path, "d/%s", cases[i].name);
    if (cases[i].is_folder)
      pictures_folder(path);
    else
      pictures_file(path, "x", 1);
    expect_refused(ds, SIUO_ENOTFOUND, cases[i].words == NULL ? "no images folder" : cases[i].words);
    if (cases[i].words == NULL)
      ck_assert_ptr_null(strstr(siuo_ctx_errmsg(pictures_ctx()), ", but"));
    ck_assert_int_eq(siuo_lint_new(&lint, pictures_ctx(), ds), SIUO_OK);
    note.size = sizeof note;
    ck_assert_int_eq(siuo_lint_note_at(lint, 0, &note), SIUO_OK);
    ck_assert_int_eq(note.code, SIUO_LINT_NO_IMAGES);
    ck_assert_ptr_nonnull(strstr(note.text, cases[i].words == NULL ? "beside the data" : cases[i].words));
    siuo_lint_free(lint);
    remove(pictures_path(path));
  }
  siuo_dataset_free(ds);
}
END_TEST

/* In a clone's layout they belong into data/. */
START_TEST(near_folders_above)
{
  static const char item[] = "{\"question_id\": 1, \"image\": \"a.png\", \"question\": \"Q\", \"category\": \"c\", "
                             "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}";
  pictures_folder("c");
  pictures_folder("c/data");
  pictures_folder("c/images");
  pictures_file("c/data/siuo_gen.json", item, sizeof item - 1);
  siuo_dataset *ds = pictures_open("c");
  expect_refused(ds, SIUO_ENOTFOUND, ", but images in the folder above: move it to where the data is");
  rmdir(pictures_path("c/images"));
  pictures_file("c/images.zip", "x", 1);
  expect_refused(ds, SIUO_ENOTFOUND, ", but images.zip in the folder above: unpack that where the data is");
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(no_files)
{
  siuo_dataset *ds = pictures_one_item();
  pictures_folder("d/images/a.png");
  expect_refused(ds, SIUO_EFORMAT, "it is a folder, not a file");
  rmdir(pictures_path("d/images/a.png"));
  ck_assert_int_eq(mkfifo(pictures_path("d/images/a.png"), 0644), 0);
  expect_refused(ds, SIUO_EFORMAT, "it is a pipe, not a file");
  unlink(pictures_path("d/images/a.png"));
  siuo_dataset_free(ds);
  pictures_link("/dev/zero", "d/images/a.png");
  ds = pictures_open_with(pictures_path("d"), 1, NULL);
  expect_refused(ds, SIUO_EFORMAT, "it is no regular file");
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(permissions)
{
  if (geteuid() == 0) {
    fprintf(stderr, "skipped: pictures without permission (the superuser has every permission)\n");
    return;
  }
  siuo_dataset *ds = pictures_one_item();
  pictures_file("d/images/a.png", PNG, 8);
  chmod(pictures_path("d/images/a.png"), 0);
  expect_refused(ds, SIUO_EIO, "permission denied");
  chmod(pictures_path("d/images/a.png"), 0644);
  chmod(pictures_path("d/images"), 0111); /* passable, not readable */
  pictures_expect(ds);
  chmod(pictures_path("d/images"), 0);
  expect_refused(ds, SIUO_EIO, "permission denied");
  chmod(pictures_path("d/images"), 0755);
  siuo_dataset_free(ds);
}
END_TEST

/* Whether the picture, a link, is followed where the data is opened as a folder, as a file, and with the option. */
static void expect_links(const char *to, int from_folder, int from_file)
{
  const char *const opened[] = {pictures_path("d"), pictures_path("d/data/siuo_gen.json")};
  const int followed[] = {from_folder, from_file};
  unlink(pictures_path("d/data/images/a.png"));
  pictures_link(to, "d/data/images/a.png");
  for (int i = 0; i < 2; i++) {
    siuo_dataset *ds = pictures_open_with(opened[i], 0, NULL);
    if (followed[i])
      pictures_expect(ds);
    else
      expect_refused(ds, SIUO_EINVAL, "outside the data folder; the option follow_links allows that");
    siuo_dataset_free(ds);
    ds = pictures_open_with(opened[i], 1, NULL);
    pictures_expect(ds);
    siuo_dataset_free(ds);
  }
}

START_TEST(links)
{
  static const char *const names[] = {"a.png", NULL};
  pictures_folder("d");
  pictures_data("d/data", names);
  pictures_folder("d/pictures");
  pictures_folder("dd");
  pictures_file("d/pictures/p.png", PNG, 8);
  pictures_file("d/data/q.png", PNG, 8);
  pictures_file("dd/secret.png", PNG, 8); /* the folder's name begins as the data's does */
  expect_links("../q.png", 1, 1);
  expect_links("../../pictures/p.png", 1, 0);
  expect_links(pictures_path("d/pictures/p.png"), 1, 0);
  expect_links("../../../dd/secret.png", 0, 0);
  expect_links(pictures_path("dd/secret.png"), 0, 0);
  pictures_link("../dd", "d/out"); /* by way of a folder that is a link */
  expect_links("../../out/secret.png", 0, 0);
  pictures_link("images/../../pictures", "d/data/in");
  expect_links("../in/p.png", 1, 0);
}
END_TEST

START_TEST(linked_folders)
{
  static const char *const names[] = {"a.png", NULL};
  pictures_data("d", names);
  pictures_folder("above");
  pictures_file("above/a.png", PNG, 8);
  rmdir(pictures_path("d/images"));
  pictures_link("../above", "d/images");
  siuo_dataset *ds = pictures_open("d");
  expect_refused(ds, SIUO_EINVAL, "above/a.png, outside the data folder");
  siuo_dataset_free(ds);
  unlink(pictures_path("d/images"));
  pictures_folder("d/images");
  pictures_file("d/images/a.png", PNG, 8);
  pictures_link("d", "link"); /* the data folder itself may be given as a link, and not in its shortest form */
  ds = pictures_open("link");
  pictures_expect(ds);
  siuo_dataset_free(ds);
  ds = pictures_open("./d/../link//");
  pictures_expect(ds);
  siuo_dataset_free(ds);
  ck_assert_int_eq(chdir(pictures_path("d")), 0);
  ds = pictures_open_with("siuo_gen.json", 0, NULL);
  ck_assert_str_eq(siuo_dataset_image_dir(ds), "images");
  pictures_expect(ds);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(own_folder)
{
  static const char *const names[] = {"a.png", NULL};
  char lines[1024];
  siuo_dataset *ds = NULL;
  siuo_dataset_options o;
  siuo_lint *lint = NULL;
  pictures_data("d", names);
  pictures_folder("above");
  pictures_folder("above/deep");
  pictures_file("above/deep/p.png", PNG, 8);
  pictures_link("deep/p.png", "above/a.png");
  pictures_link("../../above/a.png", "d/images/a.png");
  ds = pictures_open_with(pictures_path("d"), 0, pictures_path("above"));
  ck_assert_str_eq(siuo_dataset_image_dir(ds), pictures_path("above"));
  pictures_expect(ds);
  siuo_dataset_free(ds);
  pictures_items(lines, sizeof lines, names);
  siuo_dataset_options_init(&o, sizeof o);
  o.image_dir = pictures_path("above");
  ck_assert_int_eq(siuo_dataset_parse(&ds, pictures_ctx(), lines, strlen(lines), &o), SIUO_OK);
  pictures_expect(ds);
  siuo_dataset_free(ds);
  o.image_dir = pictures_path("nothing");
  ck_assert_int_eq(siuo_dataset_parse(&ds, pictures_ctx(), lines, strlen(lines), &o), SIUO_OK);
  expect_refused(ds, SIUO_ENOTFOUND, "there is no images folder");
  ck_assert_int_eq(siuo_lint_new(&lint, pictures_ctx(), ds), SIUO_OK);
  siuo_lint_note note = {.size = sizeof note};
  ck_assert_int_eq(siuo_lint_note_at(lint, 0, &note), SIUO_OK);
  ck_assert_str_eq(note.text, "the images folder that was given is not there");
  siuo_lint_free(lint);
  siuo_dataset_free(ds);
}
END_TEST

/* snapshots/REVISION/images/a.png -> ../../../blobs/HASH */
START_TEST(hugging_face_cache)
{
  static const char *const names[] = {"a.png", NULL};
  static const char *const places[] = {"../../../blobs/0123", "../../../refs/main", "../../../../blobs/x"};
  siuo_dataset *ds = NULL;
  pictures_folder("hub");
  pictures_folder("hub/blobs");
  pictures_folder("hub/datasets--s--SIUO");
  ck_assert_int_eq(chdir(pictures_path("hub/datasets--s--SIUO")), 0);
  pictures_folder("hub/datasets--s--SIUO/blobs");
  pictures_folder("hub/datasets--s--SIUO/refs");
  pictures_folder("hub/datasets--s--SIUO/snapshots");
  pictures_data("hub/datasets--s--SIUO/snapshots/024e", names);
  pictures_file("hub/datasets--s--SIUO/blobs/0123", PNG, 8);
  pictures_file("hub/datasets--s--SIUO/refs/main", PNG, 8);
  pictures_file("hub/blobs/x", PNG, 8);
  ck_assert_int_eq(rename("snapshots/024e/siuo_gen.json", "blobs/4567"), 0);
  ck_assert_int_eq(symlink("../../blobs/4567", "snapshots/024e/siuo_gen.json"), 0);
  for (int i = 0; i < 3; i++) {
    static const char *const opened[] = {"snapshots/024e", "snapshots/024e/siuo_gen.json"};
    unlink("snapshots/024e/images/a.png");
    ck_assert_int_eq(symlink(places[i], "snapshots/024e/images/a.png"), 0);
    for (int k = 0; k < 2; k++) {
      ds = pictures_open_with(opened[k], 0, NULL);
      if (i == 0)
        pictures_expect(ds);
      else
        expect_refused(ds, SIUO_EINVAL, "outside the data folder");
      siuo_dataset_free(ds);
    }
  }
  /* A blobs that is itself a link could lead anywhere. */
  unlink("snapshots/024e/images/a.png");
  ck_assert_int_eq(symlink(places[0], "snapshots/024e/images/a.png"), 0);
  ck_assert_int_eq(rename("blobs", "elsewhere"), 0);
  ck_assert_int_eq(symlink("elsewhere", "blobs"), 0);
  ds = pictures_open_with("snapshots/024e", 0, NULL);
  expect_refused(ds, SIUO_EINVAL, "outside the data folder");
  siuo_dataset_free(ds);
}
END_TEST

/* ---- somebody else is faster ---- */

static int swaps;

static void swap_picture(const char *part)
{
  if (strcmp(part, "a.png") == 0 && swaps++ == 0) {
    unlink(pictures_path("d/images/a.png"));
    pictures_link("../../above/a.png", "d/images/a.png");
  }
}

static void swap_folder(const char *part)
{
  if (strcmp(part, "images") == 0 && swaps++ == 0) {
    ck_assert_int_eq(rename(pictures_path("d/images"), pictures_path("d/before")), 0);
    pictures_link("../above", "d/images");
  }
}

static void swap_for_pipe(const char *part)
{
  if (strcmp(part, "a.png") == 0 && swaps++ == 0) {
    unlink(pictures_path("d/images/a.png"));
    ck_assert_int_eq(mkfifo(pictures_path("d/images/a.png"), 0644), 0);
  }
}

static void (*const swappers[])(const char *) = {swap_picture, swap_folder, swap_for_pipe};

START_TEST(races)
{
  siuo_dataset *ds = pictures_one_item();
  pictures_folder("above");
  pictures_file("above/a.png", PNG "secret", 14);
  pictures_file("d/images/a.png", PNG, 8);
  swaps = 0;
  os_faults.before_openat = swappers[_i];
  if (_i == 2)
    expect_refused(ds, SIUO_EFORMAT, "it is a pipe");
  else
    expect_refused(ds, SIUO_EIO, "it was moved while it was being opened");
  ck_assert_int_eq(swaps, 1);
  siuo_dataset_free(ds);
}
END_TEST

/* ---- reading ---- */

START_TEST(reading)
{
  static const struct os_faults cases[] = {{0}, {.at_most = 1}, {.interrupted = 5}, {.at_most = 7, .interrupted = 2}};
  char bytes[700], out[700];
  size_t len = 0;
  siuo_dataset *ds = pictures_one_item();
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)i;
  memcpy(bytes, PNG, 8);
  pictures_file("d/images/a.png", bytes, sizeof bytes);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    os_faults = cases[i];
    siuo_image *image = pictures_image(ds, 0);
    for (size_t cap = 1; cap <= 64; cap += 21) {
      ck_assert_int_eq(read_all(image, cap, out, sizeof out, &len), SIUO_OK);
      ck_assert_uint_eq(len, sizeof bytes);
      ck_assert_mem_eq(out, bytes, len);
      ck_assert_int_eq(siuo_image_read(image, out, 1, &len), SIUO_OK); /* the end stays the end */
      ck_assert_uint_eq(len, 0);
      ck_assert_int_eq(siuo_image_rewind(image), SIUO_OK);
    }
    ck_assert_int_eq(siuo_image_read(image, out, 9, &len), SIUO_OK);
    ck_assert_int_eq(siuo_image_rewind(image), SIUO_OK); /* also half way */
    ck_assert_int_eq(read_all(image, 64, out, sizeof out, &len), SIUO_OK);
    ck_assert_uint_eq(len, sizeof bytes);
    siuo_image_free(image);
  }
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(reading_fails)
{
  char out[64];
  size_t got = 1;
  siuo_dataset *ds = pictures_one_item();
  pictures_file("d/images/a.png", PNG "some bytes", 18);
  os_faults.open_error = EMFILE;
  expect_refused(ds, SIUO_EIO, "too many open files");
  os_faults.open_error = ENOMEM;
  support_expect_error(pictures_ctx(),
                       siuo_image_open(&(siuo_image *){NULL}, pictures_ctx(), ds, siuo_dataset_item(ds, 0)),
                       SIUO_ENOMEM, "");
  os_faults.open_error = 0;
  os_faults.read_error = EIO;
  expect_refused(ds, SIUO_EIO, "cannot read: input/output error");
  os_faults.read_error = 0;
  siuo_image *image = pictures_image(ds, 0);
  os_faults.read_error = EIO;
  support_expect_error(pictures_ctx(), siuo_image_read(image, out, sizeof out, &got), SIUO_EIO,
                       "a.png: cannot read: input/output");
  ck_assert_uint_eq(got, 0);
  os_faults.read_error = 0;
  ck_assert_int_eq(siuo_image_rewind(image), SIUO_OK);
  ck_assert_int_eq(read_all(image, 64, out, sizeof out, &got), SIUO_OK);
  siuo_image_free(image);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(files_that_change)
{
  char out[64];
  size_t got = 1;
  siuo_dataset *ds = pictures_one_item();
  pictures_file("d/images/a.png", PNG "some bytes", 18);
  siuo_image *image = pictures_image(ds, 0);
  ck_assert_int_eq(truncate(pictures_path("d/images/a.png"), 17), 0);
  support_expect_error(pictures_ctx(), read_all(image, 5, out, sizeof out, &got), SIUO_EIO,
                       "the file has become shorter while it was read");
  ck_assert_int_eq(truncate(pictures_path("d/images/a.png"), 19), 0);
  ck_assert_int_eq(siuo_image_rewind(image), SIUO_OK);
  support_expect_error(pictures_ctx(), read_all(image, 6, out, sizeof out, &got), SIUO_EIO,
                       "the file has become longer while it was read");
  ck_assert_int_eq(truncate(pictures_path("d/images/a.png"), 18), 0);
  ck_assert_int_eq(siuo_image_rewind(image), SIUO_OK);
  ck_assert_int_eq(read_all(image, 6, out, sizeof out, &got), SIUO_OK);
  unlink(pictures_path("d/images/a.png")); /* what is open stays open */
  ck_assert_int_eq(siuo_image_rewind(image), SIUO_OK);
  ck_assert_int_eq(read_all(image, 6, out, sizeof out, &got), SIUO_OK);
  ck_assert_uint_eq(got, 18);
  siuo_image_free(image);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(misuse)
{
  char out[8];
  size_t got = 1;
  siuo_image *image = NULL;
  siuo_images *images = NULL;
  siuo_dataset *ds = pictures_one_item();
  const siuo_item *item = siuo_dataset_item(ds, 0);
  pictures_file("d/images/a.png", PNG, 8);
  ck_assert_int_eq(siuo_image_open(NULL, pictures_ctx(), ds, item), SIUO_EINVAL);
  ck_assert_int_eq(siuo_image_open(&image, NULL, ds, item), SIUO_EINVAL);
  ck_assert_int_eq(siuo_image_open(&image, pictures_ctx(), NULL, item), SIUO_EINVAL);
  ck_assert_int_eq(siuo_image_open(&image, pictures_ctx(), ds, NULL), SIUO_EINVAL);
  image = pictures_image(ds, 0);
  ck_assert_int_eq(siuo_image_read(NULL, out, 8, &got), SIUO_EINVAL);
  ck_assert_uint_eq(got, 0);
  ck_assert_int_eq(siuo_image_read(image, NULL, 8, &got), SIUO_EINVAL);
  ck_assert_int_eq(siuo_image_read(image, out, 0, &got), SIUO_EINVAL);
  ck_assert_int_eq(siuo_image_read(image, out, 8, NULL), SIUO_EINVAL);
  ck_assert_int_eq(siuo_image_rewind(NULL), SIUO_EINVAL);
  siuo_image_free(image);
  siuo_image_free(NULL);
  ck_assert_int_eq(siuo_image_type(NULL), 0);
  ck_assert_ptr_null(siuo_image_media_type(NULL));
  ck_assert_ptr_null(siuo_image_path(NULL));
  ck_assert_uint_eq(siuo_image_size(NULL), 0);
  ck_assert_int_eq(siuo_images_new(NULL, pictures_ctx(), ds), SIUO_EINVAL);
  ck_assert_int_eq(siuo_images_new(&images, NULL, ds), SIUO_EINVAL);
  ck_assert_int_eq(siuo_images_new(&images, pictures_ctx(), NULL), SIUO_EINVAL);
  ck_assert_uint_eq(siuo_images_files(NULL) + siuo_images_missing(NULL) + siuo_images_misnamed(NULL), 0);
  ck_assert_ptr_null(siuo_images_fingerprint(NULL));
  ck_assert_ptr_null(siuo_images_problem(NULL, 0));
  ck_assert_ptr_null(siuo_images_digest(NULL, item));
  siuo_images_free(NULL);
  siuo_dataset_free(ds);
}
END_TEST

START_TEST(options)
{
  static const char *const names[] = {"a.png", NULL};
  siuo_dataset *ds = NULL;
  siuo_dataset_options o;
  siuo_image *image = NULL;
  siuo_images *images = NULL;
  char lines[1024];
  pictures_items(lines, sizeof lines, names);
  siuo_dataset_options_init(&o, sizeof o);
  o.reserved = 1;
  ck_assert_int_eq(siuo_dataset_parse(&ds, pictures_ctx(), lines, strlen(lines), &o), SIUO_EABI);
  o.reserved = 0;
  o.follow_links = 2;
  support_expect_error(pictures_ctx(), siuo_dataset_parse(&ds, pictures_ctx(), lines, strlen(lines), &o), SIUO_EINVAL,
                       "follow_links is 0 or 1");
  o.follow_links = 0;
  o.image_dir = "";
  support_expect_error(pictures_ctx(), siuo_dataset_parse(&ds, pictures_ctx(), lines, strlen(lines), &o), SIUO_EINVAL,
                       "image_dir is empty");
  ck_assert_ptr_null(ds);
  memset(&o, 0xA5, sizeof o);
  o.size = offsetof(siuo_dataset_options, follow_links); /* what came before these options */
  o.task = 0;
  o.name = NULL;
  ck_assert_int_eq(siuo_dataset_parse(&ds, pictures_ctx(), lines, strlen(lines), &o), SIUO_OK);
  ck_assert_ptr_null(siuo_dataset_image_dir(ds));
  support_expect_error(pictures_ctx(), siuo_image_open(&image, pictures_ctx(), ds, siuo_dataset_item(ds, 0)),
                       SIUO_EINVAL, "item 1: a.png: data from memory has no images folder; the option image_dir");
  support_expect_error(pictures_ctx(), siuo_images_new(&images, pictures_ctx(), ds), SIUO_EINVAL, "image_dir");
  ck_assert_ptr_null(images);
  siuo_dataset_free(ds);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("image");
  TCase *tc = tcase_create("all");
  tcase_add_checked_fixture(tc, pictures_setup, pictures_teardown);
  tcase_add_test(tc, types);
  tcase_add_test(tc, no_pictures);
  tcase_add_test(tc, limits);
  tcase_add_test(tc, unusable_names);
  tcase_add_test(tc, long_names);
  tcase_add_test(tc, missing);
  tcase_add_test(tc, near_misses);
  tcase_add_test(tc, near_folders);
  tcase_add_test(tc, near_folders_above);
  tcase_add_test(tc, no_files);
  tcase_add_test(tc, permissions);
  tcase_add_test(tc, links);
  tcase_add_test(tc, linked_folders);
  tcase_add_test(tc, own_folder);
  tcase_add_test(tc, hugging_face_cache);
  tcase_add_loop_test(tc, races, 0, 3);
  tcase_add_test(tc, reading);
  tcase_add_test(tc, reading_fails);
  tcase_add_test(tc, files_that_change);
  tcase_add_test(tc, misuse);
  tcase_add_test(tc, options);
  suite_add_tcase(suite, tc);
  return support_run(suite);
}
