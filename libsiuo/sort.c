/* sort.c: heapsort: in place, no recursion, never worse than n log n. */
#include "sort.h"

static void swap(size_t *a, size_t *b)
{
  size_t kept = *a;
  *a = *b;
  *b = kept;
}

/* Lets the number at root sink until both its children are smaller. */
static void sink(size_t *numbers, size_t root, size_t count, siuop_compare_fn compare, const void *user_data)
{
  for (size_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && compare(&numbers[child], &numbers[child + 1], user_data) < 0)
      child++;
    if (compare(&numbers[root], &numbers[child], user_data) >= 0)
      return;
    swap(&numbers[root], &numbers[child]);
  }
}

void siuop_sort(size_t *numbers, size_t count, siuop_compare_fn compare, const void *user_data)
{
  for (size_t root = count / 2; root-- > 0;)
    sink(numbers, root, count, compare, user_data);
  for (size_t end = count; end > 1; end--) {
    swap(&numbers[0], &numbers[end - 1]);
    sink(numbers, 0, end - 1, compare, user_data);
  }
}
