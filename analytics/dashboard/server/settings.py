"""What an owner may set by environment variable, each with its default and what it is for."""

import dataclasses
import os
from dataclasses import dataclass
from typing import Any

_PREFIX = "ZETASCOPE_"


@dataclass(frozen=True)
class Settings:
    """Limits and switches of one server; the fields' metadata is what the owner's page shows."""

    max_upload_mb: int = dataclasses.field(default=200, metadata={"help": "Largest file to read, in MB."})
    max_rows: int = dataclasses.field(default=2_000_000, metadata={"help": "Most rows of a file."})
    max_columns: int = dataclasses.field(default=10_000, metadata={"help": "Most columns of a file."})
    uploads_kept: int = dataclasses.field(
        default=3, metadata={"help": "Files a visitor can switch between; the oldest is let go."}
    )
    session_mb: int = dataclasses.field(
        default=600, metadata={"help": "Memory for one visitor's files together, in MB."}
    )
    reading_mb: int = dataclasses.field(
        default=4000,
        metadata={"help": "Memory for the process that reads one file, in MB; then it ends with a sentence."},
    )
    reading_seconds: int = dataclasses.field(
        default=120, metadata={"help": "Seconds that reading one file may take on the clock."}
    )
    reading_cpu_seconds: int = dataclasses.field(
        default=120, metadata={"help": "Seconds of processor time that reading one file may take."}
    )
    readings: int = dataclasses.field(
        default=2, metadata={"help": "Files that are read at the same time; later ones wait."}
    )
    heavy_jobs: int = dataclasses.field(
        default=1, metadata={"help": "Long jobs (maps, forests) that run at the same time on this server."}
    )
    queue_length: int = dataclasses.field(
        default=20, metadata={"help": "Long jobs that may wait; later ones are asked to come back."}
    )
    job_patience: float = dataclasses.field(
        default=0.3, metadata={"help": "Seconds a page waits for a job before it draws a progress bar."}
    )
    pages: str = dataclasses.field(
        default="", metadata={"help": "Names of the pages to show, with commas between; empty shows all."}
    )
    cache: bool = dataclasses.field(
        default=True, metadata={"help": "Keep text vectors on disk, so that the same text is encoded once."}
    )
    hub: bool = dataclasses.field(
        default=False, metadata={"help": "Let visitors load models from the Hugging Face Hub."}
    )
    warm_up: bool = dataclasses.field(
        default=True, metadata={"help": "Load models in the background after the first page."}
    )
    login: bool = dataclasses.field(
        default=False, metadata={"help": "Ask for a login with the provider in secrets.toml."}
    )


def read_settings() -> Settings:
    """Settings from ``ZETASCOPE_*`` variables; an unreadable value falls back to its default."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Settings):
        text = os.environ.get(variable(field.name))
        if text is not None:
            values[field.name] = _parsed(text, default=field.default)
    return Settings(**values)


def variable(name: str) -> str:
    """Name of the environment variable of a setting."""
    return f"{_PREFIX}{name.upper()}"


def _parsed(text: str, *, default: Any) -> Any:
    if isinstance(default, bool):
        return text.strip().lower() in {"1", "true", "on", "yes"}
    try:
        return type(default)(text)
    except ValueError:
        return default
