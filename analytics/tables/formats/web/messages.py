"""The pages within a saved web page (MHTML), which is a MIME message whose parts and headers are bounded."""

from __future__ import annotations

import email
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from analytics.tables.errors import TableError

MOST_PARTS = 10_000
"""A page with all its images has some hundreds; each part takes as long as a kilobyte of text."""
MOST_HEADER = 1_000
"""Characters of a header that is taken apart, which takes time with the square of them."""
_TAKEN_APART = ("content-type", "content-transfer-encoding")


class _Bounded(EmailPolicy):
    """Python's own reading of messages, but for headers without end."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        if name.lower().strip() in _TAKEN_APART and len(value) > MOST_HEADER:
            raise TableError(
                f"The MHTML file is damaged: its header {name.strip()} has {len(value):,} characters; at "
                f"most {MOST_HEADER:,} are read."
            )
        return name, value


def pages_of_message(data: bytes) -> list[str]:
    """The texts of all parts that are HTML.

    Raises:
        TableError: the message is damaged, or has too many parts.
    """
    made = 0

    def part_of(*given: Any, **named: Any) -> EmailMessage:
        nonlocal made
        made += 1
        if made > MOST_PARTS:
            raise TableError(
                f"The MHTML file has more than {MOST_PARTS:,} parts; save the table itself as CSV or Excel."
            )
        return EmailMessage(*given, **named)

    try:
        message = email.message_from_bytes(data, policy=_Bounded(message_factory=part_of))
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        return [str(part.get_content(errors="replace")) for part in parts]  # type: ignore[attr-defined]
    except TableError:
        raise
    except (ValueError, LookupError, RecursionError, AttributeError, KeyError, TypeError) as problem:
        raise TableError(f"The MHTML file is damaged: {problem}.") from problem
