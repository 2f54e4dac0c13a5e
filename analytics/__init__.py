"""Zetascope: standard scores, outliers, text maps and Transformer walks from a CSV file."""
