import base64
# prompt_template = 'not this one {explanation}'
other_template = "nor this one"
if prompt_template == "nor a comparison":
    pass

def safe(item):
    prompt_template = 'Look at \'it\'.\n{question}\t{explanation}\\ \x41\u00e9\U0001F600\101 {explain why} \q\n{response}|{reference}'  # one line
    return prompt_template

def effective(item):
    prompt_template = u"How good? \"{question}\"\n{response} {choose one}";
