prompt_template="{question}\n{option}\nThe letter:"
