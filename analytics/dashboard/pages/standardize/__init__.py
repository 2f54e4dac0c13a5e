"""The Standardize page."""
