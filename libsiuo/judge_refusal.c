/* judge_refusal.c: whether a reply opens with words of declining. */
#include "judge.h"

#include "judge_dress.h"
#include "utf8.h"

/* How a language declines: words of regret, perhaps a "but", and words of not being able; or `plain` words that
 * decline by themselves. Alternatives stand between bars, the longer before what it begins with; lower case, NFKC,
 * straight apostrophes. */
struct declining {
  const char *regret, *but, *unable, *plain;
};

static const struct declining languages[] = {
    {"i'm very sorry|i am very sorry|i'm so sorry|i'm sorry|i am sorry|sorry|i apologize|i apologise|my apologies|"
     "apologies|unfortunately|i'm afraid|i am afraid|i regret",
     "but|however|that",
     "i can't|i cannot|i can not|i'm unable|i am unable|i'm not able|i am not able|i won't|i will not|i must decline",
     "i can't assist|i can't help|i can't comply|i can't fulfill|i can't evaluate|i can't judge|i can't do this|"
     "i can't do that|i cannot assist|i cannot help|i cannot comply|i cannot fulfill|i cannot evaluate|"
     "i cannot judge|i cannot do this|i cannot do that|i'm unable to|i am unable to|i'm not able to|"
     "i am not able to|i won't|i must decline|i have to decline|i decline"},
    {"非常抱歉|很抱歉|十分抱歉|抱歉|对不起|對不起|不好意思", "但是|但",
     "我无法|我不能|我没法|我没有办法|我無法|我沒法|我沒有辦法|无法|不能|無法",
     "我无法协助|我无法提供|我无法回答|我无法处理|我无法评估|我不能协助|我不能提供|我不能回答|我無法協助|我無法提供"},
    {"", "", "", "申し訳ありませんが|申し訳ございませんが|すみませんが|恐れ入りますが"},
    {"", "", "", "죄송합니다|죄송하지만|미안하지만"},
    {"je suis vraiment désolé|je suis vraiment désolée|je suis désolé|je suis désolée|désolé|désolée|je m'excuse|"
     "malheureusement",
     "mais", "je ne peux pas|je ne peux|je ne suis pas en mesure", "je ne peux pas vous aider|je ne peux pas répondre"},
    {"lo siento mucho|lo siento|lo lamento|disculpa|disculpe|perdón", "pero",
     "no puedo|no me es posible|no estoy en condiciones", "no puedo ayudar|no puedo responder"},
    {"sinto muito|lamento|desculpe|desculpa|infelizmente", "mas", "não posso|eu não posso|não consigo",
     "não posso ajudar|não posso responder"},
    {"mi dispiace|spiacente|purtroppo", "ma", "non posso|non sono in grado", "non posso aiutare|non posso rispondere"},
    {"es tut mir sehr leid|es tut mir leid|tut mir leid|entschuldigung|leider", "aber|doch",
     "ich kann|kann ich|das kann ich", "ich kann dabei nicht|ich kann dir dabei nicht|ich kann ihnen dabei nicht"},
    {"het spijt me|sorry|helaas", "maar", "ik kan|kan ik", "ik kan je daar niet|ik kan u daar niet"},
    {"przepraszam|przykro mi|niestety", "ale", "nie mogę", "nie mogę pomóc"},
    {"извините|простите|к сожалению|сожалею|мне жаль", "но", "я не могу|не могу", "я не могу помочь"},
    {"üzgünüm", "ama|ancak", "bu konuda yardımcı olamam|yardımcı olamam|bunu yapamam", ""},
    {"xin lỗi", "nhưng", "tôi không thể", "tôi không thể giúp"},
    {"maaf|mohon maaf", "tetapi|tapi|namun", "saya tidak dapat|saya tidak bisa", "saya tidak dapat membantu"},
    {"عذرا|عذرًا|آسف|أنا آسف|أعتذر", "لكن|ولكن", "لا أستطيع|لا يمكنني|لا يمكنني أن", ""},
};

/* Lower case as far as these phrases need it; the typographic apostrophe is one. */
static int32_t fold(int32_t c)
{
  if (c == 0x2019)
    return '\'';
  if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x410 && c <= 0x42F))
    return c + 0x20;
  return siuop_ascii_lower(c);
}

/* Steps over the phrase of `len` bytes if it stands at t as words; scripts without blanks between words have no
 * word's end to ask for. */
static int take_phrase(siuop_text *t, const char *phrase, size_t len)
{
  size_t used = 0;
  int32_t wanted = len > 0 ? siuop_utf8_decode(phrase, len, &used, NULL) : 0;
  if (fold(t->current) != wanted)
    return 0; /* most calls end here: spare them the copy */
  siuop_text ahead;
  siuop_copy_place(&ahead, t);
  siuop_text_next(&ahead);
  for (size_t i = used; i < len; i += used) {
    wanted = siuop_utf8_decode(phrase + i, len - i, &used, NULL);
    if (fold(ahead.current) != wanted)
      return 0;
    siuop_text_next(&ahead);
  }
  if (wanted < 0x2E80 && siuop_goes_on(ahead.current))
    return 0;
  siuop_copy_place(t, &ahead);
  return 1;
}

/* Steps over the first of the alternatives that stands at t. */
static int take_any(siuop_text *t, const char *phrases)
{
  for (size_t len; *phrases != '\0'; phrases += len) {
    for (len = 0; phrases[len] != '\0' && phrases[len] != '|'; len++)
      ;
    if (take_phrase(t, phrases, len))
      return 1;
    len += phrases[len] == '|';
  }
  return 0;
}

static void skip_signs(siuop_text *t)
{
  while (t->current != SIUOP_TEXT_END && !siuop_goes_on(t->current))
    siuop_text_next(t);
}

static int declines(const siuop_text *reply, const struct declining *language)
{
  siuop_text t;
  siuop_copy_place(&t, reply);
  if (take_any(&t, language->plain))
    return 1;
  if (!take_any(&t, language->regret))
    return 0;
  skip_signs(&t);
  if (take_any(&t, language->but))
    skip_signs(&t);
  return take_any(&t, language->unable);
}

int siuop_is_refusal(const char *text, size_t from, size_t len)
{
  siuop_text t;
  siuop_text_init_range(&t, text, from, len, 1);
  skip_signs(&t);
  for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
    if (declines(&t, &languages[i]))
      return 1;
  return 0;
}
