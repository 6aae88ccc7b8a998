/* error.c: the texts of the status codes. */
#include <siuo/error.h>

const char *siuo_strerror(int status)
{
  switch (status) {
  case SIUO_OK:
    return "no error";
  case SIUO_DONE:
    return "nothing more";
  case SIUO_WAIT:
    return "waiting for answers";
  case SIUO_RETRY:
    return "send again later";
  case SIUO_EINVAL:
    return "invalid argument";
  case SIUO_ENOMEM:
    return "out of memory";
  case SIUO_EIO:
    return "input or output failed";
  case SIUO_EFORMAT:
    return "wrong format";
  case SIUO_ELIMIT:
    return "larger than a limit allows";
  case SIUO_ENOTFOUND:
    return "not found";
  case SIUO_EUNSUPPORTED:
    return "not supported here";
  case SIUO_EABI:
    return "struct of an incompatible size or version";
  case SIUO_ESTATE:
    return "not possible in this state";
  case SIUO_ECANCELED:
    return "cancelled";
  default:
    return "unknown status";
  }
}
