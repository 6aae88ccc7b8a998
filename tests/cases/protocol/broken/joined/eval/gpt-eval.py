prompt_template = '{question} {explanation} {response}'
prompt_template = '{response}' 'and more'
