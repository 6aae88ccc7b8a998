/* choice_lexicon.c: the words and phrases of choosing. Sorted by bytes, each once: a suite looks whether they are, and
 * whether they are written as tokens are. */
#include "choice_lexicon.h"

#include <string.h>

#define ANSWER     SIUOP_SAYS_ANSWER
#define OPTION     SIUOP_SAYS_OPTION
#define IS         SIUOP_SAYS_IS
#define FILLER     SIUOP_SAYS_FILLER
#define JOINING    SIUOP_SAYS_JOINING
#define REASON     SIUOP_SAYS_REASON
#define NONE       SIUOP_SAYS_NONE
#define QUESTION   SIUOP_SAYS_QUESTION
#define DENY       SIUOP_SAYS_DENY
#define DOUBT      SIUOP_SAYS_DOUBT
#define CONTRAST   SIUOP_SAYS_CONTRAST
#define FIRST      SIUOP_SAYS_FIRST
#define THUS       SIUOP_SAYS_THUS
#define CHOOSE     SIUOP_SAYS_CHOOSE
#define OWN_CHOOSE SIUOP_SAYS_OWN_CHOOSE
#define GOOD       SIUOP_SAYS_GOOD
#define BAD        SIUOP_SAYS_BAD
#define FREE       SIUOP_SAYS_FREE
#define RULE_OUT   SIUOP_SAYS_RULE_OUT
#define COPULA     SIUOP_SAYS_COPULA
#define ADVERB     SIUOP_SAYS_ADVERB
#define LIMIT      SIUOP_SAYS_LIMIT
#define IDENTITY   SIUOP_SAYS_IDENTITY
#define MATCH      SIUOP_SAYS_MATCH
#define RATHER     SIUOP_SAYS_RATHER
#define VERB       SIUOP_SAYS_VERB
#define MIDDLE     SIUOP_SAYS_MIDDLE
#define RELATIVE   SIUOP_SAYS_RELATIVE
#define MUST       SIUOP_SAYS_MUST
#define PERHAPS    SIUOP_SAYS_PERHAPS
#define WOULD      SIUOP_SAYS_WOULD
#define SUBJECT    SIUOP_SAYS_SUBJECT

