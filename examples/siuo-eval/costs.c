/* costs.c: what a run has taken so far, in tokens and dollars, and where that ends. */
#include "costs.h"

#include <stdio.h>

double costs_of(const struct costs *c, const char *model, double input, double output)
{
  struct price price;
  if (c->prices == NULL || !prices_find(c->prices, model, &price))
    return 0;
  return (input * price.input + output * price.output) / 1e6;
}

void costs_begin(struct costs *c, const char *model, double input, double output)
{
  c->pending_tokens += input + output;
  c->pending_spent += costs_of(c, model, input, output);
}

void costs_end(struct costs *c, const char *model, double input, double output)
{
  c->pending_tokens -= input + output;
  c->pending_spent -= costs_of(c, model, input, output);
}

void costs_count(struct costs *c, const char *model, uint64_t input, uint64_t output)
{
  c->input += input;
  c->output += output;
  c->spent += costs_of(c, model, (double)input, (double)output);
}

static const char *show_dollars(double n, char out[24])
{
  snprintf(out, 24, n < 1 ? "$%.4f" : "$%.2f", n);
  return out;
}

const char *costs_show(const struct costs *c, char out[24])
{
  out[0] = '\0';
  return c->prices == NULL ? out : show_dollars(c->spent, out);
}

int costs_are_reached(const struct costs *c, char *words, size_t size)
{
  char spent[24], most[24];
  if (c->most > 0 && c->spent + c->pending_spent >= c->most) {
    snprintf(words, size, "--max-cost %s is reached: %s so far, and what is under way", show_dollars(c->most, most),
             show_dollars(c->spent, spent));
    return 1;
  }
  if (c->most_tokens > 0 && (double)(c->input + c->output) + c->pending_tokens >= (double)c->most_tokens) {
    snprintf(words, size, "--max-tokens-total %llu is reached: %llu so far, and what is under way",
             (unsigned long long)c->most_tokens, (unsigned long long)(c->input + c->output));
    return 1;
  }
  return 0;
}
