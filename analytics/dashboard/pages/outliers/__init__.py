"""The Outliers page."""
