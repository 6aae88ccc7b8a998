/* choice.h: how the standard rules read a choice: a walk over the reply's tokens, and a file a level. Which rule is
 * which: docs/reading.md. Allocates nothing. */
#ifndef SIUOP_CHOICE_H
#define SIUOP_CHOICE_H

#include "choice_lexicon.h"
#include "copies.h"
#include "judge.h"
#include "words.h"

/* ---- the window (choice_window.c): the token being looked at, and some before and behind it ---- */

#define SIUOP_CHOICE_RING  64
#define SIUOP_CHOICE_AHEAD 46 /* beyond it nothing is seen */
#define SIUOP_CHOICE_BACK  16

struct siuop_choice_window {
  const char *text;
  size_t from, to;
  const siuo_item *item; /* NULL: A to D without texts */
  int letters;           /* how many options there are */
  struct siuop_words words;
  struct siuop_copies copies;
  size_t made; /* tokens read so far */
  size_t at;   /* the number of the token that is looked at */
  size_t word; /* the number of the next word of the text */
  struct siuop_token ring[SIUOP_CHOICE_RING];
};

void siuop_choice_open(struct siuop_choice_window *w, const char *text, size_t from, size_t to, const siuo_item *item);

/* The token k places on or back. What stands before the text is a line's end; what is too far to
 * be seen is nothing that a rule asks for. */
const struct siuop_token *siuop_choice_token(struct siuop_choice_window *w, int k);

/* How many tokens the longest phrase takes that stands there, or ends before k, and may say one of these
 * (SIUOP_SAYS_*); 0: none stands. */
int siuop_choice_phrase(struct siuop_choice_window *w, int k, uint32_t says);
int siuop_choice_phrase_before(struct siuop_choice_window *w, int k, uint32_t says);

/* Whether the token there is that sign. */
int siuop_choice_sign(struct siuop_choice_window *w, int k, int32_t sign);

/* ---- signs and dress (choice_dress.c) ---- */

#define SIUOP_SIGN_OPENS    1u /* brackets, quotation marks */
#define SIUOP_SIGN_CLOSES   2u
#define SIUOP_SIGN_EMPHASIS 4u
#define SIUOP_SIGN_DASH     8u
#define SIUOP_SIGN_STOPS    16u
#define SIUOP_SIGN_ORNAMENT 32u /* an arrow, a bullet, an emoji */

/* What the sign may do around a letter: SIUOP_SIGN_*; 0: nothing, such as one of mathematics. */
unsigned siuop_choice_sign_does(int32_t c);

/* Whether it is LaTeX that says how something looks. */
int siuop_choice_is_wrapper(const struct siuop_token *token);

#define SIUOP_GAP_COLON  1u
#define SIUOP_GAP_EQUALS 2u
#define SIUOP_GAP_OTHER  4u /* a line's end, a dash or an arrow */

/* Behind the dress that stands at k: signs, tags, line ends. *marks gets SIUOP_GAP_*, if not NULL. */
int siuop_choice_skip_dress(struct siuop_choice_window *w, int k, unsigned *marks);

/* The same without line ends, and with . , ; ! among it: what may follow an answer. */
int siuop_choice_skip_closing(struct siuop_choice_window *w, int k);

/* Where the dress that ends before k begins, in k's line. */
int siuop_choice_dress_before(struct siuop_choice_window *w, int k);

/* Behind "option", "the letter" and the like, and dress after it; k if there is none. */
int siuop_choice_skip_option(struct siuop_choice_window *w, int k);

/* ---- what ends a letter (choice_ends.c) ---- */

#define SIUOP_ENDS_NOT   0 /* a word goes on, or a formula */
#define SIUOP_ENDS       1
#define SIUOP_ENDS_ASKED 2 /* a question mark */

/* How what stands at k ends a letter or a text before it: SIUOP_ENDS_*. */
int siuop_choice_ends_at(struct siuop_choice_window *w, int k);

/* ---- letters and texts (choice_letter.c) ---- */

struct siuop_choice_letter {
  int letter;     /* a capital, of an option or not */
  int is_option;  /* the item has an option of that letter */
  int is_capital; /* as written */
  int round;      /* a ) closes it */
  int bracketed;  /* a bracket closes it, and it is no argument: f(A) */
  int bold;       /* within asterisks, underscores or tags */
  int enclosed;   /* within any pair of brackets, quotation marks or bold */
  int after;      /* behind it and the dress that closes it */
  int ends;       /* SIUOP_ENDS_* */
  size_t begin, end;
};

/* The letter that stands alone at k; 0 if there is none. */
int siuop_choice_letter_at(struct siuop_choice_window *w, int k, struct siuop_choice_letter *out);

/* Whether a small letter is one here: enclosed, or at its sentence's end. Capitals always are. */
int siuop_choice_letter_counts(struct siuop_choice_window *w, const struct siuop_choice_letter *letter);

/* Whether another letter is joined to this one: "B or C", "B, perhaps C", "(B)(C)"; where it ends, else 0. */
size_t siuop_choice_names_another(struct siuop_choice_window *w, const struct siuop_choice_letter *letter);

/* Whether the option's text begins at k: all of it, or as much as the reply has before it ends. */
int siuop_choice_own_text(struct siuop_choice_window *w, int k, int letter);

/* The options whose whole text is the token at k, bit 0 for A. */
uint32_t siuop_choice_texts_at(struct siuop_choice_window *w, int k);

