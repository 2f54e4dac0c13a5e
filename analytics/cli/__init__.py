"""The command line: the same functions without a browser."""

from analytics.cli.commands import app, main

__all__ = ["app", "main"]
