"""The Decoder page."""
