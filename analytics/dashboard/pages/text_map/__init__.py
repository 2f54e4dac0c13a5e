"""The Text map page."""
