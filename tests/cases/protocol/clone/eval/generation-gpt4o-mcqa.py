prompt_template: str ="{question}\n{option}\nThe letter:"
