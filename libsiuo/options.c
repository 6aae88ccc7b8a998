/* options.c: the orders in which a choice item's options can be put. */
#include "options.h"

#include <string.h>

/* Arrangement `number` of count places, the first of which stays: the lexicographic one of that rank. 0 if there are
 * not so many. */
static int arrange(size_t count, uint64_t number, size_t places[SIUOP_MOST_OPTIONS])
{
  size_t left[SIUOP_MOST_OPTIONS];
  uint64_t digits[SIUOP_MOST_OPTIONS] = {0};
  places[0] = 0;
  for (size_t i = 1; i < count; i++) {
    left[i - 1] = i;
    digits[count - i] = number % i; /* the factorial number system, its lowest digit (of base 1) last */
    number /= i;
  }
  for (size_t i = 1; i < count; i++) {
    size_t at = (size_t)digits[i];
    places[i] = left[at];
    memmove(left + at, left + at + 1, (count - 1 - i - at) * sizeof *left);
  }
  return number == 0;
}

/* The letters of the original's, bit 0 for A, as the letters that they have in this order. */
static uint32_t order_letters(const struct siuop_ordered *o, uint32_t letters)
{
  uint32_t ordered = 0;
  for (size_t i = 0; i < o->item.option_count; i++)
    ordered |= (letters >> (o->letters[i] - 'A') & 1) << i;
  return ordered;
}

static void order_copies(struct siuop_ordered *o, const struct siuop_copy *copies)
{
  for (size_t i = 0; i < o->item.option_count; i++) {
    o->copies[i] = copies[o->letters[i] - 'A'];
    o->copies[i].letters = order_letters(o, o->copies[i].letters);
  }
  o->item.copies = o->copies;
}

int siuop_order_options(const siuo_item *item, uint32_t variant, struct siuop_ordered *o)
{
  size_t count = item->option_count;
  size_t places[SIUOP_MOST_OPTIONS];
  if (count == 0 || !arrange(count, variant / count, places))
    return 0;
  o->item = *item;
  memset(o->letters, 0, sizeof o->letters);
  for (size_t i = 0; i < count; i++) {
    size_t from = places[(i + variant) % count];
    o->options[i] = item->options[from];
    o->letters[i] = (char)('A' + from);
    if (item->correct == 'A' + (int)from)
      o->item.correct = 'A' + (int)i;
  }
  o->item.options = o->options;
  if (item->copies != NULL)
    order_copies(o, item->copies);
  return 1;
}

int siuop_original_letter(const struct siuop_ordered *o, int letter)
{
  size_t place = (size_t)(letter - 'A');
  return letter == 0 || place >= o->item.option_count ? letter : o->letters[place];
}
