prompt_template = '{question} {explanation} {response}'
prompt_template += ' Be strict.'
prompt_template = '{response}'
