"""Sentence vectors, maps, search and clusters."""
