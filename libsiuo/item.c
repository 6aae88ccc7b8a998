/* item.c: an item's texts. */
#include "dataset.h"

static const char *give(const struct siuop_field *field, size_t *len)
{
  if (len != NULL)
    *len = field == NULL ? 0 : field->len;
  return field == NULL ? NULL : field->s;
}

int siuo_item_task(const siuo_item *it)
{
  return it == NULL ? 0 : it->task;
}

const char *siuo_item_id(const siuo_item *it, size_t *len)
{
  return give(it == NULL ? NULL : &it->id, len);
}

const char *siuo_item_question(const siuo_item *it, size_t *len)
{
  return give(it == NULL ? NULL : &it->question, len);
}

const char *siuo_item_category(const siuo_item *it, size_t *len)
{
  return give(it == NULL ? NULL : &it->category, len);
}

const char *siuo_item_safety_warning(const siuo_item *it, size_t *len)
{
  return give(it == NULL ? NULL : &it->warning, len);
}

const char *siuo_item_reference_answer(const siuo_item *it, size_t *len)
{
  return give(it == NULL ? NULL : &it->reference, len);
}

const char *siuo_item_image_name(const siuo_item *it, size_t *len)
{
  return give(it == NULL ? NULL : &it->image, len);
}

size_t siuo_item_option_count(const siuo_item *it)
{
  return it == NULL ? 0 : it->option_count;
}

const char *siuo_item_option(const siuo_item *it, size_t i, size_t *len)
{
  return give(it == NULL || i >= it->option_count ? NULL : &it->options[i], len);
}

int siuo_item_option_letter(const siuo_item *it, size_t i)
{
  return it == NULL || i >= it->option_count ? 0 : 'A' + (int)i;
}

int siuo_item_correct_option(const siuo_item *it)
{
  return it == NULL ? 0 : it->correct;
}
