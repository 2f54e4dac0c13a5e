"""A README as the Hub reads it: facts between lines of three dashes, then paragraphs.

Names and notes in it come from visitors' files, so a title cannot end the facts or add to them, and no word
has power as markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

_LONGEST = 1_000  # letters of a line from a file: a card is read, not searched
_MARKUP = "\\`*_[]<>#|!~$"


def readme(facts: Mapping[str, object], lines: Iterable[str]) -> str:
    """The whole file; ``lines`` are Markdown, where what comes from a file went through ``one_line``."""
    # JSON values are YAML too, as long as no letter stands there as two halves of UTF-16.
    matter = [f"{key}: {json.dumps(_tidied(value), ensure_ascii=False)}" for key, value in facts.items()]
    return "\n".join(["---", *matter, "---", "", *lines, ""])


def one_line(text: str) -> str:
    """Words of a file on one line, without power as markup."""
    shown = _printed(text)[:_LONGEST]
    return "".join(f"\\{sign}" if sign in _MARKUP else sign for sign in shown)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table; each cell went through ``one_line``."""
    return [_row(titles), _row(["---"] * len(titles)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _tidied(value: object) -> object:
    if isinstance(value, str):
        return _printed(value)
    if isinstance(value, Mapping):
        return {key: _tidied(one) for key, one in value.items()}
    return [_tidied(one) for one in value] if isinstance(value, (list, tuple)) else value


def _printed(text: str) -> str:
    """Without line ends, control characters and halves of letters, which YAML refuses."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
