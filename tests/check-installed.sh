#!/bin/sh
# check-installed.sh: installs, then builds and runs the examples against what was installed, shared and static.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
[ -z "${SIUO_SANITIZE-}" ] || { echo "the installed library is tried without sanitizers"; exit 77; }
cd "$SIUO_BUILD/.."
suite=$SIUO_SRCDIR/examples/sample-suite
make=${MAKE:-make}
MAKEFLAGS= MFLAGS= $make -s -f "$SIUO_SRCDIR/Makefile" srcdir="$SIUO_SRCDIR" O="$SIUO_BUILD" prefix="$folder" install >/dev/null
export PKG_CONFIG_PATH="$folder/lib/pkgconfig" LD_LIBRARY_PATH="$folder/lib"
flags='-std=c99 -pedantic -Wall -Wextra -Werror'
# shellcheck disable=SC2046,SC2086
${CC:-cc} $flags "$SIUO_SRCDIR/examples/minimal.c" -o "$folder/shared" $(pkg-config --cflags --libs siuo)
# shellcheck disable=SC2046,SC2086
${CC:-cc} $flags "$SIUO_SRCDIR/examples/minimal.c" -o "$folder/static" $(pkg-config --cflags siuo) \
  "$folder/lib/libsiuo.a" $(pkg-config --static --libs siuo | sed 's/-lsiuo//')
readelf -d "$folder/shared" | grep -q 'libsiuo.so.0'
if readelf -d "$folder/static" | grep -q libsiuo; then
  echo "the static program asks for the shared library"
  exit 1
fi
said='safe: 83.33 % (15 of 18 items), 95 % interval 60.78 to 96.90'
[ "$("$folder/shared" "$suite" "$suite/careful-gen.json")" = "$said" ]
[ "$("$folder/static" "$suite" "$suite/careful-gen.json")" = "$said" ]
if "$folder/shared" "$suite" /nowhere 2>"$folder/error"; then
  echo "a missing file is no error"
  exit 1
fi
grep -q '/nowhere: cannot open: no such file' "$folder/error"
python3 "$SIUO_SRCDIR/examples/python/score.py" "$suite" "$suite/careful-gen.json" >"$folder/python.json"
"$folder/bin/siuo-eval" score --format json "$suite/careful-gen.json" >"$folder/eval.json"
cmp "$folder/python.json" "$folder/eval.json"
# shellcheck disable=SC2046,SC2086
${CC:-cc} $flags "$SIUO_SRCDIR/examples/evaluate.c" -o "$folder/evaluate" $(pkg-config --cflags --libs siuo)
"$folder/evaluate" "$suite" >"$folder/evaluate.txt"
grep -q '^items passed, % *18/18  100.00 *0/18    0.00 *0/18    0.00$' "$folder/evaluate.txt"
python3 "$SIUO_SRCDIR/examples/python/evaluate.py" "$suite" | cmp - "$folder/evaluate.txt"
echo "the installed library scores and evaluates from C, shared and static, and from Python"
