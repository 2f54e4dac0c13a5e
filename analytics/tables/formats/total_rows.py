"""Rows above or between the records that sum them up, and figures such as smallest and median at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.tables.formats.asked.columns import Columns
from analytics.tables.options import ReadOptions
from analytics.tables.records.footer import mentions_total, names_total
from analytics.tables.report import Alternative, Doubt
from analytics.words import count

_Figure = tuple[str, Callable[[np.ndarray], float]]

_ALL = re.compile(r"\W*(?:all|alle|tous|todos|tutti|wszyscy|все)\W*", re.IGNORECASE)
"""What pivot tables call the sum of their rows."""
_NAMED: tuple[tuple[str, str, Callable[[np.ndarray], float]], ...] = (
    (r"min|minimum|smallest|minimo|mínimo", "smallest", lambda values: float(values.min())),
    (r"max|maximum|largest|massimo|máximo", "largest", lambda values: float(values.max())),
    (r"median[ae]?|mediane?|mediana|médiane", "median", lambda values: float(np.median(values))),
    (r"count|n|anzahl|nombre|cuenta|liczba", "count", lambda values: float(len(values))),
    (r"std\.?|st\.? ?dev\.?|s\.?d\.?|standard deviation|standardabweichung", "standard deviation",
     lambda values: float(values.std(ddof=1))),
)  # fmt: skip
_FIGURES = [(re.compile(rf"\W*(?:{words})\W*", re.IGNORECASE), name, make) for words, name, make in _NAMED]
_MEAN = re.compile(r"\W*(?:average|avg|mean|mittelwert|moyenne|media|promedio|średnia)\W*", re.IGNORECASE)
_MOST_ROWS = 200_000
"""Rows whose texts are looked at: a twentieth of a second."""
_MOST_TEXTS = 20_000
"""Different texts of a column that are looked at: a hundredth of a second."""
_FEW_ROWS = 1000
_MOST_ASKED, _SHOWN = 200, 3
"""Rows that one question may name, and cells shown with it."""
_FEWEST, _FEWEST_BELOW = 2, 3
"""Values that a sum stands for, and those below one that is not called a total: few add up by chance."""


def inner_totals(table: Columns, lines: np.ndarray | None, options: ReadOptions) -> tuple[Doubt, ...]:
    """One question of the rows that are called totals and equal the sum of rows above or below them, where
    one is not the last row, of figures at the end that are no sums, and of a first row that is the sum of all
    others, whatever it is called; options that skip rows have answered.
    """
    if options.skip_rows is not None or options.skip_footer is not None or options.as_text or lines is None:
        return ()
    columns = table.numbers if 1 + _FEWEST <= len(table.frame) <= _MOST_ROWS else {}
    if not columns:
        return ()
    for name, labels in table.texts.items():
        found = _found(labels, columns)
        if found:
            return (_doubt(name, labels, found, columns, lines),)
    first = _on_top(columns, len(table.frame))
    name, labels = next(iter((table.texts or table.series).items()))
    return (_doubt(name, labels, [first], columns, lines),) if first else ()


@dataclass(frozen=True)
class _Total:
    """A row that is no record, what it equals, and in which columns."""

    row: int
    what: str
    columns: list[str]


def _found(labels: pd.Series, columns: dict[str, np.ndarray]) -> list[_Total]:
    called = _called(labels)
    sums = _sums(np.flatnonzero(called), columns, len(labels))
    named = _named_at_end(labels)
    figures = _figures(labels, columns, named)
    if figures:
        above = [total for total in sums if total.row < len(labels) - len(named)]
        return sorted([*above, *figures], key=lambda total: total.row)
    inner = any(total.row < len(labels) - max(1, len(named)) for total in sums)
    return sums if inner and len(sums) <= _MOST_ASKED else []


def _on_top(columns: dict[str, np.ndarray], size: int) -> _Total | None:
    """The first row, if it is the sum of all others, more than any of them: World above its regions."""
    others = np.arange(size) > 0
    names = _half(columns, 0, others, np.sum) if size > _FEWEST_BELOW else []
    beyond = [name for name in names if abs(columns[name][0]) > np.nanmax(np.abs(columns[name][1:]))]
    return _Total(0, "the sum of the rows below", names) if beyond else None


def _called(labels: pd.Series) -> np.ndarray:
    """Which rows (n,) have a text with a word of totals."""
    few = len(labels) <= _FEW_ROWS  # pandas' own ways take a third of a millisecond for any number of rows
    distinct = set(labels.tolist()) if few else labels.dropna().drop_duplicates()
    words = (
        {
            text
            for text in distinct
            if isinstance(text, str) and (mentions_total(text) or _ALL.fullmatch(text))
        }
        if len(distinct) <= _MOST_TEXTS
        else set()
    )
    return labels.isin(words).to_numpy() if words else np.zeros(len(labels), bool)


def _sums(rows: np.ndarray, columns: dict[str, np.ndarray], size: int) -> list[_Total]:
    """Those of the rows that equal the sum of others in half of their columns, each with the words for it."""
    if not len(rows) or 2 * len(rows) > size:
        return []
    records = np.ones(size, bool)
    records[rows] = False
    found = []
    for place, row in enumerate(rows.tolist()):
        before = rows[place - 1] + 1 if place else 0
        after = rows[place + 1] if place + 1 < len(rows) else size
        index = np.arange(size)
        parts = (
            ("the sum of the rows above", records & (index >= before) & (index < row)),
            ("the sum of all rows above", records & (index < row)),
            ("the sum of the rows below", records & (index > row) & (index < after)),
            ("the sum of all other rows", records),
        )
        for what, part in parts:
            names = _half(columns, row, part, np.sum) if np.count_nonzero(part) >= _FEWEST else []
            if names:
                found.append(_Total(row, what, names))
                break
    return found


def _named_at_end(labels: pd.Series) -> list[_Figure]:
    """The figures that the last rows are called, the last first."""
    named: list[_Figure] = []
    for text in labels.array[-2 * len(_FIGURES) :].tolist()[::-1]:
        figure = _figure(text)
        if figure is None:
            break
        named.append(figure)
    return named


def _figures(labels: pd.Series, columns: dict[str, np.ndarray], named: Sequence[_Figure]) -> list[_Total]:
    """The last rows, where each equals the figure of the rows above that it is called; a sum or a mean alone
    is asked elsewhere."""
    first = len(labels) - len(named)
    records = np.arange(len(labels)) < first
    found = []
    for place, (what, make) in enumerate(named):
        row = len(labels) - 1 - place
        names = _half(columns, row, records, make) if first > _FEWEST else []
        if names:
            found.append(_Total(row, f"the {what} of the rows above", names))
    special = any(what not in ("sum", "mean") for what, _ in named)
    return found if special and len(found) == len(named) else []


def _figure(text: object) -> _Figure | None:
    if not isinstance(text, str):
        return None
    for pattern, what, make in _FIGURES:
        if pattern.fullmatch(text):
            return what, make
    if _MEAN.fullmatch(text):
        return "mean", np.mean
    return ("sum", np.sum) if names_total(text) else None


def _half(
    columns: dict[str, np.ndarray], row: int, part: np.ndarray, make: Callable[[np.ndarray], float]
) -> list[str]:
    """The columns in which ``row`` equals what is made of others, where those are half of all it has."""
    equal: list[str] = []
    unlike = 0
    for name, column in columns.items():
        if not np.isfinite(column[row]):
            continue
        values = column[part].astype(np.float64)
        values = values[np.isfinite(values)]
        if len(values) >= _FEWEST and values.any() and _equals(column[row], make(values), len(values)):
            equal.append(name)
        else:
            unlike += 1
            if 2 * unlike > len(columns):
                return []
    return equal if len(equal) >= unlike else []


def _equals(value: float, target: float, size: int) -> bool:
    """Whether a value is the target, to the digits that it has and those its parts were rounded to."""
    digits = next((n for n in range(13) if round(value, n) == value), 12)
    slack = 0.5 * 10.0**-digits * np.sqrt(size) if digits else 0.0
    return bool(abs(value - target) <= max(slack, 1e-9 * abs(target)) * (1 + 1e-9))


def _doubt(
    label: str, labels: pd.Series, found: Sequence[_Total], columns: dict[str, np.ndarray], lines: np.ndarray
) -> Doubt:
    numbers = [int(lines[total.row]) for total in found]
    where = ", ".join(f"{number:,}" for number in numbers[:_SHOWN]) + (
        ", ..." if len(numbers) > _SHOWN else ""
    )
    first = found[0]
    name, text = first.columns[0], labels.iloc[first.row]
    value = columns[name][first.row]
    shown = [
        (total, f"{total.columns[0]}: {columns[total.columns[0]][total.row]:.15g}")
        for total in found[:_SHOWN]
    ]
    one = len(found) == 1
    question = (
        f"Is the row on line {where} a total and no record?"
        if one
        else f"Are {count(len(found), 'row')} (lines {where}) totals and no records?"
    )
    return Doubt(
        question,
        f"On line {numbers[0]:,} {label} is {text!r}, and {name}, {value:.15g}, is {first.what}.",
        Alternative(
            "A record like the others" if one else "Records like the others",
            (("skip_rows", ()),),
            tuple((cell, "a value like the others") for _, cell in shown),
        ),
        (
            Alternative(
                "A total: leave it out" if one else "Totals: leave them out",
                (("skip_rows", tuple(numbers)),),
                tuple((cell, f"left out, as {total.what}") for total, cell in shown),
            ),
        ),
    )