/* Whether a letter counts although a word stands behind it: enclosed, or its option's text follows. */
int siuop_choice_stands_before_word(struct siuop_choice_window *w, const struct siuop_choice_letter *letter);

#define SIUOP_OTHERS_NONE    0
#define SIUOP_OTHERS_FILLS   1 /* the rest of the sentence: two options are named */
#define SIUOP_OTHERS_GOES_ON 2

/* Whether another option's text stands right behind the letter: SIUOP_OTHERS_*. */
int siuop_choice_has_others_text(struct siuop_choice_window *w, const struct siuop_choice_letter *letter);

/* ---- what the sentence has said so far (choice_clause.c) ---- */

struct siuop_choice_clause {
  /* in this clause */
  int denied;   /* not, wrong, other, whether … */
  int bad;      /* unsafe, riskiest … */
  int supposed; /* if, somebody else's opinion, almost, was going to */
  int words;
  int comma; /* and a comma: with a subject behind it a new clause begins */
  /* in this sentence */
  int doubted;     /* the same as supposed */
  int first;       /* I, we */
  int must;        /* should, must, therefore */
  int conditional; /* it opens with "if" */
  int sentence_words;
  /* in this line */
  int lines_words;
};

void siuop_choice_clause_begin(struct siuop_choice_clause *c);
void siuop_choice_clause_step(struct siuop_choice_clause *c, struct siuop_choice_window *w);

/* ---- levels ---- */

/* What a level has found. Decides with SIUO_OUTCOME_UNPARSED: an answer that names no option; SIUO_OUTCOME_CONFLICT
 * without deciding: what the outcome is if no later level decides. */
struct siuop_choice_found {
  struct siuop_reading reading;
  int decides;
};
void siuop_choice_found_clear(struct siuop_choice_found *f);
void siuop_choice_found_none(struct siuop_choice_found *f);
void siuop_choice_found_letter(struct siuop_choice_found *f, int letter, size_t begin, size_t end);
void siuop_choice_found_conflict(struct siuop_choice_found *f);

/* Level "explicit": the last answer phrase (choice_explicit.c). strict: headings and boxes only. */
struct siuop_choice_explicit {
  struct siuop_choice_found found;
  size_t several; /* letters before this byte belong to an answer that names several */
  int since;      /* words that stand between the last answer and this place, besides those of another answer */
  int strict;
  int answered; /* an answer phrase was there, read or not */
};
void siuop_choice_explicit_step(struct siuop_choice_explicit *e, struct siuop_choice_window *w,
                                const struct siuop_choice_clause *clause);
/* Whether a made-up next question begins at this line: the text ends before it. */
int siuop_choice_next_question(const struct siuop_choice_explicit *e, struct siuop_choice_window *w,
                               const struct siuop_choice_clause *clause);

/* The reply's lines and lists (choice_list.c). */
struct siuop_choice_style {
  int32_t open, close; /* the signs that touch the letter; 0: none */
  int ends_line;       /* the letter stands alone */
  int named;           /* Option A */
  int is_capital;
};
struct siuop_choice_run {
  int letter;   /* of the last member; 0: none yet */
  int length;   /* members */
  size_t first; /* the first member's letter */
  struct siuop_choice_style style;
  size_t begin, text; /* of that member: the letter, and what stands behind it */
};
struct siuop_choice_lines {
  size_t begin;  /* of the text */
  size_t number; /* of lines with words so far */
  size_t last;   /* where the last one begins */
  struct siuop_choice_run of_lines, in_line;
  int words;                        /* since the last member within the line */
  size_t found;                     /* a list goes on at this token: the letter before in it; SIZE_MAX: none does */
  size_t last_listed;               /* the number of the last line that belongs to a list */
  size_t texts[SIUOP_MOST_OPTIONS]; /* where the reply's own list gives a letter's text; 0: nowhere */
  uint32_t copies;                  /* the options whose texts the reply holds, bit 0 for A */
};
void siuop_choice_lines_begin(struct siuop_choice_lines *l, size_t from);
void siuop_choice_lines_step(struct siuop_choice_lines *l, struct siuop_choice_window *w,
                             const struct siuop_choice_clause *clause);

/* Level "opening": a letter that opens the reply, or stands on its last line (choice_opening.c). */
void siuop_choice_opening_first(struct siuop_choice_found *f, struct siuop_choice_window *w);
void siuop_choice_opening_read(struct siuop_choice_found *f, const struct siuop_choice_lines *l,
                               struct siuop_choice_window *w, size_t end);

/* Level "affirmed": letters that the text affirms, without those that it rules out (choice_affirmed.c). */
struct siuop_choice_affirmed {
  uint32_t letters, out;
  uint32_t unclear; /* praised in a way that may say something else: they decide nothing, but contradict */
  size_t begins[SIUOP_MOST_OPTIONS], ends[SIUOP_MOST_OPTIONS]; /* where each was affirmed last */
};
void siuop_choice_affirmed_step(struct siuop_choice_affirmed *a, struct siuop_choice_window *w,
                                const struct siuop_choice_clause *clause);
void siuop_choice_affirmed_read(const struct siuop_choice_affirmed *a, struct siuop_choice_found *f);

/* Level "alone": nothing but an option's text (choice_alone.c). */
void siuop_choice_alone_read(struct siuop_choice_found *f, const struct siuop_choice_lines *l,
                             const struct siuop_choice_window *w, size_t end);

#endif
