"""Which columns of a table are most likely its texts and their labels."""

from collections.abc import Mapping

import pandas as pd

from analytics.retrieval.tuning.labelled import MOST_LABELS

_NAMES = (
    "label",
    "class",
    "category",
    "intent",
    "topic",
    "sentiment",
    "tag",
    "target",
    "type",
    "kind",
    "group",
)
_LEAST_EACH = 2
_FIRST = 2_000  # rows that are enough to see whether values repeat


def likely_text_columns(frame: pd.DataFrame, roles: Mapping[str, str]) -> list[str]:
    """Columns that can hold texts, the likeliest first; ``roles``: the kind of each column.

    Sentences first, then what can look like names of things; of either the longest first, so that a title
    stands behind its text.
    """
    kinds = {name: roles.get(name) for name in frame.columns}
    found = [name for name, kind in kinds.items() if kind in ("text", "category", "identifier")]
    lengths = {name: frame[name].head(_FIRST).astype("string").str.len().mean() for name in found}
    return sorted(
        found,
        key=lambda name: (kinds[name] != "text", -float(lengths[name] if pd.notna(lengths[name]) else 0)),
    )


def likely_label_columns(frame: pd.DataFrame, roles: Mapping[str, str], *, text: str) -> list[str]:
    """All columns but the text, the likeliest labels first: named as such, of few values that repeat."""
    others = [name for name in frame.columns if name != text]
    scores = {name: _score(frame[name].head(_FIRST), name, roles.get(name, "")) for name in others}
    return sorted(others, key=lambda name: -scores[name])


def _score(column: pd.Series, name: str, kind: str) -> float:
    values = column.dropna().astype("string").str.strip()
    values = values[values != ""]
    distinct = values.nunique()
    repeated = 2 <= distinct <= MOST_LABELS and len(values) >= _LEAST_EACH * distinct
    named = any(part in str(name).lower() for part in _NAMES)
    return 4 * repeated * (kind == "category") + 2 * repeated + named
