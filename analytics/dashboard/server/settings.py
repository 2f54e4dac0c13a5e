"""What an owner may set by environment variable, each with its default and what it is for.

This is the only reader, whichever way the server is started. What it cannot read stops the start: a login
that somebody asked for in other words must not end as a server without one.
"""

import dataclasses
import difflib
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.errors import ZetascopeError

_PREFIX = "ZETASCOPE_"
_SWITCH = {
    **dict.fromkeys(("on", "true", "yes", "1"), True),
    **dict.fromkeys(("off", "false", "no", "0"), False),
}
_MOST = 1_000_000_000
"""Beyond any memory, row count or waiting time; above it lie numbers that timers and sizes cannot hold."""
_ALIKE = 0.75
"""``LOGIN_ON`` and ``LOGIN`` are so alike; variables of other programs with our prefix are less alike."""
_DOOR = frozenset(
    "LOGIN LOGON SIGNIN ALLOW AUTH AUTHENTICATION OAUTH OIDC SSO PASSWORD PASSWORDS PRIVATE".split()
)
"""Words of who wants a closed door, in whatever name: such a name must not be passed over."""
_LONGEST_NUMBER = 20
"""Digits; ``_MOST`` has 10, and Python refuses to read thousands."""


class SettingsError(ZetascopeError):
    """A setting that cannot be read."""


@dataclass(frozen=True)
class Settings:
    """Limits and switches of one server; the fields' metadata is what the owner's page shows."""

    llm_url: str = dataclasses.field(
        default="",
        metadata={
            "help": "An endpoint that speaks OpenAI's protocol, as http://localhost:11434/v1: the Ask page "
            "then offers written answers, and sends question and passages there. Empty: nothing is sent."
        },
    )
    llm_model: str = dataclasses.field(default="", metadata={"help": "The endpoint's model that writes."})
    llm_key: str = dataclasses.field(
        default="",
        metadata={"help": "The endpoint's key, where it asks for one; shown nowhere.", "secret": True},
    )
    llm_folder: str = dataclasses.field(
        default="",
        metadata={
            "help": "A folder with a transformers language model (safetensors; no code of it is run): it "
            "writes the Ask page's answers on this machine, where no endpoint is named."
        },
    )
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
    open_project: str = dataclasses.field(
        default="",
        metadata={"help": "Path of a project that every visitor finds open; zetascope open sets it."},
    )
    pages: str = dataclasses.field(
        default="", metadata={"help": "Names of the pages to show, with commas between; empty shows all."}
    )
    cache: bool = dataclasses.field(
        default=True, metadata={"help": "Keep text vectors on disk, so that the same text is encoded once."}
    )
    causal_models: str = dataclasses.field(
        default="",
        metadata={
            "help": "Folder of decoder-only models (GPT-2, Llama and their kind), each in a folder of its "
            "own: the Prompt page then lets them write. It is read at the server's start."
        },
    )
    hub: bool = dataclasses.field(
        default=False,
        metadata={"help": "Let visitors open models and data of the Hugging Face Hub, and publish there."},
    )
    hub_mb: int = dataclasses.field(
        default=5_000,
        metadata={"help": "Disk that files of the Hub may take here, in MB; the least used are let go."},
    )
    warm_up: bool = dataclasses.field(
        default=True, metadata={"help": "Load models in the background after the first page."}
    )
    login: bool = dataclasses.field(
        default=False, metadata={"help": "Ask for a login with the provider in secrets.toml."}
    )
    allow: str = dataclasses.field(
        default="",
        metadata={
            "help": "Who a login lets in: addresses and domains, with commas between; * is every account of "
            "the provider, empty nobody."
        },
    )
    hosts: str = dataclasses.field(
        default="",
        metadata={
            "help": "Names this server is reached under, with commas between, *.example.org for all below; "
            "localhost, IP addresses, its Space and the login's own address always count. * is any name."
        },
    )
    frames: str = dataclasses.field(
        default="",
        metadata={
            "help": "Sites that may show it in a frame, as https://example.org, with spaces between; in a "
            "Space Hugging Face may. * is any site."
        },
    )
    sessions: int = dataclasses.field(
        default=200,
        metadata={"help": "Browser tabs open at the same time; later ones are asked to come back."},
    )
    tab_upload_mb: int = dataclasses.field(
        default=600,
        metadata={"help": "Uploads one browser tab may have on the server, in MB; one file always fits."},
    )
    tab_upload_files: int = dataclasses.field(
        default=20, metadata={"help": "Files that one browser tab may have on the server."}
    )
    all_upload_mb: int = dataclasses.field(
        default=2000, metadata={"help": "Uploads of all browser tabs together, in MB."}
    )
    all_upload_files: int = dataclasses.field(
        default=1000, metadata={"help": "Files of all browser tabs together."}
    )

    @property
    def shown(self) -> frozenset[str]:
        """Names of the pages to show; empty: all."""
        return frozenset(name.strip() for name in self.pages.split(",") if name.strip())


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``ZETASCOPE_*`` variables; raises SettingsError for what is misspelled or unreadable."""
    given = os.environ if environment is None else environment
    _no_misspelled_names(given)
    values = {
        field.name: _parsed(variable(field.name), given[variable(field.name)], default=field.default)
        for field in dataclasses.fields(Settings)
        if variable(field.name) in given
    }
    return Settings(**values)


def variable(name: str) -> str:
    """Name of the environment variable of a setting."""
    return f"{_PREFIX}{name.upper()}"


def _no_misspelled_names(given: Mapping[str, str]) -> None:
    known = [variable(field.name) for field in dataclasses.fields(Settings)]
    for name in given:
        words = re.split(r"[^A-Z0-9]+", name.upper())
        if name in known or not "_".join(words).lstrip("_").startswith(_PREFIX.rstrip("_")):
            continue
        own = "_".join(words).lstrip("_").removeprefix(_PREFIX.rstrip("_")).strip("_")
        meant = difflib.get_close_matches(own, [k.removeprefix(_PREFIX) for k in known], n=1, cutoff=_ALIKE)
        if meant:
            raise SettingsError(f"There is no setting {name}: write {_PREFIX}{meant[0]}, or remove it.")
        if not _DOOR.isdisjoint(own.split("_")):
            raise SettingsError(
                f"There is no setting {name}: who may come in is said by {variable('login')} and "
                f"{variable('allow')}; write these, or remove it."
            )


def _parsed(name: str, text: str, *, default: Any) -> Any:
    if isinstance(default, bool):
        return _switch(name, text.strip())
    if isinstance(default, int):
        return _count(name, text.strip())
    return _seconds(name, text.strip()) if isinstance(default, float) else text.strip()


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise SettingsError(f"{name} is {text!r}: write on or off.")
    return _SWITCH[text.lower()]


def _count(name: str, text: str) -> int:
    readable = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    if not readable or not 1 <= int(text) <= _MOST:
        raise SettingsError(f"{name} is {text!r}: write a whole number from 1 to {_MOST:,}.")
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= _MOST:  # false for nan too
        raise SettingsError(f"{name} is {text!r}: write a number above 0, such as 0.3.")
    return value
