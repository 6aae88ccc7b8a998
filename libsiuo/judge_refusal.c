/* judge_refusal.c: whether a reply opens with words of declining. */
#include "judge.h"

#include "judge_dress.h"
#include "utf8.h"

/* How a language declines: words of regret, perhaps a "but", and words of not being able; or, in `plain`, words
 * that decline without regret. Alternatives stand between bars, the longer before the shorter, in lower case,
 * NFKC, with straight apostrophes. */
struct decline {
  const char *regret, *but, *unable, *plain;
};

static const struct decline languages[] = {
    /* English */
    {"i'm very sorry|i am very sorry|i'm so sorry|i'm sorry|i am sorry|sorry|i apologize|i apologise|my apologies|"
     "apologies|unfortunately|i regret|i'm afraid|i am afraid",
     "but|however|that",
     "i can't|i can not|i cannot|i cant|i'm not able to|i am not able to|i'm unable to|i am unable to|i won't|"
     "i will not|i must decline|i have to decline|i'm going to have to decline",
     "i can't assist|i cannot assist|i can not assist|i can't help|i cannot help|i can not help|i can't comply|"
     "i cannot comply|i can't fulfill|i cannot fulfill|i can't provide|i cannot provide|i can't process|"
     "i cannot process|i can't evaluate|i cannot evaluate|i can't judge|i cannot judge|i can't analyze|"
     "i cannot analyze|i can't review|i cannot review|i can't engage|i cannot engage|i can't discuss|"
     "i cannot discuss|i can't answer|i cannot answer|i can't do that|i cannot do that|i can't do this|"
     "i cannot do this|i'm unable to|i am unable to|i'm not able to|i am not able to|i won't|i must decline|"
     "i have to decline|i decline to"},
    /* Chinese, simplified and traditional */
    {"\u975e\u5e38\u62b1\u6b49|\u5f88\u62b1\u6b49|\u5341\u5206\u62b1\u6b49|\u62b1\u6b49|\u5bf9\u4e0d\u8d77|\u5c0d\u4e0d\u8d77|"
     "\u4e0d\u597d\u610f\u601d|\u5f88\u9057\u61be|\u5f88\u907a\u61be",
     "\u4f46\u662f|\u4f46",
     "\u6211\u65e0\u6cd5|\u6211\u4e0d\u80fd|\u6211\u6ca1\u6cd5|\u6211\u6ca1\u6709\u529e\u6cd5|\u6211\u7121\u6cd5|\u6211\u6c92\u6cd5|\u6211\u6c92\u6709\u8fa6\u6cd5|\u65e0\u6cd5|\u4e0d\u80fd|\u7121\u6cd5",
     "\u6211\u65e0\u6cd5\u534f\u52a9|\u6211\u65e0\u6cd5\u63d0\u4f9b|\u6211\u65e0\u6cd5\u56de\u7b54|\u6211\u65e0\u6cd5\u5904\u7406|\u6211\u65e0\u6cd5\u8bc4\u4f30|\u6211\u4e0d\u80fd\u534f\u52a9|\u6211\u4e0d\u80fd\u63d0\u4f9b|\u6211\u4e0d\u80fd\u56de\u7b54"},
    /* Japanese: "I am sorry, but" declines whatever follows */
    {"", "", "", "\u7533\u3057\u8a33\u3042\u308a\u307e\u305b\u3093\u304c|\u7533\u3057\u8a33\u3054\u3056\u3044\u307e\u305b\u3093\u304c|\u3059\u307f\u307e\u305b\u3093\u304c|\u6050\u308c\u5165\u308a\u307e\u3059\u304c"},
    /* Korean: likewise */
    {"", "", "", "\uc8c4\uc1a1\ud558\uc9c0\ub9cc|\uc8c4\uc1a1\ud569\ub2c8\ub2e4\ub9cc|\ubbf8\uc548\ud558\uc9c0\ub9cc|\uc8c4\uc1a1\ud569\ub2c8\ub2e4"},
};
