"""What a reader looks for: texts by meaning and words, near duplicates, texts unlike any other."""
