/* version.h: which libsiuo this is, and what it was built with. */
#ifndef SIUO_VERSION_H
#define SIUO_VERSION_H

#include <siuo/api.h>

SIUO_BEGIN_DECLS

/* "0.1.0". Borrowed, static.
 * @since 0.1.0 */
SIUO_API const char *siuo_version_str(void);

/* major * 10000 + minor * 100 + patch, so that versions compare as numbers.
 * @since 0.1.0 */
SIUO_API uint32_t siuo_version_num(void);

#define SIUO_FEATURE_WEBP       1
#define SIUO_FEATURE_FAST_JSONL 2

/* 1 if this build has the optional feature SIUO_FEATURE_*, 0 if not or if the number is unknown.
 * @since 0.1.0 */
SIUO_API int siuo_has_feature(int feature);

SIUO_END_DECLS

#endif
