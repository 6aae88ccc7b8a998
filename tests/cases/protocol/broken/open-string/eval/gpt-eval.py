prompt_template = '{explanation}
prompt_template = '{question} {response}'
