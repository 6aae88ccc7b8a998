/* prices.c: what models cost: a JSON object, {"MODEL": {"input": DOLLARS, "output": DOLLARS}, …}. */
#include "prices.h"

#include "cli.h"

#include <jansson.h>

static json_t *json_of(const struct prices *p)
{
  return (json_t *)(uintptr_t)p;
}

static int check_price(const char *path, const char *model, json_t *price)
{
  json_t *input = json_object_get(price, "input");
  json_t *output = json_object_get(price, "output");
  if (json_object_size(price) == 2 && json_is_number(input) && json_is_number(output) &&
      json_number_value(input) >= 0 && json_number_value(output) >= 0)
    return 0;
  complain("--prices %s: %.80s: expected {\"input\": DOLLARS, \"output\": DOLLARS}, each for a million tokens", path,
           model);
  return -1;
}

struct prices *prices_read(const char *path)
{
  json_error_t error;
  const char *model;
  json_t *price;
  json_t *prices = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  int failed = prices == NULL;
  if (failed && error.line > 0)
    complain("--prices %s:%d: not valid JSON: %s", path, error.line, error.text);
  else if (failed)
    complain("--prices %s", error.text);
  else if (!json_is_object(prices) && (failed = 1))
    complain("--prices %s: expected an object {\"MODEL\": {\"input\": ..., \"output\": ...}, ...}", path);
  json_object_foreach(prices, model, price) {
    failed = failed || check_price(path, model, price) != 0;
  }
  if (!failed)
    return (struct prices *)(void *)prices;
  json_decref(prices);
  return NULL;
}

int prices_find(const struct prices *p, const char *model, struct price *out)
{
  json_t *price = json_object_get(json_of(p), model);
  out->input = json_number_value(json_object_get(price, "input"));
  out->output = json_number_value(json_object_get(price, "output"));
  return price != NULL;
}

void prices_free(struct prices *p)
{
  json_decref(json_of(p));
}
