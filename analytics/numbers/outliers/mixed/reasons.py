"""Why a mixed row is unusual, in words: each feature, combination or order that adds to its score."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.mixed.features import Feature
from analytics.numbers.outliers.mixed.order import OutOfOrder
from analytics.numbers.outliers.mixed.pairs import expected_rows
from analytics.numbers.outliers.mixed.scoring import USUAL, MixedScores
from analytics.words import count, number_text

_WIDTH = 40  # characters of a value in a sentence
_MIDNIGHT = 86_400


@dataclass(frozen=True)
class MixedReason:
    """What one part adds to a row's score, and the words for it."""

    columns: tuple[Label, ...]
    amount: float
    sentence: str


def mixed_reasons(found: MixedScores, row: int) -> tuple[MixedReason, ...]:
    """What adds to the score of a row (position), the largest part first."""
    return tuple(sorted(_reasons(found, row), key=lambda reason: -reason.amount))


def _reasons(found: MixedScores, row: int) -> Iterator[MixedReason]:
    for feature in found.features:
        level = int(feature.codes[row])
        if level >= 0 and feature.terms[level] > USUAL:
            yield MixedReason(
                (feature.column,), float(feature.terms[level] - USUAL), _feature_words(feature, level)
            )
    if found.pair_terms[row] > USUAL:
        yield _pair(found, row)
    for order in found.orders:
        if (order.rows == row).any():
            yield MixedReason(
                (order.column,) if order.other is None else (order.column, order.other),
                order.term,
                _order_words(order),
            )


def _feature_words(feature: Feature, level: int) -> str:
    rows, total = int(feature.counts[level]), int(feature.counts.sum())
    name, value = feature.column, feature.values[level]
    if feature.kind == "value":
        return f"{name} is {_text(value)} in {count(rows, 'row')} of {total:,}"
    if feature.kind == "characters":
        return (
            f"{name} is written {_text(value)}, as {count(rows, 'row')} of {total:,}; most are "
            f"{_text(feature.high)}"
        )
    low, high = (float(end) for end in (feature.low, feature.high))  # type: ignore[arg-type]
    typical = f"typical {_amount(feature, low)} to {_amount(feature, high)}"
    if feature.kind == "length":
        return f"{name} has {count(int(value), 'character')} ({typical})"
    after, before = ("late", "early") if feature.kind == "date" else ("high", "low")
    return f"{name} {_amount(feature, float(value))} is {after if value > high else before} ({typical})"


def _amount(feature: Feature, value: float) -> str:
    if feature.kind != "date":
        return number_text(value)
    return _day(value)


def _day(seconds: float) -> str:
    """A point in time; the day alone where it is midnight."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return f"{seconds:.0f} s"
    return f"{moment:%Y-%m-%d}" if seconds % _MIDNIGHT == 0 else f"{moment:%Y-%m-%d %H:%M}"


def _pair(found: MixedScores, row: int) -> MixedReason:
    a, b = (found.features[place] for place in found.pairs[int(found.pair_of[row])])
    cells = [np.append(feature.cells, -1)[feature.codes] for feature in (a, b)]  # type: ignore[arg-type]
    rows, expected = expected_rows(cells[0], cells[1], int(cells[0][row]), int(cells[1][row]))
    sentence = (
        f"{_cell_words(a, row, cells[0])} together with {_cell_words(b, row, cells[1])}: "
        f"{count(rows, 'row')}, where {number_text(round(expected))} would be expected"
    )
    return MixedReason((a.column, b.column), float(found.pair_terms[row] - USUAL), sentence)


def _cell_words(feature: Feature, row: int, cells: np.ndarray) -> str:
    value = feature.values[feature.codes[row]]
    if feature.kind == "value":
        return f"{feature.column} {_text(value)}"
    own = np.flatnonzero(feature.cells == cells[row])
    low, high = float(feature.values[own[0]]), float(feature.values[own[-1]])
    between = f", among {_amount(feature, low)} to {_amount(feature, high)}" if high > low else ""
    return f"{feature.column} {_amount(feature, float(value))}{between}"


def _order_words(order: OutOfOrder) -> str:
    if order.other is not None:
        return f"{order.column} comes before {order.other}"
    return f"{order.column} is out of order: the rows around it {'fall' if order.downward else 'rise'}"


def _text(value: object) -> str:
    told = str(value) if not isinstance(value, pd.Timestamp) else str(value.date())
    told = " ".join(told.split())
    return repr(told if len(told) <= _WIDTH else told[: _WIDTH - 1] + "…")
