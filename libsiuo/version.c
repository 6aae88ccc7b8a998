/* version.c: version and features. SIUOP_VERSION_* come from version.mk through the compiler's command line. */
#include <siuo/version.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

const char *siuo_version_str(void)
{
  return TEXT(SIUOP_VERSION_MAJOR) "." TEXT(SIUOP_VERSION_MINOR) "." TEXT(SIUOP_VERSION_PATCH);
}

uint32_t siuo_version_num(void)
{
  return SIUOP_VERSION_MAJOR * 10000u + SIUOP_VERSION_MINOR * 100u + SIUOP_VERSION_PATCH;
}

int siuo_has_feature(int feature)
{
  (void)feature; /* this build has none of the optional features */
  return 0;
}
