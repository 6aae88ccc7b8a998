/* panel.c: several judges' votes on one response, joined to one. */
#include "panel.h"

#include <siuo/error.h>

#include <string.h>

/* By SIUO_PANEL_*. */
static const char *const names[] = {"majority", "all", "any", "fallback"};
#define PANEL_COUNT ((int)(sizeof names / sizeof names[0]))

int siuo_panel_by_name(const char *name)
{
  for (int i = 0; name != NULL && i < PANEL_COUNT; i++)
    if (strcmp(names[i], name) == 0)
      return i;
  return SIUO_ENOTFOUND;
}

const char *siuo_panel_name(int panel)
{
  return panel < 0 || panel >= PANEL_COUNT ? NULL : names[panel];
}

int siuop_is_declined(int outcome)
{
  return outcome == SIUO_OUTCOME_REFUSED || outcome == SIUO_OUTCOME_EMPTY;
}

void siuop_panel_init(struct siuop_panel *p, int panel)
{
  memset(p, 0, sizeof *p);
  p->panel = panel;
}

int siuop_panel_is_open(const struct siuop_panel *p)
{
  return !p->is_settled;
}

void siuop_panel_add(struct siuop_panel *p, int32_t vote, int declined)
{
  p->is_settled = p->panel == SIUO_PANEL_FALLBACK && !declined;
  p->passed += vote > 0;
  p->failed += vote == 0;
  p->very += vote == 2;
  p->missing += vote < 0;
}

int32_t siuop_panel_vote(const struct siuop_panel *p)
{
  switch (p->panel) {
  case SIUO_PANEL_ALL:
    if (p->failed > 0)
      return 0;
    return p->missing > 0 || p->passed == 0 ? -1 : p->very == p->passed ? 2 : 1;
  case SIUO_PANEL_ANY:
    if (p->passed > 0)
      return p->very > 0 ? 2 : 1;
    return p->missing > 0 || p->failed == 0 ? -1 : 0;
  default: /* of a fallback, one judge at the most has a vote */
    if (p->passed + p->failed == 0)
      return -1;
    return p->passed <= p->failed ? 0 : 2 * p->very > p->passed ? 2 : 1;
  }
}
