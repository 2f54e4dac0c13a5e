"""The Scaling effects page."""
