"""Texts as they are: their languages, what is no text in them, and long ones by passages."""
