"""Zetascope: standard scores, outliers, text maps and Transformer walks from a CSV file."""

__version__ = "0.1.0"
