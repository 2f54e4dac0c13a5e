"""Recorded and recomputed passes through Transformers."""
