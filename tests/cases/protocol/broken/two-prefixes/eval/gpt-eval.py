prompt_template = '{question} {explanation} {response}'
prompt_template = ur'{response}'
