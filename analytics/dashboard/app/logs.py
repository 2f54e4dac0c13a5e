"""Logs that say where something failed, but not on which content.

The message of an exception often quotes the value that caused it (``could not convert 'Ada, 12 May'``), and
a log must not hold what visitors uploaded. Every record keeps its traceback, without exception messages.
"""

import logging
import traceback
from typing import Any


def keep_content_out() -> None:
    """Install once per process; later calls change nothing."""
    original = logging.getLogRecordFactory()
    if getattr(original, "keeps_content_out", False):
        return

    def make(*arguments: Any, **settings: Any) -> logging.LogRecord:
        record = original(*arguments, **settings)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = without_messages(record.exc_info[1])
        return record

    make.keeps_content_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make)


def without_messages(error: BaseException) -> str:
    """The traceback of ``error`` and of what caused it, naming types only."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    shown = f"{without_messages(before)}\n\nThen:\n\n" if before is not None else ""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{shown}{frames}{type(error).__module__}.{type(error).__qualname__}"
