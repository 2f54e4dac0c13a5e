"""Cells that are dates and times: how they are written, in which order, and what they leave open."""
