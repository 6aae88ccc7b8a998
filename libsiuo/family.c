/* family.c: which maker's models are whose, as far as their names tell. A judge of the model's own family may be
 * partial to it. */
#include "family.h"

#include "utf8.h"

#include <stddef.h>
#include <string.h>

/* What names begin with, after a maker's name and a slash; in lower case. */
static const struct {
  const char *prefix, *family;
} families[] = {
    {"gpt", "GPT"},          {"chatgpt", "GPT"},     {"o1", "GPT"},           {"o3", "GPT"},
    {"o4", "GPT"},           {"claude", "Claude"},   {"gemini", "Gemini"},    {"gemma", "Gemini"},
    {"paligemma", "Gemini"}, {"llama", "Llama"},     {"meta-llama", "Llama"}, {"llava", "LLaVA"},
    {"qwen", "Qwen"},        {"qvq", "Qwen"},        {"mistral", "Mistral"},  {"ministral", "Mistral"},
    {"pixtral", "Mistral"},  {"internvl", "Intern"}, {"internlm", "Intern"},  {"deepseek", "DeepSeek"},
    {"janus", "DeepSeek"},   {"glm", "GLM"},         {"cogvlm", "GLM"},       {"cogagent", "GLM"},
    {"phi", "Phi"},          {"grok", "Grok"},       {"nova", "Nova"},        {"minicpm", "MiniCPM"},
    {"molmo", "Molmo"},      {"olmo", "Molmo"},      {"kimi", "Kimi"},        {"command", "Command"},
    {"aya", "Command"},      {"idefics", "Idefics"}, {"smolvlm", "Idefics"},  {"instructblip", "BLIP"},
    {"blip", "BLIP"},        {"mplug", "mPLUG"},     {"minigpt", "MiniGPT"},
};
#define FAMILY_COUNT (sizeof families / sizeof families[0])

/* Gateways put makers and hosts before a slash. */
static const char *family_of(const char *model)
{
  const char *slash = strrchr(model, '/');
  const char *name = slash == NULL ? model : slash + 1;
  for (size_t i = 0; i < FAMILY_COUNT; i++) {
    const char *prefix = families[i].prefix;
    size_t n = 0;
    while (prefix[n] != '\0' && siuop_ascii_lower((unsigned char)name[n]) == prefix[n])
      n++;
    if (prefix[n] == '\0')
      return families[i].family;
  }
  return NULL;
}

const char *siuop_same_family(const char *a, const char *b)
{
  const char *family = a == NULL ? NULL : family_of(a);
  const char *other = b == NULL ? NULL : family_of(b);
  return family != NULL && family == other ? family : NULL;
}
