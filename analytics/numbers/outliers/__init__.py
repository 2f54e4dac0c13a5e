"""Unusual rows: scores, thresholds, reasons and decisions."""
