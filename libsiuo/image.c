/* image.c: one picture: found where pictures may be, its type told by its first bytes, read. */
#include "image.h"

#include "image_near.h"
#include "os.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define HEAD_SIZE  256 /* first bytes that are looked at */
#define LABEL_SIZE 640
#define SHOWN_PATH 240 /* the end of a longer path is shown: it says more than its beginning */

struct siuo_image {
  siuo_ctx *ctx;
  char *path;  /* where it was looked for: links are not resolved in it */
  char *label; /* what messages call it */
  int fd;
  int type;      /* SIUO_IMAGE_* */
  uint64_t size; /* when it was opened */
  uint64_t at;   /* bytes read so far */
};

/* ---- where pictures may be ---- */

/* The end of a path that is too long for a message; *dots is what stands before it. */
static const char *shown_path(const char *path, const char **dots)
{
  size_t len = strlen(path);
  *dots = len > SHOWN_PATH ? "..." : "";
  return len > SHOWN_PATH ? path + len - SHOWN_PATH : path;
}

static int check_name(siuo_ctx *ctx, const struct siuop_field *name, const char *label)
{
  if (name->len > 0 && memchr(name->s, '/', name->len) == NULL && memchr(name->s, '\0', name->len) == NULL &&
      strcmp(name->s, ".") != 0 && strcmp(name->s, "..") != 0)
    return SIUO_OK;
  return siuop_fail(ctx, SIUO_EINVAL, "%s: a picture's name must be a file's name, without a folder", label);
}

