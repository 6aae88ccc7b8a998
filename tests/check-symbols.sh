#!/bin/sh
# check-symbols.sh: only ctx.o asks for memory, and no object calls what a library must not.
set -eu
status=0
banned='exit|_exit|abort|printf|puts|putchar|fprintf|vfprintf|fputs|fwrite|setlocale|localeconv|getenv|secure_getenv|strtod|atof|strtol|atoi|isalpha|isdigit|isspace|tolower|toupper|__ctype_b_loc|__ctype_tolower_loc|__ctype_toupper_loc|strcasecmp|strncasecmp|strcoll|qsort|rand|srand|random|time|localtime|sscanf|strerror|json_set_alloc_funcs'
for object in "$SIUO_BUILD"/libsiuo/*.o; do
  name=$(basename "$object")
  undefined=$(nm -u "$object" | awk '{print $2}' | sed 's/@.*//')
  memory=$(printf '%s\n' "$undefined" | grep -Ex 'malloc|calloc|realloc|free|strdup|strndup|aligned_alloc|posix_memalign|asprintf|vasprintf' || true)
  case $name in
    ctx.o | ctx.pic.o) ;;
    *) [ -z "$memory" ] || { echo "$name asks for memory:" $memory; status=1; } ;;
  esac
  called=$(printf '%s\n' "$undefined" | grep -Ex "$banned" || true)
  [ "$name" = os_posix.o ] || [ "$name" = os_posix.pic.o ] || [ -z "$called" ] || { echo "$name calls:" $called; status=1; }
  system=$(printf '%s\n' "$undefined" | grep -Ex 'open|open64|read|write|close|fsync|rename|unlink|openat|openat64|realpath|lstat|lstat64|fstatat|fstatat64|lseek64|stat|stat64|fstat|fstat64|fopen|fclose|lseek|mmap|opendir|readdir|readdir64|getrandom|poll|fcntl|fcntl64|fchmod|fchown|nanosleep|clock_gettime' || true)
  case $name in
    os_posix.o | os_posix.pic.o) ;;
    *) [ -z "$system" ] || { echo "$name makes system calls:" $system; status=1; } ;;
  esac
done
[ "$status" -eq 0 ] && echo "memory in ctx.o, system calls in os_posix.o"
exit "$status"
