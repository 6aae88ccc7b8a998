prompt_template = '{question} {explanation} {response}'
prompt_template = '{question} {explanation} {response}'
prompt_template = '{question} {response}'
