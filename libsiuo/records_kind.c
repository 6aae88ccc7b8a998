/* records_kind.c: what a file is that is no JSON: people give what they have. */
#include "records_kind.h"

#include <string.h>

#define UTF_16 "text in UTF-16: save it as UTF-8"

static const struct magic {
  const char *bytes;
  size_t len;
  const char *words;
} magics[] = {
    {"PK\x03\x04", 4, "an Excel workbook (xlsx) or another zip archive: save it as JSON or JSONL, or unpack it"},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook (xls): save it as JSON or JSONL"},
    {"\x1F\x8B", 2, "compressed with gzip (gz): unpack it with gunzip"},
    {"BZh", 3, "compressed with bzip2 (bz2): unpack it with bunzip2"},
    {"\xFD"
     "7zXZ",
     5, "compressed with xz: unpack it with unxz"},
    {"\x28\xB5\x2F\xFD", 4, "compressed with zstd (zst): unpack it with unzstd"},
    {"\xFF\xFE", 2, UTF_16},
    {"\xFE\xFF", 2, UTF_16},
    {"[\0", 2, UTF_16},
    {"{\0", 2, UTF_16},
    {"\0[", 2, UTF_16},
    {"\0{", 2, UTF_16},
    {"PAR1", 4, "a Parquet file: save it as JSON or JSONL"},
    {"SQLite format 3", 15, "an SQLite database: save it as JSON or JSONL"},
    {"version https://git-lfs.github.com/spec/", 40, "a Git LFS pointer, not the file: run git lfs pull"},
};

const char *siuop_kind_of_bytes(const char *bytes, size_t len)
{
  for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
    if (len >= magics[i].len && memcmp(bytes, magics[i].bytes, magics[i].len) == 0)
      return magics[i].words;
  return NULL;
}

static int text_begins(const char *bytes, size_t len, const char *prefix)
{
  size_t n = strlen(prefix);
  return len >= n && memcmp(bytes, prefix, n) == 0;
}

/* A table's first line names its columns, or holds its first values. */
const char *siuop_kind_of_text(const char *bytes, size_t len)
{
  const char *end = memchr(bytes, '\n', len);
  size_t line = end == NULL ? len : (size_t)(end - bytes);
  if (text_begins(bytes, len, "<!") || text_begins(bytes, len, "<html") || text_begins(bytes, len, "<?xml"))
    return "an HTML or XML page: fetch the file itself";
  if (memchr(bytes, '\t', line) != NULL)
    return "a table with tabs (tsv): save it as JSON or JSONL";
  if (memchr(bytes, ',', line) != NULL || memchr(bytes, ';', line) != NULL)
    return "a table with commas (csv): save it as JSON or JSONL";
  return NULL;
}
