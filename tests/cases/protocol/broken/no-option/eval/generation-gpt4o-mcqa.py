prompt_template = '{question}'
