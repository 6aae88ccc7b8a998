prompt_template = '{question} {explanation} {response}'
prompt_template = '\N{DASH} {response}'
