"""What kinds of values the columns of some records hold: for finding headers and notes, not for typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.records import Row

_DOMINANT = 0.75  # share of a column's cells of its kind; the rest says "none" in words or is mistyped


def column_groups(rows: Sequence[Row], width: int, *, most: int | None = None) -> list[str]:
    """What most filled cells of each column are, number, date, clock, span, moment, boolean, address or
    other; of the first ``most`` columns where that is given."""
    kinds = [row.groups if most is None else [group_of(value) for value in row.values[:most]] for row in rows]
    return list(map(dominant, zip(*kinds, strict=True))) or ["other"] * width


def dominant(groups: Sequence[str]) -> str:
    """What most filled cells are, "other" where no kind is that frequent."""
    if len(set(groups)) == 1:
        return "other" if groups[0] in ("empty", "missing") else groups[0]
    counts = Counter(groups)
    total = sum(count for group, count in counts.items() if group not in ("empty", "missing"))
    for group, count in counts.items():
        if group not in ("empty", "missing", "other") and count >= _DOMINANT * total:
            return group
    return "other"
