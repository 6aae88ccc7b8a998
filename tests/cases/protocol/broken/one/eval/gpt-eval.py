prompt_template = '{question} {explanation} {response}'