/* clang-format off */
const struct siuop_choice_entry siuop_choice_lexicon[] = {
    {"a", FILLER}, {"aber", CONTRAST}, {"according", RELATIVE}, {"accordingly", THUS}, {"adalah", IS},
    {"advice", FILLER}, {"against", RULE_OUT}, {"aku", FIRST}, {"alcuni", DOUBT}, {"ale", CONTRAST},
    {"algunos", DOUBT}, {"alguns", DOUBT}, {"allegedly", DOUBT}, {"almost", DOUBT}, {"als", DENY | LIMIT},
    {"also", ADVERB | PERHAPS}, {"alternativ", OPTION}, {"alternative", OPTION}, {"although", LIMIT}, {"altra", DENY},
    {"am tempted", DOUBT}, {"ama", CONTRAST}, {"among", MIDDLE}, {"and", JOINING | FREE | VERB}, {"andere", DENY},
    {"another", DENY}, {"ans", ANSWER}, {"answer", ANSWER | FILLER | CHOOSE}, {"answers", ANSWER},
    {"antwoord", ANSWER}, {"antwort", ANSWER}, {"anything but", RULE_OUT}, {"appears", VERB}, {"are", IS | VERB},
    {"aren't", DENY}, {"argued", DOUBT}, {"argues", DOUBT}, {"as", REASON | FREE}, {"assume", DOUBT},
    {"assumes", VERB}, {"assuming", DOUBT}, {"at first", DOUBT}, {"atau", JOINING}, {"aucun", NONE}, {"aucune", NONE},
    {"autre", DENY}, {"avoid", RULE_OUT}, {"avoiding", RULE_OUT}, {"bad", BAD}, {"based", MIDDLE | RELATIVE},
    {"be", MATCH}, {"because", REASON | FREE}, {"before", DOUBT}, {"beinahe", DOUBT}, {"believe", FREE},
    {"believes", DOUBT}, {"ben", FIRST}, {"best", FILLER | GOOD}, {"bonne", MIDDLE}, {"buchstabe", OPTION},
    {"bukan", DENY}, {"but", CONTRAST | FREE | LIMIT | VERB}, {"by far", ADVERB}, {"błędna", DENY}, {"błędny", DENY},
    {"c'est", IDENTITY}, {"can", VERB}, {"can't", NONE | DENY | VERB}, {"can't be determined", NONE},
    {"can't determine", NONE}, {"cannot", NONE | DENY | VERB}, {"cannot be determined", NONE},
    {"cannot determine", NONE}, {"car", REASON}, {"cependant", CONTRAST}, {"certainly", FILLER | ADVERB},
    {"certains", DOUBT}, {"cevap", ANSWER}, {"choice", OPTION | MIDDLE}, {"choisis", OWN_CHOOSE}, {"choose", CHOOSE},
    {"choosing", CHOOSE}, {"chose", CHOOSE}, {"chosen", CHOOSE}, {"chybná", DENY}, {"chọn", OWN_CHOOSE},
    {"claimed", DOUBT}, {"claims", DOUBT}, {"clearly", FILLER | FREE | ADVERB}, {"conclude", FREE},
    {"consequently", THUS | MUST}, {"correct", FILLER | GOOD | MIDDLE}, {"correcta", MIDDLE}, {"correcto", MIDDLE},
    {"corresponds to", MATCH}, {"correta", MIDDLE}, {"correto", MIDDLE}, {"corretta", MIDDLE}, {"corretto", MIDDLE},
    {"could", DOUBT | VERB}, {"could have", DOUBT}, {"couldn't", DENY}, {"czy", DENY}, {"câu hỏi", QUESTION},
    {"câu trả lời", ANSWER}, {"da", REASON}, {"daher", THUS}, {"dan", JOINING}, {"dangereuse", BAD},
    {"dangereux", BAD}, {"dangerous", BAD}, {"das", FILLER | SUBJECT}, {"de", FILLER},
    {"definitely", FILLER | ADVERB}, {"denn", REASON}, {"der", FILLER | SUBJECT}, {"describes", VERB},
    {"değil", DENY}, {"did", VERB}, {"didn't", DENY}, {"die", SUBJECT | FILLER}, {"dir", REASON},
    {"discard", RULE_OUT}, {"discarded", RULE_OUT}, {"do not know", NONE}, {"does", VERB}, {"doesn't", DENY | VERB},
    {"domanda", QUESTION}, {"don't", DENY}, {"don't know", NONE}, {"donc", THUS}, {"doubt", DENY}, {"doubted", DENY},
    {"due", REASON}, {"e", JOINING}, {"earlier", DENY}, {"either", PERHAPS}, {"el", SUBJECT | FILLER},
    {"elijo", OWN_CHOOSE}, {"eliminate", RULE_OUT}, {"eliminated", RULE_OUT}, {"eliminates", RULE_OUT},
    {"eliminating", RULE_OUT}, {"eller", JOINING}, {"else", DENY}, {"en", JOINING}, {"encourages", VERB}, {"er", IS},
    {"errada", DENY | BAD}, {"errata", DENY}, {"errónea", DENY}, {"es", IS | COPULA}, {"es ist", IDENTITY},
    {"escojo", OWN_CHOOSE}, {"escolho", OWN_CHOOSE}, {"est", IS | COPULA}, {"este", IS}, {"et", JOINING},
    {"eu", FIRST | SUBJECT}, {"even", PERHAPS}, {"everyone", SUBJECT}, {"example", QUESTION},
    {"except", DENY | RULE_OUT | LIMIT}, {"except for", RULE_OUT}, {"exclude", RULE_OUT}, {"excluded", RULE_OUT},
    {"excludes", RULE_OUT}, {"excluding", RULE_OUT}, {"exercise", QUESTION}, {"eğer", DENY}, {"fakat", CONTRAST},
    {"falls", DENY | LIMIT}, {"falsch", DENY | BAD}, {"falsche", DENY}, {"falschen", DENY}, {"false", DENY | BAD},
    {"falsely", DENY}, {"fausse", DENY | BAD}, {"feil", DENY}, {"fel", DENY}, {"final", FILLER}, {"finally", FREE},
    {"first", DENY}, {"first thought", DOUBT}, {"for", MIDDLE}, {"forkert", DENY}, {"former", DENY},
    {"forse", PERHAPS}, {"frage", QUESTION}, {"friend", DOUBT}, {"friends", DOUBT}, {"from", MIDDLE}, {"geen", NONE},
    {"gefährlich", BAD}, {"gefährlichste", BAD}, {"given", REASON | MIDDLE}, {"gives", VERB}, {"go for", CHOOSE},
    {"go with", CHOOSE}, {"going with", CHOOSE}, {"had", VERB}, {"harmful", BAD}, {"has", VERB}, {"has to be", IS},
    {"have", VERB}, {"he", DOUBT | SUBJECT}, {"hence", FILLER | THUS | FREE | MUST}, {"her", SUBJECT},
    {"here", MIDDLE}, {"hesitate", DENY}, {"het", FILLER}, {"his", SUBJECT}, {"hiçbiri", NONE}, {"however", CONTRAST},
    {"hoặc", JOINING}, {"human", QUESTION}, {"hypothetically", DOUBT}, {"i", JOINING | FIRST}, {"i believe", FILLER},
    {"i choose", FILLER}, {"i think", FILLER}, {"i would choose", FILLER}, {"i would go with", FILLER},
    {"i would say", FILLER}, {"i'd", FIRST}, {"i'd choose", FILLER}, {"i'd go with", FILLER}, {"i'd say", FILLER},
    {"i'll", FIRST}, {"i'm", FIRST}, {"i've", FIRST}, {"ialah", IS}, {"ich", FIRST | SUBJECT},
    {"if", DENY | DOUBT | LIMIT}, {"ignores", VERB}, {"ik", FIRST}, {"il", FILLER | SUBJECT}, {"imagine", DOUBT},
    {"in", MIDDLE}, {"inappropriate", BAD}, {"incorrect", DENY | BAD}, {"incorrecta", DENY | BAD},
    {"incorrecte", DENY}, {"incorrectly", DENY}, {"incorrecto", DENY}, {"incorreta", DENY},
    {"indeed", FILLER | FREE | ADVERB}, {"indeterminate", NONE}, {"initial", DENY}, {"initially", DOUBT},
    {"inna", DENY}, {"instead", DENY}, {"instead of", RULE_OUT | RATHER}, {"instruction", QUESTION},
    {"io", FIRST | SUBJECT}, {"irrelevant", BAD}, {"is", IS | FILLER | COPULA | MATCH | VERB},
    {"isn't", DENY | COPULA | VERB}, {"ist", IS | COPULA}, {"it", SUBJECT}, {"it is", FILLER | IDENTITY},
    {"it must be", FILLER | IDENTITY}, {"it should be", IDENTITY}, {"it's", FILLER | IDENTITY}, {"its", SUBJECT},
    {"j'opte", FIRST}, {"ja", FIRST}, {"jawaban", ANSWER}, {"jawabannya", ANSWER}, {"jawapan", ANSWER},
    {"jawapannya", ANSWER}, {"je", IS | FIRST | SUBJECT}, {"jedoch", CONTRAST}, {"jest", IS}, {"jeśli", DENY | LIMIT},
    {"jibu", ANSWER}, {"jika", DENY | LIMIT}, {"karena", REASON}, {"kein", DENY}, {"keine", NONE | DENY},
    {"keiner", NONE}, {"keines", NONE}, {"không", DENY}, {"không có", NONE}, {"kies", OWN_CHOOSE},
    {"la", SUBJECT | FILLER}, {"lautet", IS}, {"le", SUBJECT | FILLER}, {"least appropriate", BAD},
    {"least safe", BAD}, {"least suitable", BAD}, {"let's", FIRST}, {"letra", OPTION}, {"letter", OPTION | MIDDLE},
    {"lettera", OPTION}, {"lettre", OPTION}, {"likely", FILLER | PERHAPS}, {"lo", FILLER}, {"looks", VERB},
    {"lub", JOINING}, {"là", IS}, {"lösung", ANSWER}, {"lựa chọn", OPTION}, {"ma", CONTRAST}, {"maar", CONTRAST},
    {"mais", CONTRAST}, {"makes", VERB}, {"manche", DOUBT}, {"many", DOUBT}, {"mas", CONTRAST}, {"matches", MATCH},
    {"mauvais", DENY}, {"mauvaise", DENY}, {"may", DOUBT | VERB}, {"maybe", PERHAPS}, {"means", FREE},
    {"memilih", OWN_CHOOSE}, {"mentions", VERB}, {"might", DOUBT | VERB}, {"misleading", BAD},
    {"most accurate", GOOD}, {"most appropriate", GOOD}, {"most likely", FILLER}, {"most responsible", GOOD},
    {"most sensible", GOOD}, {"most suitable", GOOD}, {"must", VERB | MUST},
    {"must be", IS | COPULA | IDENTITY | MATCH}, {"mustn't", DENY}, {"my", FILLER}, {"my answer", GOOD},
    {"my choice", GOOD}, {"my pick", GOOD}, {"möglichkeit", OPTION}, {"n", NONE}, {"nearly", DOUBT},
    {"nehme", CHOOSE}, {"neither", NONE | DENY}, {"nenhum", NONE}, {"nenhuma", NONE}, {"nessuna", NONE},
    {"nessuno", NONE}, {"never", DENY | RULE_OUT}, {"next", DENY}, {"nhưng", CONTRAST}, {"nicht", DENY},
    {"nie", DENY}, {"niet", DENY}, {"ninguna", NONE}, {"ninguno", NONE}, {"no", DENY}, {"no answer", NONE},
    {"no es", DENY}, {"nobody", DENY | SUBJECT}, {"non", DENY}, {"none", NONE | DENY}, {"nor", DENY},
    {"not", REASON | DENY | BAD | RULE_OUT | RATHER}, {"not clear", NONE}, {"not given", NONE}, {"not listed", NONE},
    {"not possible", NONE}, {"not provided", NONE}, {"not sure", NONE}, {"nothing", NONE | DENY}, {"now", MIDDLE},
    {"não", DENY}, {"nếu", DENY | LIMIT}, {"o", JOINING | SUBJECT}, {"ob", DENY}, {"obviously", FILLER | ADVERB},
    {"oder", JOINING}, {"odgovor", ANSWER}, {"odpoveď", ANSWER}, {"odpověď", ANSWER}, {"odpowiedź", ANSWER},
    {"of", JOINING | MIDDLE}, {"og", JOINING}, {"old", DENY}, {"omdat", REASON}, {"on", IS}, {"one", FILLER | DENY},
    {"one could", DOUBT}, {"one may", DOUBT}, {"one might", DOUBT}, {"onjuiste", DENY}, {"only", LIMIT},
    {"opción", OPTION}, {"opcja", OPTION}, {"opsi", OPTION}, {"opt for", CHOOSE}, {"opte pour", CHOOSE},
    {"optie", OPTION}, {"opting for", CHOOSE}, {"option", OPTION | MIDDLE}, {"options", OPTION}, {"opzione", OPTION},
    {"opção", OPTION}, {"or", JOINING | VERB}, {"original", DENY}, {"other", DENY}, {"others", DOUBT}, {"otra", DENY},
    {"ou", JOINING}, {"our", FILLER}, {"our answer is", FILLER}, {"out", BAD}, {"outra", DENY}, {"overall", FREE},
    {"parce", REASON}, {"pas", DENY}, {"peggiore", DENY}, {"peligrosa", BAD}, {"peligroso", BAD}, {"people", DOUBT},
    {"people say", DOUBT}, {"peor", DENY}, {"perché", REASON}, {"pergunta", QUESTION}, {"perhaps", PERHAPS},
    {"pericolosa", BAD}, {"pericoloso", BAD}, {"perigosa", BAD}, {"pero", CONTRAST}, {"pertanyaan", QUESTION},
    {"però", CONTRAST}, {"phương án", OPTION}, {"pick", OPTION | CHOOSE}, {"picked", CHOOSE}, {"picking", CHOOSE},
    {"pilih", OWN_CHOOSE}, {"pilihan", OPTION}, {"pior", DENY}, {"pire", DENY}, {"poiché", REASON}, {"pois", REASON},
    {"ponieważ", REASON}, {"poor", BAD}, {"por tanto", THUS}, {"porque", REASON}, {"porquê", REASON},
    {"portanto", THUS}, {"porém", CONTRAST}, {"possibly", PERHAPS}, {"prefer", CHOOSE}, {"pregunta", QUESTION},
    {"preliminary", DENY}, {"pretend", DOUBT}, {"previous", DENY}, {"probably", FILLER | PERHAPS},
    {"problem", QUESTION}, {"q", QUESTION}, {"question", QUESTION}, {"quindi", THUS}, {"quizás", PERHAPS},
    {"rather than", RULE_OUT | RATHER}, {"recommend", CHOOSE}, {"refuse", DENY}, {"refused", DENY}, {"regret", DENY},
    {"reject", RULE_OUT | DENY}, {"rejected", RULE_OUT}, {"remains", IS | COPULA}, {"reply", FILLER},
    {"response", ANSWER}, {"resposta", ANSWER}, {"respuesta", ANSWER}, {"richtig", MIDDLE}, {"richtige", MIDDLE},
    {"right", GOOD}, {"riskier", BAD}, {"riskiest", BAD}, {"risky", BAD}, {"risposta", ANSWER}, {"rossz", DENY},
    {"rule out", RULE_OUT}, {"ruled out", RULE_OUT}, {"rules out", RULE_OUT}, {"ruling out", RULE_OUT},
    {"réponse", ANSWER}, {"răspuns", ANSWER}, {"răspunsul", ANSWER}, {"safest", GOOD}, {"sagot", ANSWER},
    {"sai", DENY | BAD}, {"said", DOUBT}, {"salah", DENY | BAD}, {"sarebbe", IS | WOULD}, {"say", CHOOSE | FREE},
    {"saya", FIRST}, {"says", VERB | DOUBT}, {"sbagliata", DENY | BAD}, {"scelgo", OWN_CHOOSE},
    {"schlechteste", DENY}, {"se", DENY | LIMIT}, {"second", DENY}, {"seems", COPULA | VERB}, {"select", CHOOSE},
    {"selected", CHOOSE}, {"selecting", CHOOSE}, {"selection", OPTION}, {"serait", IS | WOULD}, {"seria", IS | WOULD},
    {"sería", IS | WOULD}, {"settle for", CHOOSE}, {"settle on", CHOOSE}, {"seçenek", OPTION},
    {"seçiyorum", OWN_CHOOSE}, {"she", DOUBT | SUBJECT}, {"should", VERB | MUST}, {"should be", IS},
    {"shouldn't", DENY}, {"si", DENY | DOUBT | LIMIT}, {"simply", FILLER}, {"sin embargo", CONTRAST},
    {"since", REASON | FREE}, {"so", FILLER | THUS | FREE | MUST}, {"some", DOUBT}, {"somebody", DOUBT | SUBJECT},
    {"someone", DOUBT | SUBJECT}, {"sorry", DENY}, {"soru", QUESTION}, {"soundest", GOOD}, {"sounds", VERB},
    {"statement", OPTION}, {"suggested", DOUBT}, {"suggests", VERB}, {"suppose", DOUBT}, {"supposedly", DOUBT},
    {"surely", FILLER}, {"svar", ANSWER}, {"svaret", ANSWER}, {"take", CHOOSE}, {"taking", CHOOSE},
    {"talvez", PERHAPS}, {"tapi", CONTRAST}, {"tempted", DOUBT}, {"tetapi", CONTRAST},
    {"than", DENY | RULE_OUT | VERB}, {"that", FILLER | FREE | MIDDLE}, {"the", FILLER | SUBJECT},
    {"the answer", GOOD}, {"the best", GOOD}, {"the correct", GOOD}, {"the most accurate", GOOD},
    {"the most appropriate", GOOD}, {"the most ethical", GOOD}, {"the most fitting", GOOD},
    {"the most helpful", GOOD}, {"the most responsible", GOOD}, {"the most sensible", GOOD},
    {"the most suitable", GOOD}, {"the only", GOOD}, {"the right", GOOD}, {"the safest", GOOD},
    {"the soundest", GOOD}, {"the wisest", GOOD}, {"the worst", BAD}, {"their", SUBJECT},
    {"then", FREE | ADVERB | MIDDLE}, {"there", SUBJECT},
    {"therefore", FILLER | THUS | FREE | ADVERB | MIDDLE | MUST}, {"therefore the", FILLER}, {"these", SUBJECT},
    {"they", DOUBT | SUBJECT}, {"think", FILLER | FREE}, {"thinks", DOUBT}, {"third", DENY}, {"this", SUBJECT},
    {"those", SUBJECT}, {"though", LIMIT}, {"thus", FILLER | THUS | FREE | ADVERB | MUST}, {"tidak", DENY},
    {"tidak ada", NONE}, {"to", MIDDLE}, {"told", DOUBT}, {"trả lời", ANSWER}, {"tôi", FIRST}, {"ultimately", FREE},
    {"unable", DENY}, {"unanswerable", NONE}, {"unbekannt", NONE}, {"unclear", NONE}, {"und", JOINING},
    {"undeterminable", NONE}, {"undetermined", NONE}, {"unhelpful", BAD}, {"unknown", NONE},
    {"unless", DENY | DOUBT | LIMIT}, {"unlike", RULE_OUT}, {"unsafe", BAD}, {"unsure", NONE}, {"until", DOUBT},
    {"user", QUESTION | DOUBT}, {"users", DOUBT}, {"users think", DOUBT}, {"vaihtoehto", OPTION}, {"vastaus", ANSWER},
    {"ve", JOINING}, {"velger", OWN_CHOOSE}, {"verkeerd", DENY}, {"verkeerde", DENY}, {"versus", VERB},
    {"veya", JOINING}, {"vielleicht", PERHAPS}, {"vote for", CHOOSE}, {"vs", VERB}, {"và", JOINING},
    {"válasz", ANSWER}, {"väljer", OWN_CHOOSE}, {"väärä", DENY}, {"vælger", OWN_CHOOSE}, {"vì", REASON},
    {"was", IS | COPULA | VERB}, {"was going to", DOUBT}, {"was tempted", DOUBT}, {"wasn't", DENY | COPULA | VERB},
    {"way", FILLER}, {"we", FIRST}, {"we'd", FIRST}, {"we'll", FIRST}, {"weakest", BAD}, {"weil", REASON},
    {"wenn", DENY | DOUBT | LIMIT}, {"went with", CHOOSE}, {"were", VERB | LIMIT}, {"were going to", DOUBT},
    {"when", LIMIT}, {"where", RELATIVE}, {"whether", DENY | DOUBT}, {"which", MIDDLE | RELATIVE}, {"while", FREE},
    {"will", VERB}, {"will be", IS}, {"wisest", GOOD}, {"wish", DENY}, {"without", DENY}, {"won't", DENY | VERB},
    {"worse", BAD}, {"worst", DENY | BAD}, {"would", VERB}, {"would be", IS | COPULA | WOULD}, {"would have", DOUBT},
    {"wouldn't", DENY}, {"wrong", DENY | BAD}, {"wrongly", DENY}, {"wybieram", OWN_CHOOSE}, {"wähle", OWN_CHOOSE},
    {"wäre", IS | WOULD}, {"y", JOINING}, {"ya", REASON}, {"ya da", JOINING}, {"yaitu", IS}, {"yang", MIDDLE},
    {"yanlış", DENY}, {"yanlıştır", DENY}, {"yanıt", ANSWER}, {"yes", FREE}, {"yet", CONTRAST},
    {"yo", FIRST | SUBJECT}, {"you", SUBJECT}, {"you believe", DOUBT}, {"you claim", DOUBT}, {"you could", DOUBT},
    {"you may", DOUBT}, {"you might", DOUBT}, {"you said", DOUBT}, {"you say", DOUBT}, {"you think", DOUBT},
    {"your", SUBJECT}, {"zła", DENY}, {"är", IS}, {"çünkü", REASON}, {"è", IS | COPULA}, {"é", IS | COPULA},
    {"đáp án", ANSWER}, {"đúng", MIDDLE}, {"żadna", NONE}, {"απάντηση", ANSWER}, {"είναι", IS},
    {"επιλέγω", OWN_CHOOSE}, {"επιλογή", OPTION}, {"λάθοσ", DENY}, {"буква", OPTION}, {"вариант", OPTION},
    {"варіант", OPTION}, {"вопрос", QUESTION}, {"выбираю", OWN_CHOOSE}, {"відповідь", ANSWER}, {"другой", DENY},
    {"е", IS}, {"если", DENY | DOUBT | LIMIT}, {"и", JOINING}, {"или", JOINING}, {"ли", DENY}, {"может", PERHAPS},
    {"мы", SUBJECT}, {"не", DENY}, {"неверная", DENY}, {"неверно", BAD}, {"неверный", DENY}, {"некоторые", DOUBT},
    {"неправильна", DENY}, {"неправильная", DENY}, {"неправильный", DENY}, {"нет", NONE}, {"ни", NONE},
    {"но", CONTRAST}, {"обираю", OWN_CHOOSE}, {"однако", CONTRAST}, {"он", SUBJECT}, {"она", SUBJECT},
    {"опасная", BAD}, {"опасный", BAD}, {"ответ", ANSWER}, {"отговор", ANSWER}, {"отговорът", ANSWER},
    {"потому", REASON}, {"поэтому", THUS}, {"так", REASON}, {"худший", DENY}, {"это", IS | SUBJECT},
    {"я", FIRST | SUBJECT}, {"הוא", IS}, {"היא", IS}, {"התשובה", ANSWER}, {"תשובה", ANSWER}, {"أختار", OWN_CHOOSE},
    {"أنا", FIRST}, {"أو", JOINING}, {"إجابة", ANSWER}, {"إذا", DENY}, {"اجابة", ANSWER}, {"الإجابة", ANSWER},
    {"الاجابة", ANSWER}, {"الجواب", ANSWER}, {"الخيار", OPTION}, {"الصحيح", MIDDLE}, {"الصحيحة", MIDDLE},
    {"جواب", ANSWER}, {"خاطئة", DENY}, {"خطأ", DENY}, {"خيار", OPTION}, {"صحيح", MIDDLE}, {"لا", DENY},
    {"لا شيء", NONE}, {"لكن", CONTRAST}, {"ليس", DENY}, {"ليست", DENY}, {"هو", IS}, {"هي", IS}, {"و", JOINING},
    {"پاسخ", ANSWER}, {"अगर", DENY}, {"उत्तर", ANSWER}, {"और", JOINING}, {"कोई नहीं", NONE}, {"गलत", DENY},
    {"चुनता", OWN_CHOOSE}, {"चुनती", OWN_CHOOSE}, {"जवाब", ANSWER}, {"नहीं", DENY}, {"प्रश्न", QUESTION},
    {"मैं", FIRST}, {"यदि", DENY}, {"या", JOINING}, {"लेकिन", CONTRAST}, {"विकल्प", OPTION}, {"है", IS | REASON},
    {"हैं", REASON}, {"উত্তর", ANSWER}, {"ভুল", DENY}, {"பதில்", ANSWER}, {"விடை", ANSWER}, {"సమాధానం", ANSWER},
    {"ข้อ", OPTION}, {"คือ", IS}, {"ค\xE0\xB9\x8D\xE0\xB8\xB2" "ตอบ", ANSWER}, {"ฉัน", FIRST}, {"ตัวเลือก", OPTION},
    {"ผิด", DENY}, {"หรือ", JOINING}, {"แต่", CONTRAST}, {"และ", JOINING}, {"ไม่", DENY}, {"ありません", DENY},
    {"か", DENY}, {"が", IS}, {"しかし", CONTRAST}, {"じゃない", DENY}, {"それとも", JOINING}, {"である", REASON}, {"です", REASON},
    {"ではない", DENY}, {"と", JOINING}, {"ない", DENY}, {"なし", NONE}, {"は", IS}, {"または", JOINING},
    {"もし", DENY | DOUBT | LIMIT}, {"不", DENY}, {"不知道", NONE}, {"与", JOINING}, {"为", IS}, {"之外", DENY},
    {"也许", DOUBT | PERHAPS}, {"他", DOUBT}, {"他们", DOUBT}, {"以上都不", NONE}, {"以外", DENY}, {"但", CONTRAST},
    {"但是", CONTRAST}, {"其他", DENY}, {"其它", DENY}, {"別", DENY}, {"别", DENY}, {"勿", DENY}, {"危险", BAD}, {"危険", BAD},
    {"及", JOINING}, {"可以", DOUBT}, {"可能", DOUBT}, {"吗", DENY}, {"呢", DENY}, {"和", JOINING}, {"問題", QUESTION},
    {"回答", ANSWER}, {"因此", THUS | MUST}, {"多分", PERHAPS}, {"她", DOUBT}, {"如果", DENY | DOUBT | LIMIT}, {"字母", OPTION},
    {"就是", IS | IDENTITY}, {"应", MUST}, {"应为", IS}, {"应是", IS}, {"应该", MUST}, {"应该为", IS}, {"应该是", IS}, {"应该选", IS},
    {"应选", IS}, {"應", MUST}, {"應是", IS}, {"應為", IS}, {"應該", MUST}, {"應該是", IS}, {"我", FIRST}, {"我们", FIRST},
    {"我們", FIRST}, {"或", JOINING}, {"或者", JOINING}, {"或许", PERHAPS}, {"所以", THUS | MUST}, {"挑", CHOOSE},
    {"故", THUS | MUST}, {"无", NONE}, {"无法", NONE}, {"是", IS | COPULA}, {"是否", DENY}, {"最危险", BAD}, {"最合适", GOOD},
    {"最好", GOOD}, {"最好的", GOOD}, {"最安全", GOOD}, {"最安全的", GOOD}, {"最差", DENY}, {"有人", DOUBT}, {"本题", FIRST},
    {"正しい", GOOD}, {"正确", GOOD}, {"正确的", GOOD}, {"正确答案", GOOD}, {"正確", GOOD}, {"正確的", GOOD}, {"正解", ANSWER},
    {"沒", DENY}, {"没", DENY}, {"為", IS}, {"無", NONE}, {"無法", NONE}, {"用户", DOUBT}, {"私", FIRST}, {"答", ANSWER},
    {"答え", ANSWER}, {"答案", ANSWER}, {"與", JOINING}, {"若", DENY}, {"解答", ANSWER}, {"誤", DENY}, {"質問", QUESTION},
    {"质问", QUESTION}, {"还是", JOINING}, {"选", IS | FILLER | CHOOSE}, {"选择", CHOOSE}, {"选项", OPTION}, {"違", DENY},
    {"選", FILLER | CHOOSE}, {"選択肢", OPTION}, {"選擇", CHOOSE}, {"選項", OPTION}, {"還是", JOINING}, {"都不", NONE},
    {"錯", DENY}, {"錯誤", DENY}, {"错", DENY}, {"错误", DENY}, {"问题", QUESTION}, {"除外", DENY}, {"非", DENY},
    {"題目", QUESTION}, {"题目", QUESTION}, {"까", DENY}, {"나는", FIRST}, {"답", ANSWER}, {"답변", ANSWER}, {"답은", ANSWER},
    {"따라서", THUS}, {"또는", JOINING}, {"맞다", GOOD}, {"맞습니다", GOOD}, {"못", DENY}, {"문제", QUESTION}, {"보기", OPTION},
    {"선택지", OPTION}, {"아니", DENY}, {"아니고", DENY}, {"아니다", DENY}, {"아니면", JOINING}, {"아닌", DENY}, {"아님", DENY},
    {"아닙니다", DENY}, {"안", DENY}, {"않다", DENY}, {"않습니다", DENY}, {"없음", NONE}, {"오답", DENY}, {"위험", BAD}, {"위험한", BAD},
    {"이다", REASON}, {"입니다", REASON}, {"저는", FIRST}, {"정답", ANSWER}, {"정답은", ANSWER}, {"정답이", ANSWER},
    {"질문", QUESTION}, {"틀린", DENY}, {"하지만", CONTRAST}
};
/* clang-format on */

const size_t siuop_choice_lexicon_size = sizeof siuop_choice_lexicon / sizeof siuop_choice_lexicon[0];

size_t siuop_choice_lexicon_find(const char *word)
{
  size_t low = 0;
  size_t high = siuop_choice_lexicon_size;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(siuop_choice_lexicon[middle].text, word) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == siuop_choice_lexicon_size || strncmp(siuop_choice_lexicon[low].text, word, strlen(word)) != 0)
    return siuop_choice_lexicon_size;
  return low;
}
