"""The packaged English-French Transformer: loading, vocabulary, and the script that trained it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Imported on first use: torch and transformers take seconds to load.
_HOMES = {"Translator": "loading", "load_translator": "loading"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
