"""Texts of a file as HTML with nothing in them live, and stretches of them marked."""

import html
from collections.abc import Sequence

from analytics.words import neutral


def marked_html(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the ``spans`` (start and end, ascending, none overlapping) between ``<mark>`` tags."""
    parts, done = [], 0
    for start, end in spans:
        parts += [_harmless(text[done:start]), f"<mark>{_harmless(text[start:end])}</mark>"]
        done = end
    return "".join([*parts, _harmless(text[done:])])


def _harmless(text: str) -> str:
    return html.escape(neutral(text))
