#!/bin/sh
# check-headers.sh: each public header compiles alone as C99 and as C++11, and its structs have no padding.
set -eu
cd "$SIUO_SRCDIR"
count=0
for header in include/siuo/*.h; do
  name=siuo/$(basename "$header")
  printf '#include <%s>\n' "$name" |
    ${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Wpadded -Werror -Iinclude -fsyntax-only -x c -
  if command -v c++ >/dev/null; then
    printf '#include <%s>\n' "$name" | c++ -std=c++11 -pedantic -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c++ -
  else
    echo "skipped: $name as C++11 (no c++ here)"
  fi
  count=$((count + 1))
done
echo "$count headers compile alone"
