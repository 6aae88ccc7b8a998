/* image.h: the items' pictures: where they are, what they are, and their digests. */
#ifndef SIUO_IMAGE_H
#define SIUO_IMAGE_H

#include <siuo/dataset.h>

SIUO_BEGIN_DECLS

#define SIUO_IMAGE_PNG  1
#define SIUO_IMAGE_JPEG 2
#define SIUO_IMAGE_WEBP 3
#define SIUO_IMAGE_GIF  4

/* One picture file, found and looked at: its type is read from its first bytes, whatever its name says. */
typedef struct siuo_image siuo_image;

/* Finds the item's picture in the data set's images folder and nowhere else: its name is one path component; a symbolic
 * link is followed only if it ends inside the data folder, in the blobs folder of a Hugging Face cache, or anywhere if
 * the data set was opened with follow_links. Errors: SIUO_ENOTFOUND (no images folder, no such picture), SIUO_EINVAL (a
 * name that is no single path component, a link that leads outside; data from memory), SIUO_EIO, SIUO_EFORMAT (empty, a
 * Git LFS pointer, no PNG, JPEG, WebP or GIF, no regular file), SIUO_ELIMIT (larger than max_picture of the context),
 * SIUO_ENOMEM; the message names item and path. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_image_open(siuo_image **out, siuo_ctx *ctx, const siuo_dataset *ds, const siuo_item *item);

/* SIUO_IMAGE_*; its media type, such as "image/png" (static); its bytes; its path (borrowed from the image).
 * @since 0.1.0 */
SIUO_API int siuo_image_type(const siuo_image *image);
SIUO_API const char *siuo_image_media_type(const siuo_image *image);
SIUO_API uint64_t siuo_image_size(const siuo_image *image);
SIUO_API const char *siuo_image_path(const siuo_image *image);

/* Reads at most cap bytes of the file from where the last call ended; *got 0 is the end. A file that has become shorter
 * or longer than when it was opened is SIUO_EIO. siuo_image_rewind() starts again.
 * @since 0.1.0 */
SIUO_API int siuo_image_read(siuo_image *image, void *bytes, size_t cap, size_t *got);
SIUO_API int siuo_image_rewind(siuo_image *image);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_image_free(siuo_image *image);

/* The pictures of a data set, each distinct name read once: how many files there are, how many are missing or can't be
 * used, and their fingerprint. */
typedef struct siuo_images siuo_images;

/* Reads every picture that ds names. A picture that is missing or can't be used is counted and kept as a problem, and
 * is no error. Errors: SIUO_EINVAL, SIUO_ENOMEM. The caller owns *out; it must not outlive ds.
 * @since 0.1.0 */
SIUO_API int siuo_images_new(siuo_images **out, siuo_ctx *ctx, const siuo_dataset *ds);

/* Distinct picture names that could be read; that could not.
 * @since 0.1.0 */
SIUO_API size_t siuo_images_files(const siuo_images *images);
SIUO_API size_t siuo_images_missing(const siuo_images *images);

/* Pictures among the files whose type is another than their names' endings say, such as WebP named .png: they can be
 * used, but only by a host that goes by siuo_image_type().
 * @since 0.1.0 */
SIUO_API size_t siuo_images_misnamed(const siuo_images *images);

/* SHA-256 over the sorted names and digests of the pictures that could be read, as 64 hex digits (the exact bytes:
 * docs/dataset.md). Borrowed from images.
 * @since 0.1.0 */
SIUO_API const char *siuo_images_fingerprint(const siuo_images *images);

/* Problem i, in order of the names: a line such as "S-01.png: a Git LFS pointer, not the picture: run git lfs pull";
 * NULL past the end. Borrowed from images.
 * @since 0.1.0 */
SIUO_API const char *siuo_images_problem(const siuo_images *images, size_t i);

/* The SHA-256 of the item's picture, as 64 hex digits; NULL if it could not be read. Borrowed from images.
 * @since 0.1.0 */
SIUO_API const char *siuo_images_digest(const siuo_images *images, const siuo_item *item);

/* The same figures, to be said of a run. */
typedef struct siuo_pictures {
  uint32_t size;
  uint32_t reserved;
  uint64_t files, missing;
  const char *sha256; /* the fingerprint */
} siuo_pictures;

/* The caller sets out->size; the text is borrowed from images. Errors: SIUO_EINVAL, SIUO_EABI.
 * @since 0.1.0 */
SIUO_API int siuo_images_describe(const siuo_images *images, siuo_pictures *out);

/* NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_images_free(siuo_images *images);

SIUO_END_DECLS

#endif