/* Both are real paths. */
static int lies_in(const char *path, const char *folder)
{
  size_t len = strlen(folder);
  while (len > 0 && folder[len - 1] == '/') /* the root */
    len--;
  return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* A Hugging Face cache keeps each revision as a folder of links, …/snapshots/REVISION, and the files themselves in
 * …/blobs. Turns the real path of the revision, or of a folder in it, into that of blobs, which is taken by its name:
 * if it were a link, no real path would lie in it. 0: no such cache. */
static int to_blobs(char *folder)
{
  static const char snapshots[] = "/snapshots/";
  char *last = NULL;
  for (char *at = folder; (at = strstr(at, snapshots)) != NULL; at++)
    last = at;
  if (last == NULL)
    return 0;
  memcpy(last, "/blobs", sizeof "/blobs");
  return 1;
}

/* Whether the picture lies in the folder, or in the blobs that the folder's links are meant to lead to. */
static int belongs_to(siuo_ctx *ctx, const char *real_path, const char *folder, const char *label, int *belongs)
{
  char real_folder[SIUOP_PATH_SIZE];
  int rc = folder == NULL || *belongs ? SIUO_OK : siuop_os_real_path(ctx, folder, label, real_folder);
  if (rc == SIUO_OK && folder != NULL && !*belongs)
    *belongs = lies_in(real_path, real_folder) || (to_blobs(real_folder) && lies_in(real_path, real_folder));
  return rc;
}

static int check_place(siuo_ctx *ctx, const siuo_dataset *ds, const char *real_path, const char *label)
{
  const char *dots = NULL;
  int belongs = ds->follow_links;
  int rc = belongs_to(ctx, real_path, ds->data_dir, label, &belongs);
  if (rc == SIUO_OK)
    rc = belongs_to(ctx, real_path, ds->has_own_image_dir ? ds->image_dir : NULL, label, &belongs);
  if (rc != SIUO_OK || belongs)
    return rc;
  const char *shown = shown_path(real_path, &dots);
  return siuop_fail(ctx, SIUO_EINVAL,
                    "%s: a link leads to %s%s, outside the data folder; the option follow_links allows that", label,
                    dots, shown);
}

/* Why there is no such file. */
static int fail_missing(siuo_ctx *ctx, const siuo_dataset *ds, const char *path, const char *label)
{
  char near[SIUOP_NEAR_SIZE];
  const char *dots = NULL;
  int kind = siuop_os_kind(ctx, ds->image_dir);
  if (kind < 0)
    return kind;
  const char *folder = shown_path(ds->image_dir, &dots);
  if (kind != SIUOP_KIND_FOLDER) {
    siuop_image_folder_near(ctx, ds, near);
    return siuop_fail(ctx, SIUO_ENOTFOUND, "%s: there is no images folder %s%s%s", label, dots, folder, near);
  }
  if (siuop_os_is_link(path))
    return siuop_fail(ctx, SIUO_ENOTFOUND, "%s: a link to a file that is missing: fetch the pictures again", label);
  siuop_image_near(ctx, ds, strrchr(path, '/') + 1, near);
  return siuop_fail(ctx, SIUO_ENOTFOUND, "%s: there is no such picture%s", label, near);
}

static int find(siuo_ctx *ctx, const siuo_dataset *ds, const char *path, const char *label,
                char real_path[SIUOP_PATH_SIZE])
{
  int rc = siuop_os_real_path(ctx, path, label, real_path);
  if (rc == SIUO_ENOTFOUND)
    return fail_missing(ctx, ds, path, label);
  return rc == SIUO_OK ? check_place(ctx, ds, real_path, label) : rc;
}

/* ---- what they are ---- */

static const struct type {
  int number;
  const char *media_type;
  const char *endings[2];
} types[] = {
    {SIUO_IMAGE_PNG, "image/png", {".png", NULL}},
    {SIUO_IMAGE_JPEG, "image/jpeg", {".jpg", ".jpeg"}},
    {SIUO_IMAGE_WEBP, "image/webp", {".webp", NULL}},
    {SIUO_IMAGE_GIF, "image/gif", {".gif", NULL}},
};
#define TYPE_COUNT (sizeof types / sizeof types[0])

/* ASCII letters in any case; `lower` is in lower case. */
static int is_text(const char *s, const char *lower, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (siuop_ascii_lower((unsigned char)s[i]) != lower[i])
      return 0;
  return 1;
}

int siuop_image_type_of_name(const struct siuop_field *name)
{
  for (size_t i = 0; i < 2 * TYPE_COUNT; i++) {
    const char *ending = types[i / 2].endings[i % 2];
    size_t len = ending == NULL ? 0 : strlen(ending);
    if (len > 0 && name->len > len && is_text(name->s + name->len - len, ending, len))
      return types[i / 2].number;
  }
  return 0;
}

static int begins(const unsigned char *head, size_t len, const char *magic, size_t magic_len)
{
  return len >= magic_len && memcmp(head, magic, magic_len) == 0;
}

static int type_of_head(const unsigned char *head, size_t len)
{
  if (begins(head, len, "\x89PNG\r\n\x1a\n", 8))
    return SIUO_IMAGE_PNG;
  if (begins(head, len, "\xff\xd8\xff", 3))
    return SIUO_IMAGE_JPEG;
  if (len >= 12 && begins(head, len, "RIFF", 4) && memcmp(head + 8, "WEBP", 4) == 0)
    return SIUO_IMAGE_WEBP;
  return begins(head, len, "GIF87a", 6) || begins(head, len, "GIF89a", 6) ? SIUO_IMAGE_GIF : 0;
}

static int is_html(const char *head, size_t len)
{
  static const char *const starts[] = {"<!doctype html", "<html", "<head"};
  if (len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
    head += 3;
    len -= 3;
  }
  siuop_trim(&head, &len);
  for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
    if (len >= strlen(starts[i]) && is_text(head, starts[i], strlen(starts[i])))
      return 1;
  return 0;
}

/* Says what the file is instead of a picture. */
static int fail_type(siuo_ctx *ctx, const char *label, const unsigned char *head, size_t len)
{
  static const char pointer[] = "version https://git-lfs.github.com/spec/";
  char bytes[4 * 8 + 1] = "";
  if (begins(head, len, pointer, sizeof pointer - 1))
    return siuop_fail(ctx, SIUO_EFORMAT, "%s: a Git LFS pointer, not the picture: run git lfs pull", label);
  if (is_html((const char *)head, len))
    return siuop_fail(ctx, SIUO_EFORMAT, "%s: an HTML page, not a picture: fetch the pictures again", label);
  for (size_t i = 0; i < len && i < 8; i++)
    snprintf(bytes + 3 * i, 4, " %02X", head[i]);
  return siuop_fail(ctx, SIUO_EFORMAT, "%s: not PNG, JPEG, WebP or GIF (it begins with%s)", label, bytes);
}

static int check_size(const siuo_image *image)
{
  uint64_t limit = siuop_limits(image->ctx)->picture;
  if (image->size == 0)
    return siuop_fail(image->ctx, SIUO_EFORMAT, "%s: the file is empty", image->label);
  if (image->size > limit)
    return siuop_fail(image->ctx, SIUO_ELIMIT,
                      "%s: %llu bytes are more than the limit of %llu (max_picture of the context)", image->label,
                      (unsigned long long)image->size, (unsigned long long)limit);
  return SIUO_OK;
}

static int look(siuo_image *image)
{
  unsigned char head[HEAD_SIZE];
  size_t len = 0;
  size_t got = 1;
  int rc = check_size(image);
  while (rc == SIUO_OK && got > 0 && len < sizeof head) {
    rc = siuo_image_read(image, head + len, sizeof head - len, &got);
    len += got;
  }
  if (rc != SIUO_OK)
    return rc;
  image->type = type_of_head(head, len);
  return image->type == 0 ? fail_type(image->ctx, image->label, head, len) : siuo_image_rewind(image);
}

/* ---- opening ---- */

/* IMAGE_DIR/NAME, and the label, are the image's own. */
static int set_texts(siuo_image *image, const siuo_dataset *ds, const struct siuop_field *name, const char *label)
{
  size_t folder_len = strlen(ds->image_dir);
  size_t label_len = strlen(label);
  if (folder_len + name->len + 2 > SIUOP_PATH_SIZE)
    return siuop_fail(image->ctx, SIUO_EIO, "%s: cannot find: path too long", label);
  image->path = siuop_alloc(image->ctx, folder_len + name->len + 2, 1);
  image->label = siuop_alloc(image->ctx, label_len + 1, 1);
  if (image->path == NULL || image->label == NULL)
    return SIUO_ENOMEM;
  memcpy(image->path, ds->image_dir, folder_len);
  if (folder_len > 0 && image->path[folder_len - 1] != '/')
    image->path[folder_len++] = '/';
  memcpy(image->path + folder_len, name->s, name->len);
  image->path[folder_len + name->len] = '\0';
  memcpy(image->label, label, label_len + 1);
  return SIUO_OK;
}

static int open_image(siuo_image *image, const siuo_dataset *ds, const struct siuop_field *name, const char *label)
{
  char real_path[SIUOP_PATH_SIZE];
  int rc = set_texts(image, ds, name, label);
  if (rc == SIUO_OK)
    rc = find(image->ctx, ds, image->path, label, real_path);
  if (rc == SIUO_OK)
    rc = siuop_os_open_regular(image->ctx, real_path, label, &image->fd, &image->size);
  return rc == SIUO_OK ? look(image) : rc;
}

int siuop_image_open(siuo_image **out, siuo_ctx *ctx, const siuo_dataset *ds, const struct siuop_field *name,
                     const char *label)
{
  *out = NULL;
  if (ds->image_dir == NULL)
    return siuop_fail(ctx, SIUO_EINVAL,
                      "%s: data from memory has no images folder; the option image_dir of the data set names one",
                      label);
  int rc = check_name(ctx, name, label);
  if (rc != SIUO_OK)
    return rc;
  siuo_image *image = siuop_zalloc(ctx, 1, sizeof *image);
  if (image == NULL)
    return SIUO_ENOMEM;
  image->ctx = ctx;
  image->fd = -1;
  rc = open_image(image, ds, name, label);
  if (rc == SIUO_OK)
    *out = image;
  else
    siuo_image_free(image);
  return rc;
}

int siuo_image_open(siuo_image **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_item *item)
{
  char path[SHOWN_PATH + 257]; /* and a file's name */
  char label[LABEL_SIZE];
  const char *dots = "";
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || ds == NULL || item == NULL)
    return SIUO_EINVAL;
  const char *folder = ds->image_dir == NULL ? "" : shown_path(ds->image_dir, &dots);
  const char *slash = *folder == '\0' || folder[strlen(folder) - 1] == '/' ? "" : "/";
  snprintf(path, sizeof path, "%s%s%s", folder, slash, item->image.s);
  snprintf(label, sizeof label, "item %.80s: %s%s", item->id.s, dots, path);
  return siuop_image_open(out, ctx, ds, &item->image, label);
}

