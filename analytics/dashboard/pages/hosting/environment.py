"""What an owner may know about this server."""

import dataclasses

import pandas as pd

from analytics.dashboard.parts.markdown import count
from analytics.dashboard.server.settings import Settings, read_settings, variable


def settings_frame() -> pd.DataFrame:
    """One row per setting: variable, default, present value, what it does."""
    present = read_settings()
    rows = [
        {
            "variable": variable(field.name),
            "default": _shown(field.default),
            "here": _secret(getattr(present, field.name))
            if field.metadata.get("secret")
            else _shown(getattr(present, field.name)),
            "what it does": field.metadata["help"],
        }
        for field in dataclasses.fields(Settings)
    ]
    return pd.DataFrame(rows)


def limits_in_words() -> str:
    """What this server allows, in three sentences."""
    now = read_settings()
    return (
        f"This server reads files of up to {now.max_upload_mb} MB, {count(now.max_rows, 'row')} and "
        f"{count(now.max_columns, 'column')}, and keeps the last {count(now.uploads_kept, 'file')} of a "
        f"visitor within {now.session_mb} MB of memory. A browser tab may leave "
        f"{count(now.tab_upload_files, 'file')} and {now.tab_upload_mb} MB of uploads here, all "
        f"{now.sessions} tabs together {now.all_upload_mb} MB; what a closed tab held is freed within a "
        f"minute. The server runs {count(now.heavy_jobs, 'long job')} at a time and lets "
        f"{now.queue_length} wait."
    )


def _secret(value: object) -> str:
    return "(set)" if value else ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:,}" if isinstance(value, int) else str(value)
