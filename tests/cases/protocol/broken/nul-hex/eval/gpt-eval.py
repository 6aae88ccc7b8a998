prompt_template = '{question} {explanation} {response}'
prompt_template = '\x00 {response}'
