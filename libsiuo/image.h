/* image.h: picture files, found and looked at. */
#ifndef SIUOP_IMAGE_H
#define SIUOP_IMAGE_H

#include "dataset.h"

#include <siuo/image.h>

/* siuo_image_open() by the picture's name; `label` is what messages call the picture. */
int siuop_image_open(siuo_image **out, siuo_ctx *ctx, const siuo_dataset *ds, const struct siuop_field *name,
                     const char *label);

/* What messages call it. Borrowed from the image. */
const char *siuop_image_label(const siuo_image *image);

/* Its width and height in pixels, as its head says them (image_sides.c); 0 and 0 where it does not say them plainly.
 * The image is rewound. SIUO_EIO. */
int siuop_image_sides(siuo_image *image, uint32_t *width, uint32_t *height);

/* The type that a name's ending stands for: SIUO_IMAGE_*, or 0 for another ending. */
int siuop_image_type_of_name(const struct siuop_field *name);

#endif
