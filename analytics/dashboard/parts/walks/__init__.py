"""Pieces that the pages of Transformer walks share."""
