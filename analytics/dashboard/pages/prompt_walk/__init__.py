"""The Prompt page: how a decoder-only model writes on."""
