/* image_near.h: what lies near a picture, or a folder of them, that is missing. */
#ifndef SIUOP_IMAGE_NEAR_H
#define SIUOP_IMAGE_NEAR_H

#include "dataset.h"

#define SIUOP_NEAR_SIZE 640

/* What is there in the place of a picture that its folder lacks, as the end of a sentence: "; there is S.PNG, whose
 * ..."; "" if nothing is near. Looks at some hundreds of names at the most, so that many missing pictures don't take
 * long. */
void siuop_image_near(siuo_ctx *ctx, const siuo_dataset *ds, const char *name, char out[SIUOP_NEAR_SIZE]);

/* The same of the images folder. */
void siuop_image_folder_near(siuo_ctx *ctx, const siuo_dataset *ds, char out[SIUOP_NEAR_SIZE]);

#endif
