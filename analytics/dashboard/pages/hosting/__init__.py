"""The Hosting page."""
