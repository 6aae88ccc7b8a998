/* image_near.c: what lies near a picture, or a folder of them, that is missing: a name in other letters, another
 * ending, an archive that nobody unpacked. */
#include "image_near.h"

#include "image.h"
#include "os.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define MOST_NAMES 512

/* What is looked for, and the best that was found. */
struct search {
  const char *wanted;
  char found[256];
  int rank; /* of what was found: more is nearer; 0: nothing was */
};

static void keep_nearer(struct search *s, const char *name, int rank)
{
  if (rank <= s->rank || strlen(name) >= sizeof s->found)
    return;
  memcpy(s->found, name, strlen(name) + 1);
  s->rank = rank;
}

static size_t stem_of(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot == NULL ? strlen(name) : (size_t)(dot - name);
}

static int is_same_lower(const char *a, const char *b, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (siuop_ascii_lower((unsigned char)a[i]) != siuop_ascii_lower((unsigned char)b[i]))
      return 0;
  return 1;
}

/* ---- pictures ---- */

#define OTHER_ENDING 1
#define OTHER_CASE   2

static void look_at_picture(const char *name, void *user_data)
{
  struct search *s = user_data;
  struct siuop_field field = {name, strlen(name)};
  size_t stem = stem_of(s->wanted);
  if (siuop_ascii_is(name, s->wanted))
    keep_nearer(s, name, OTHER_CASE);
  else if (stem > 0 && stem_of(name) == stem && is_same_lower(name, s->wanted, stem) &&
           siuop_image_type_of_name(&field) != 0)
    keep_nearer(s, name, OTHER_ENDING);
}

/* images.zip was unpacked inside the folder images. */
static int is_one_below(siuo_ctx *ctx, const char *folder, const char *name)
{
  char path[SIUOP_PATH_SIZE];
  int n = snprintf(path, sizeof path, "%s/images/%s", folder, name);
  return n > 0 && (size_t)n < sizeof path && siuop_os_kind(ctx, path) == SIUOP_KIND_FILE;
}

void siuop_image_near(siuo_ctx *ctx, const siuo_dataset *ds, const char *name, char out[SIUOP_NEAR_SIZE])
{
  struct search s = {name, "", 0};
  siuop_os_list(ds->image_dir, MOST_NAMES, look_at_picture, &s);
  out[0] = '\0';
  if (s.rank == OTHER_CASE)
    snprintf(out, SIUOP_NEAR_SIZE, ", but %s, whose name has other capitals: rename it", s.found);
  else if (s.rank == OTHER_ENDING)
    snprintf(out, SIUOP_NEAR_SIZE, ", but %s, whose name ends otherwise", s.found);
  else if (is_one_below(ctx, ds->image_dir, name))
    snprintf(out, SIUOP_NEAR_SIZE, ", but one in the folder images inside that folder: move what is in it up");
}

/* ---- the folder ---- */

#define ARCHIVE 1
#define FOLDER  2

/* Bytes of an archive's ending. */
static size_t archive_ending(const char *name)
{
  static const char *const endings[] = {".tar.gz", ".zip", ".tar", ".tgz", ".7z", ".rar"};
  size_t len = strlen(name);
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
    if (len > strlen(endings[i]) && siuop_ascii_is(name + len - strlen(endings[i]), endings[i]))
      return strlen(endings[i]);
  return 0;
}

static void look_beside(const char *name, void *user_data)
{
  static const char *const usual[] = {"images", "image", "imgs", "img", "pictures", "pics"};
  struct search *s = user_data;
  size_t ending = archive_ending(name);
  size_t len = strlen(name) - ending;
  int is_near = len == strlen(s->wanted) && is_same_lower(name, s->wanted, len);
  for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
    is_near |= len == strlen(usual[i]) && is_same_lower(name, usual[i], len);
  if (is_near && strcmp(name, s->wanted) != 0)
    keep_nearer(s, name, ending > 0 ? ARCHIVE : FOLDER);
}

/* Parts the path of a folder into the folder that holds it, in place, and its name. */
static void part_path(char *path, char name[256])
{
  size_t len = strlen(path);
  while (len > 1 && path[len - 1] == '/')
    path[--len] = '\0';
  char *slash = strrchr(path, '/');
  snprintf(name, 256, "%.255s", slash == NULL ? path : slash + 1);
  if (slash == NULL)
    memcpy(path, ".", 2);
  else
    slash[slash == path] = '\0'; /* the root keeps its slash */
}

/* Whether the best in a folder is what it seems to be. */
static int find_beside(siuo_ctx *ctx, const char *folder, struct search *s)
{
  char path[SIUOP_PATH_SIZE + 256];
  siuop_os_list(folder, MOST_NAMES, look_beside, s);
  snprintf(path, sizeof path, "%s/%s", folder, s->found);
  return s->rank > 0 && siuop_os_kind(ctx, path) == (s->rank == FOLDER ? SIUOP_KIND_FOLDER : SIUOP_KIND_FILE);
}

void siuop_image_folder_near(siuo_ctx *ctx, const siuo_dataset *ds, char out[SIUOP_NEAR_SIZE])
{
  char path[SIUOP_PATH_SIZE];
  char wanted[256];
  struct search beside = {wanted, "", 0};
  struct search above = {"", "", 0};
  out[0] = '\0';
  if (strlen(ds->image_dir) >= sizeof path)
    return;
  memcpy(path, ds->image_dir, strlen(ds->image_dir) + 1);
  part_path(path, wanted);
  int found = find_beside(ctx, path, &beside);
  if (found && beside.rank == FOLDER)
    snprintf(out, SIUOP_NEAR_SIZE, ", but a folder %s beside it: rename it to %s", beside.found, wanted);
  else if (found)
    snprintf(out, SIUOP_NEAR_SIZE, ", but %s beside it: unpack that", beside.found);
  else if (ds->data_dir != NULL && strcmp(ds->data_dir, path) != 0 && find_beside(ctx, ds->data_dir, &above))
    snprintf(out, SIUOP_NEAR_SIZE, ", but %s in the folder above: %s", above.found,
             above.rank == FOLDER ? "move it to where the data is" : "unpack that where the data is");
}
