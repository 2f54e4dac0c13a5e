"""Decoder-only models: a prompt goes in, the model writes on, and every number of it is kept."""
