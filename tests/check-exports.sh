#!/bin/sh
# check-exports.sh: exported symbols = names in the headers = names in the version script.
set -eu
cd "$SIUO_SRCDIR"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tests/exported-names >"$folder/headers"
sed -n 's/^ *\(siuo_[a-z0-9_]*\);$/\1/p' libsiuo/siuo.map | LC_ALL=C sort >"$folder/map"
nm -D --defined-only "$SIUO_BUILD/libsiuo.so" | sed -n 's/.* T \([^@]*\).*/\1/p' | LC_ALL=C sort >"$folder/symbols"
diff "$folder/headers" "$folder/map"
diff "$folder/headers" "$folder/symbols"
readelf -d "$SIUO_BUILD/libsiuo.so" | grep -q "SONAME.*\[libsiuo.so.$(sed -n 's/^ABI = //p' version.mk)\]"
echo "$(wc -l <"$folder/headers") names agree"
