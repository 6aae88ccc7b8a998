/* blind.c: what strategies that never look at picture or question score on multiple choice. */
#include "dataset.h"

#include "utf8.h"

#include <siuo/lint.h>

/* The letter of the longest (sign 1) or shortest (sign -1) option in code points, the first of equals. */
static int extreme_option(const siuo_item *item, int sign)
{
  size_t best = 0;
  size_t best_length = 0;
  for (size_t i = 0; i < item->option_count; i++) {
    size_t length = siuop_utf8_length(item->options[i].s, item->options[i].len);
    if (i == 0 || (sign > 0 ? length > best_length : length < best_length)) {
      best = i;
      best_length = length;
    }
  }
  return 'A' + (int)best;
}

/* The chance to be right: 1, 0, or that of an even guess. */
static double chance(const siuo_item *item, int strategy)
{
  switch (strategy) {
  case SIUO_BLIND_LONGEST:
    return extreme_option(item, 1) == item->correct;
  case SIUO_BLIND_SHORTEST:
    return extreme_option(item, -1) == item->correct;
  case SIUO_BLIND_UNIFORM:
    return 1.0 / (double)item->option_count;
  default:
    return strategy == item->correct;
  }
}

int siuo_dataset_blind_percent(const siuo_dataset *ds, int strategy, double *percent)
{
  int known =
      (strategy >= SIUO_BLIND_LONGEST && strategy <= SIUO_BLIND_UNIFORM) || (strategy >= 'A' && strategy <= 'Z');
  double sum = 0;
  size_t items = 0;
  if (percent == NULL)
    return SIUO_EINVAL;
  *percent = 0;
  if (ds == NULL || !known)
    return SIUO_EINVAL;
  for (size_t i = 0; i < ds->count; i++)
    if (ds->items[i].task == SIUO_TASK_CHOICE) {
      sum += chance(&ds->items[i], strategy);
      items++;
    }
  if (items == 0)
    return SIUO_ENOTFOUND;
  *percent = 100.0 * sum / (double)items;
  return SIUO_OK;
}
