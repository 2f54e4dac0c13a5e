"""Sentence vectors, maps, search and clusters."""

from analytics.text.encoders import TextEncoder, load_encoder

__all__ = ["TextEncoder", "load_encoder"]
