prompt_template = '{question} {explanation} {response}'
prompt_template = Rb'{response}'
