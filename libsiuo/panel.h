/* panel.h: several judges' votes on one response, joined to one as they are read: docs/rules.md. */
#ifndef SIUOP_PANEL_H
#define SIUOP_PANEL_H

#include <siuo/judge.h>

#define SIUOP_MOST_JUDGES 16

struct siuop_panel {
  int panel; /* SIUO_PANEL_* */
  size_t passed, failed, very, missing;
  int is_settled; /* a fallback whose judge did not decline */
};

void siuop_panel_init(struct siuop_panel *p, int panel);

/* Whether the next judge's vote is wanted. */
int siuop_panel_is_open(const struct siuop_panel *p);

/* Adds a vote: 1, 0, -1, or a level 2, 1, 0. declined: the judge declined, or said nothing. */
void siuop_panel_add(struct siuop_panel *p, int32_t vote, int declined);

/* The joint vote; of effectiveness, the joint level. */
int32_t siuop_panel_vote(const struct siuop_panel *p);

/* Whether a reading of this outcome (SIUO_OUTCOME_*) lets the next judge be asked. */
int siuop_is_declined(int outcome);

#endif
