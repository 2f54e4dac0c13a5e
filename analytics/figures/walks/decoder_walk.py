"""Pictures of the decoder walk: candidates, where it looked, and sampling. All are SVG with texts escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, takewhile

import numpy as np

from analytics.figures import theme
from analytics.figures.walks.bars import Series, bars, end_to_end

_LONGEST_LINE = 30
"""Pieces drawn end to end; what is left is one grey part."""


def candidates(
    probabilities: Sequence[float],
    names: Sequence[str],
    *,
    rest: float,
    others: int,
    chosen: int | None,
    alt: str,
) -> str:
    """The most probable next pieces and, in grey, all the others together; the chosen one is solid."""
    faint = frozenset(range(len(names))) - {chosen}
    series = Series("", probabilities, theme.ACCENT, faint)
    return bars([*names, f"{others:,} others"], [series], alt=alt, rest=rest)


def looked(values: Mapping[str, np.ndarray], tokens: Sequence[str], *, alt: str) -> str:
    """Shares over the source pieces (T,), one colour per measure."""
    return bars(tokens, _coloured(values), alt=alt)


def sampling_stages(
    stages: Mapping[str, np.ndarray], names: Sequence[str], *, drawn: int | None, alt: str
) -> str:
    """The same pieces under every stage of sampling, bars below each other; ``drawn`` marks one by a star."""
    starred = [f"★ {name}" if place == drawn else name for place, name in enumerate(names)]
    return bars(starred, _coloured(stages), alt=alt)


def _coloured(values: Mapping[str, np.ndarray]) -> list[Series]:
    return [
        Series(name, row.tolist(), theme.colour_of(index)) for index, (name, row) in enumerate(values.items())
    ]


def draw_line(final: np.ndarray, names: Mapping[int, str], *, point: float, alt: str) -> str:
    """The kept pieces end to end in falling order, as wide as probable, and the drawn point on the line."""
    order = np.argsort(-final, kind="stable")
    shown = takewhile(lambda one: one in names, (int(one) for one in order if final[one] > 0))
    pieces = [(names[one], float(final[one])) for one in islice(shown, _LONGEST_LINE)]
    return end_to_end(
        pieces, point=point, alt=alt, axis="the kept pieces end to end; the line is the drawn point"
    )
