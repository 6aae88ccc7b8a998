/* images.c: a data set's pictures together: which can be read, and their fingerprint. The bytes that are hashed:
 * docs/dataset.md. */
#include "image.h"

#include "abi.h"

#include "sort.h"

#include <stdio.h>
#include <string.h>

#define PIECE (64 << 10) /* bytes read at once */

/* A distinct name. */
struct picture {
  const struct siuop_field *name; /* the data set's */
  char digest[SIUOP_DIGEST_HEX];  /* "": it could not be read */
};

struct siuo_images {
  siuo_ctx *ctx;
  struct siuop_arena arena;
  struct picture *pictures; /* by name, bytewise */
  size_t count;
  const char **problems;
  size_t problem_count, problem_capacity;
  size_t misnamed;
  char fingerprint[SIUOP_DIGEST_HEX];
};

/* ---- names ---- */

static int compare_names(const struct siuop_field *a, const struct siuop_field *b)
{
  int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
  return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static int compare_items(const void *a, const void *b, const void *user_data)
{
  const siuo_dataset *ds = user_data;
  return compare_names(&ds->items[*(const size_t *)a].image, &ds->items[*(const size_t *)b].image);
}

static int collect_names(siuo_images *images, const siuo_dataset *ds)
{
  size_t *order = siuop_alloc(images->ctx, ds->count, sizeof *order);
  images->pictures = siuop_alloc(images->ctx, ds->count, sizeof *images->pictures);
  if (order == NULL || images->pictures == NULL) {
    siuop_free(images->ctx, order);
    return SIUO_ENOMEM;
  }
  for (size_t i = 0; i < ds->count; i++)
    order[i] = i;
  siuop_sort(order, ds->count, compare_items, ds);
  for (size_t i = 0; i < ds->count; i++) {
    const struct siuop_field *name = &ds->items[order[i]].image;
    if (images->count > 0 && compare_names(images->pictures[images->count - 1].name, name) == 0)
      continue;
    images->pictures[images->count].name = name;
    images->pictures[images->count++].digest[0] = '\0';
  }
  siuop_free(images->ctx, order);
  return SIUO_OK;
}

static const struct picture *find(const siuo_images *images, const struct siuop_field *name)
{
  size_t begin = 0;
  for (size_t end = images->count; begin < end;) {
    size_t middle = begin + (end - begin) / 2;
    int order = compare_names(name, images->pictures[middle].name);
    if (order == 0)
      return &images->pictures[middle];
    if (order < 0)
      end = middle;
    else
      begin = middle + 1;
  }
  return NULL;
}

/* ---- reading ---- */

static int read_picture(siuo_images *images, const siuo_dataset *ds, struct picture *picture, unsigned char *piece)
{
  struct siuop_digest d;
  siuo_image *image = NULL;
  char label[256];
  size_t got = 1;
  snprintf(label, sizeof label, "%s", picture->name->s);
  int rc = siuop_image_open(&image, images->ctx, ds, picture->name, label);
  siuop_digest_init(&d);
  while (rc == SIUO_OK && got > 0) {
    rc = siuo_image_read(image, piece, PIECE, &got);
    if (rc == SIUO_OK && got > 0)
      siuop_digest_add(&d, piece, got);
  }
  if (rc == SIUO_OK) {
    int type = siuop_image_type_of_name(picture->name);
    images->misnamed += type != 0 && type != siuo_image_type(image);
    siuop_digest_hex(&d, picture->digest);
  }
  siuo_image_free(image);
  return rc;
}

/* Keeps the context's message. */
static int add_problem(siuo_images *images)
{
  const char *message = siuo_ctx_errmsg(images->ctx);
  const char *copy = siuop_arena_copy(&images->arena, message, strlen(message));
  int rc = copy == NULL ? SIUO_ENOMEM
                        : siuop_reserve(images->ctx, &images->problems, &images->problem_capacity,
                                        images->problem_count + 1, sizeof *images->problems);
  if (rc == SIUO_OK)
    images->problems[images->problem_count++] = copy;
  return rc;
}

static int read_pictures(siuo_images *images, const siuo_dataset *ds)
{
  unsigned char *piece = siuop_alloc(images->ctx, PIECE, 1);
  int rc = piece == NULL ? SIUO_ENOMEM : SIUO_OK;
  for (size_t i = 0; rc == SIUO_OK && i < images->count; i++) {
    rc = read_picture(images, ds, &images->pictures[i], piece);
    if (rc != SIUO_OK && rc != SIUO_ENOMEM)
      rc = add_problem(images);
  }
  siuop_free(images->ctx, piece);
  return rc;
}

static void sum(siuo_images *images)
{
  static const char label[] = "siuo-images/1";
  struct siuop_digest d;
  char number[24];
  snprintf(number, sizeof number, "%llu", (unsigned long long)siuo_images_files(images));
  siuop_digest_init(&d);
  siuop_digest_field(&d, label, sizeof label - 1);
  siuop_digest_field(&d, number, strlen(number));
  for (size_t i = 0; i < images->count; i++) {
    const struct picture *picture = &images->pictures[i];
    if (picture->digest[0] == '\0')
      continue;
    siuop_digest_field(&d, picture->name->s, picture->name->len);
    siuop_digest_field(&d, picture->digest, SIUOP_DIGEST_HEX - 1);
  }
  siuop_digest_hex(&d, images->fingerprint);
}

/* ---- made and freed ---- */

static int fill(siuo_images *images, const siuo_dataset *ds)
{
  char before[1024]; /* a picture that can't be used is no failure of this call, so the message stays what it was */
  if (ds->image_dir == NULL)
    return siuop_fail(images->ctx, SIUO_EINVAL,
                      "data from memory has no images folder; the option image_dir of the data set names one");
  snprintf(before, sizeof before, "%s", siuo_ctx_errmsg(images->ctx));
  int rc = collect_names(images, ds);
  if (rc == SIUO_OK)
    rc = read_pictures(images, ds);
  if (rc != SIUO_OK)
    return rc;
  sum(images);
  return siuop_fail(images->ctx, SIUO_OK, "%s", before);
}

int siuo_images_new(siuo_images **out, siuo_ctx *ctx, const siuo_dataset *ds)
{
  if (out == NULL)
    return SIUO_EINVAL;
  *out = NULL;
  if (ctx == NULL || ds == NULL)
    return SIUO_EINVAL;
  siuo_images *images = siuop_zalloc(ctx, 1, sizeof *images);
  if (images == NULL)
    return SIUO_ENOMEM;
  images->ctx = ctx;
  siuop_arena_init(&images->arena, ctx);
  int rc = fill(images, ds);
  if (rc == SIUO_OK)
    *out = images;
  else
    siuo_images_free(images);
  return rc;
}

int siuo_images_describe(const siuo_images *images, siuo_pictures *out)
{
  siuo_pictures p;
  if (images == NULL || out == NULL)
    return SIUO_EINVAL;
  memset(&p, 0, sizeof p);
  p.files = siuo_images_files(images);
  p.missing = siuo_images_missing(images);
  p.sha256 = siuo_images_fingerprint(images);
  return siuop_abi_export(out, &p, sizeof p, sizeof p);
}

void siuo_images_free(siuo_images *images)
{
  if (images == NULL)
    return;
  siuop_arena_free(&images->arena);
  siuop_free(images->ctx, images->pictures);
  siuop_free(images->ctx, images->problems);
  siuop_free(images->ctx, images);
}

/* ---- looking ---- */

size_t siuo_images_files(const siuo_images *images)
{
  return images == NULL ? 0 : images->count - images->problem_count;
}

size_t siuo_images_missing(const siuo_images *images)
{
  return images == NULL ? 0 : images->problem_count;
}

size_t siuo_images_misnamed(const siuo_images *images)
{
  return images == NULL ? 0 : images->misnamed;
}

const char *siuo_images_fingerprint(const siuo_images *images)
{
  return images == NULL ? NULL : images->fingerprint;
}

const char *siuo_images_problem(const siuo_images *images, size_t i)
{
  return images == NULL || i >= images->problem_count ? NULL : images->problems[i];
}

const char *siuo_images_digest(const siuo_images *images, const siuo_item *item)
{
  const struct picture *picture = images == NULL || item == NULL ? NULL : find(images, &item->image);
  return picture == NULL || picture->digest[0] == '\0' ? NULL : picture->digest;
}
