/* pictures.h: what the suites about pictures share. */
#ifndef SUPPORT_PICTURES_H
#define SUPPORT_PICTURES_H

#include <siuo/siuo.h>

/* What files of these types begin with. */
#define PNG  "\x89PNG\r\n\x1a\n"
#define JPEG "\xff\xd8\xff\xe0"
#define WEBP "RIFF\x04\x00\x00\x00WEBP"

/* The context of the test that runs; made before and freed after each by the next two. */
siuo_ctx *pictures_ctx(void);
void pictures_setup(void);
void pictures_teardown(void);

/* A real path in this test's own folder, in one of a few static buffers; a file, a new folder, a new link there. */
const char *pictures_path(const char *name);
void pictures_file(const char *name, const void *bytes, size_t len);
void pictures_folder(const char *name);
void pictures_link(const char *to, const char *name);

/* Generation items 1, 2 … as JSONL, with pictures of these names; NULL ends them. */
void pictures_items(char *out, size_t size, const char *const *names);

/* A data folder of such items, with an empty images folder. "d" with one item, whose picture is a.png, opened. */
void pictures_data(const char *folder, const char *const *names);
siuo_dataset *pictures_one_item(void);

/* Opens a data folder by its name; any path, with options. It must work. */
siuo_dataset *pictures_open(const char *name);
siuo_dataset *pictures_open_with(const char *path, uint32_t follow_links, const char *image_dir);

/* Opens item i's picture: the status; the picture, as it must work; the first item's, which must work. */
int pictures_try(siuo_image **image, const siuo_dataset *ds, size_t i);
siuo_image *pictures_image(const siuo_dataset *ds, size_t i);
void pictures_expect(const siuo_dataset *ds);

#endif
