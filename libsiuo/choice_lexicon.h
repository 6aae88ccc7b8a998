/* choice_lexicon.h: the words and phrases of choosing, in the languages of the replies, and what each may say. */
#ifndef SIUOP_CHOICE_LEXICON_H
#define SIUOP_CHOICE_LEXICON_H

#include <stddef.h>
#include <stdint.h>

/* What a phrase may say: the rules ask for one of these at a place. */
#define SIUOP_SAYS_ANSWER     (UINT32_C(1) << 0)  /* the noun: answer, Antwort, 答案 … */
#define SIUOP_SAYS_OPTION     (UINT32_C(1) << 1)  /* other nouns for what is chosen: option, choice, 选项 … */
#define SIUOP_SAYS_IS         (UINT32_C(1) << 2)  /* joins a noun to its answer: is, would be, 是 … */
#define SIUOP_SAYS_FILLER     (UINT32_C(1) << 3)  /* may stand before the answer: I think, most likely … */
#define SIUOP_SAYS_JOINING    (UINT32_C(1) << 4)  /* joins two letters: or, and … */
#define SIUOP_SAYS_REASON     (UINT32_C(1) << 5)  /* may follow an answer: because, since … */
#define SIUOP_SAYS_NONE       (UINT32_C(1) << 6)  /* an answer that says none: unknown, cannot be determined … */
#define SIUOP_SAYS_QUESTION   (UINT32_C(1) << 7)  /* the heading of a made-up next question */
#define SIUOP_SAYS_DENY       (UINT32_C(1) << 8)  /* denies in its clause: not, wrong, other, whether … */
#define SIUOP_SAYS_DOUBT      (UINT32_C(1) << 9)  /* doubts in its sentence: if, some, they, almost … */
#define SIUOP_SAYS_CONTRAST   (UINT32_C(1) << 10) /* ends what was denied or doubted: but, however … */
#define SIUOP_SAYS_FIRST      (UINT32_C(1) << 11) /* speaks for itself: I, we … */
#define SIUOP_SAYS_THUS       (UINT32_C(1) << 12) /* therefore, so … */
#define SIUOP_SAYS_CHOOSE     (UINT32_C(1) << 13) /* choose, go with … */
#define SIUOP_SAYS_OWN_CHOOSE (UINT32_C(1) << 14) /* verbs that say "I" themselves: wähle, choisis … */
#define SIUOP_SAYS_GOOD       (UINT32_C(1) << 15) /* right, the best … */
#define SIUOP_SAYS_BAD        (UINT32_C(1) << 16) /* wrong, unsafe … */
#define SIUOP_SAYS_FREE       (UINT32_C(1) << 17) /* a letter behind it is no part of a name: that, because … */
#define SIUOP_SAYS_RULE_OUT   (UINT32_C(1) << 18) /* rules out the letter behind it: avoid, than … */
#define SIUOP_SAYS_COPULA     (UINT32_C(1) << 19) /* is, would be, seems … between a letter and what it is called */
#define SIUOP_SAYS_ADVERB     (UINT32_C(1) << 20) /* may stand behind that: clearly, indeed … */
#define SIUOP_SAYS_LIMIT      (UINT32_C(1) << 21) /* takes it back: if, only … */
#define SIUOP_SAYS_IDENTITY   (UINT32_C(1) << 22) /* it is, it must be … */
#define SIUOP_SAYS_MATCH      (UINT32_C(1) << 23) /* is, matches … before "option B" */
#define SIUOP_SAYS_RATHER     (UINT32_C(1) << 24) /* rather than, not: the letter behind it loses */
#define SIUOP_SAYS_VERB       (UINT32_C(1) << 25) /* makes a sentence of a letter that opens one: is, has … */
#define SIUOP_SAYS_MIDDLE                                                                                              \
  (UINT32_C(1) << 26) /* may stand between "answer" and "is": to this question, of the above … */
#define SIUOP_SAYS_RELATIVE (UINT32_C(1) << 27) /* may follow an answer and says no reason: which, based on … */
#define SIUOP_SAYS_MUST     (UINT32_C(1) << 28) /* should, must, therefore … */
#define SIUOP_SAYS_PERHAPS  (UINT32_C(1) << 29) /* may stand between two joined letters: perhaps, maybe … */
#define SIUOP_SAYS_WOULD    (UINT32_C(1) << 30) /* an "is" that supposes: would be … */
#define SIUOP_SAYS_SUBJECT  (UINT32_C(1) << 31) /* behind a comma a new clause begins with it: the, it, ich … */

/* A phrase in case-folded NFKC, as tokens are, its words separated by single blanks. */
struct siuop_choice_entry {
  const char *text;
  uint32_t says;
};

/* Sorted by bytes. */
extern const struct siuop_choice_entry siuop_choice_lexicon[];
extern const size_t siuop_choice_lexicon_size;

/* The first phrase that begins with the word's letters; siuop_choice_lexicon_size if none does. */
size_t siuop_choice_lexicon_find(const char *word);

#endif
