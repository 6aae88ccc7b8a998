prompt_template = '{question} {explanation}'
prompt_template = '{question} {response}'
