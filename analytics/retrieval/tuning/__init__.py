"""Retrieve or fine-tune: ways of classifying texts, compared on the same splits with their cost."""
