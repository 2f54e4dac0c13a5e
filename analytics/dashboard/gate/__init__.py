"""The layer in front of every request: who may come in, under which name, with how much."""
