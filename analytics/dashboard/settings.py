"""What an owner may set by environment variable, each with its default."""

import os
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Settings:
    """Limits and switches of one server; sizes in MB, times in seconds."""

    max_upload_mb: int = 200
    max_rows: int = 2_000_000
    max_columns: int = 10_000
    uploads_kept: int = 3
    heavy_jobs: int = 1
    job_patience: float = 0.4
    warm_up: bool = True
    hub: bool = False


def read_settings() -> Settings:
    """Settings from ``ZETASCOPE_*`` variables; an unreadable value falls back to its default."""
    values: dict[str, Any] = {}
    for name, kind in Settings.__annotations__.items():
        text = os.environ.get(f"ZETASCOPE_{name.upper()}")
        if text is not None:
            values[name] = _parsed(text, kind, default=getattr(Settings, name))
    return Settings(**values)


def _parsed(text: str, kind: type, *, default: float | bool) -> float | bool:
    if kind is bool:
        return text.strip().lower() in {"1", "true", "on", "yes"}
    try:
        return float(text) if kind is float else int(text)
    except ValueError:
        return default
