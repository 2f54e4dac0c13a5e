"""Plotly figures: results in, figure out."""
