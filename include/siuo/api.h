/* api.h: what every public header of libsiuo needs: visibility and C linkage. */
#ifndef SIUO_API_H
#define SIUO_API_H

#include <stddef.h>
#include <stdint.h>

/* SIUO_API marks each exported function. The version script is the law; this keeps the rest hidden. */
#if defined(__GNUC__)
#define SIUO_API __attribute__((visibility("default")))
#else
#define SIUO_API
#endif

/* Rows of functions stand between these two, so that C++ sees C names. */
#ifdef __cplusplus
#define SIUO_BEGIN_DECLS extern "C" {
#define SIUO_END_DECLS   }
#else
#define SIUO_BEGIN_DECLS
#define SIUO_END_DECLS
#endif

#endif
