prompt_template = '{question} {explanation} {response}'
prompt_template = '\ud800 {response}'