void siuo_image_free(siuo_image *image)
{
  if (image == NULL)
    return;
  siuop_os_close(image->fd);
  siuop_free(image->ctx, image->path);
  siuop_free(image->ctx, image->label);
  siuop_free(image->ctx, image);
}

/* ---- reading ---- */

int siuo_image_read(siuo_image *image, void *bytes, size_t cap, size_t *got)
{
  if (got == NULL)
    return SIUO_EINVAL;
  *got = 0;
  if (image == NULL || bytes == NULL || cap == 0)
    return SIUO_EINVAL;
  int rc = siuop_os_read(image->ctx, image->fd, image->label, bytes, cap, got);
  if (rc != SIUO_OK)
    return rc;
  image->at += *got;
  if (image->at > image->size || (*got == 0 && image->at < image->size)) {
    *got = 0;
    return siuop_fail(image->ctx, SIUO_EIO, "%s: the file has become %s while it was read", image->label,
                      image->at > image->size ? "longer" : "shorter");
  }
  return SIUO_OK;
}

int siuo_image_rewind(siuo_image *image)
{
  if (image == NULL)
    return SIUO_EINVAL;
  int rc = siuop_os_rewind(image->ctx, image->fd, image->label);
  if (rc == SIUO_OK)
    image->at = 0;
  return rc;
}

/* ---- looking ---- */

int siuo_image_type(const siuo_image *image)
{
  return image == NULL ? 0 : image->type;
}

const char *siuo_image_media_type(const siuo_image *image)
{
  for (size_t i = 0; image != NULL && i < TYPE_COUNT; i++)
    if (types[i].number == image->type)
      return types[i].media_type;
  return NULL;
}

uint64_t siuo_image_size(const siuo_image *image)
{
  return image == NULL ? 0 : image->size;
}

const char *siuop_image_label(const siuo_image *image)
{
  return image->label;
}

const char *siuo_image_path(const siuo_image *image)
{
  return image == NULL ? NULL : image->path;
}
