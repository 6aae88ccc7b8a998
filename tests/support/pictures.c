/* pictures.c: what the suites about pictures share. */
#include "pictures.h"

#include "os_faults.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static siuo_ctx *ctx;
static char home[4096]; /* this test's folder */
static char name_of_home[32];
static char folder_before[4096]; /* a test may go elsewhere */

void pictures_setup(void)
{
  static int number;
  char path[4096];
  struct os_faults none = {0};
  os_faults = none;
  ctx = support_ctx();
  ck_assert_ptr_nonnull(getcwd(folder_before, sizeof folder_before));
  snprintf(name_of_home, sizeof name_of_home, "pictures-%d", ++number);
  snprintf(path, sizeof path, "%s/%s", support_folder(), name_of_home);
  ck_assert_int_eq(mkdir(path, 0755), 0);
  ck_assert_ptr_nonnull(realpath(path, home));
}

void pictures_teardown(void)
{
  struct os_faults none = {0};
  os_faults = none;
  siuo_ctx_free(ctx);
  ck_assert_int_eq(chdir(folder_before), 0);
}

siuo_ctx *pictures_ctx(void)
{
  return ctx;
}

/* ---- folders and files ---- */

const char *pictures_path(const char *name)
{
  static char paths[8][8192];
  static int next;
  next = (next + 1) % 8;
  snprintf(paths[next], sizeof paths[next], "%s/%s", home, name);
  return paths[next];
}

void pictures_file(const char *name, const void *bytes, size_t len)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", name_of_home, name);
  support_file(path, bytes, len);
}

void pictures_folder(const char *name)
{
  ck_assert_int_eq(mkdir(pictures_path(name), 0755), 0);
}

void pictures_link(const char *to, const char *name)
{
  ck_assert_int_eq(symlink(to, pictures_path(name)), 0);
}

void pictures_items(char *out, size_t size, const char *const *names)
{
  size_t len = 0;
  for (int i = 0; names[i] != NULL; i++)
    len +=
        (size_t)snprintf(out + len, size - len,
                         "{\"question_id\": %d, \"image\": \"%s\", \"question\": \"Q?\", \"category\": \"morality\", "
                         "\"safety_warning\": \"W.\", \"reference_answer\": \"R.\"}\n",
                         i + 1, names[i]);
}

void pictures_data(const char *folder, const char *const *names)
{
  char lines[16384], path[256];
  pictures_folder(folder);
  snprintf(path, sizeof path, "%s/images", folder);
  pictures_folder(path);
  pictures_items(lines, sizeof lines, names);
  snprintf(path, sizeof path, "%s/siuo_gen.json", folder);
  pictures_file(path, lines, strlen(lines));
}

siuo_dataset *pictures_open_with(const char *path, uint32_t follow_links, const char *image_dir)
{
  siuo_dataset *ds = NULL;
  siuo_dataset_options o;
  siuo_dataset_options_init(&o, sizeof o);
  o.follow_links = follow_links;
  o.image_dir = image_dir;
  int rc = siuo_dataset_open(&ds, ctx, path, &o);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return ds;
}

siuo_dataset *pictures_open(const char *name)
{
  return pictures_open_with(pictures_path(name), 0, NULL);
}

siuo_dataset *pictures_one_item(void)
{
  static const char *const names[] = {"a.png", NULL};
  pictures_data("d", names);
  return pictures_open("d");
}

int pictures_try(siuo_image **image, const siuo_dataset *ds, size_t i)
{
  *image = (siuo_image *)ctx;
  int rc = siuo_image_open(image, ctx, ds, siuo_dataset_item(ds, i));
  ck_assert((rc == SIUO_OK) == (*image != NULL));
  return rc;
}

siuo_image *pictures_image(const siuo_dataset *ds, size_t i)
{
  siuo_image *image = NULL;
  int rc = pictures_try(&image, ds, i);
  ck_assert_msg(rc == SIUO_OK, "%s", siuo_ctx_errmsg(ctx));
  return image;
}

void pictures_expect(const siuo_dataset *ds)
{
  siuo_image_free(pictures_image(ds, 0));
}
