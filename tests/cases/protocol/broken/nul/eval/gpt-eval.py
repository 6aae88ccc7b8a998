prompt_template = '{question} {explanation} {response}'
prompt_template = '\0 {response}'
