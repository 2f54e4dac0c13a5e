"""Numbers and dates that stand for a missing value: -999, 9999.9, 9999-12-31, what formats fill gaps with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.tables.formats.asked.columns import Columns
from analytics.tables.options import ReadOptions
from analytics.tables.report import Alternative, Doubt
from analytics.tables.typed.cells import NA_TOKENS
from analytics.words import count

_ENDS = (0.0, 0.9, 0.99)
_REPEATED = [digits + end for digits in (99.0, 999.0, 9999.0, 99999.0, 999999.0) for end in _ENDS]
_OTHERS = [float(digit * times) for digit in "78" for times in (2, 3, 4)]
_FILLS = [
    32767.0, 65535.0, 2147483647.0, 4294967295.0, 1e20, 1e30, 1e36, 1e37, 9.96921e36, 9.969209968386869e36,
    3.4028234663852886e38, 3.40282347e38, 1.7976931348623157e308,
]  # fmt: skip
"""The largest of each kind of number, and what NetCDF and models of the weather write where nothing is."""
_ABOVE = frozenset(_REPEATED + _FILLS)
_BELOW = frozenset([-value for value in [9.0, *_REPEATED, *_FILLS]] + [-32768.0, -2147483648.0])
_BESIDE = frozenset([*_OTHERS, *(float(value) for value in (96, 97, 98, 997, 998, 9997, 9998))])
"""Further answers that surveys give a number of this kind, beside one of nines."""
_FEWEST_OTHERS = 4
"""Different values of another kind; of fewer nobody can say where they lie."""
_RARE_FROM = 1000
"""A single 999 may be a value; one of four digits far from all others is hardly one."""
_GLANCE = 1000
"""Values that mostly show that an extreme is one of many, before all are sorted."""
_FIRST_DAYS = (
    "0001-01-01",
    "1111-11-11",
    "1753-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1970-01-01",
)
_LAST_DAYS = ("2099-12-31", "2100-01-01", "2199-12-31", "2999-12-31", "9999-12-31")
_FIRST_YEARS, _LAST_YEARS = ({day[:4] for day in days} for days in (_FIRST_DAYS, _LAST_DAYS))
_FAR = pd.Timedelta(days=20 * 365)
_DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d")
_MIDNIGHTS = ("", " 00:00:00", "T00:00:00", " 00:00", " 0:00")


def stand_in_doubts(table: Columns, options: ReadOptions) -> tuple[Doubt, ...]:
    """One question for each column in which a value far from all others is one that stands for none.

    A type or words for missing that were asked of the column have answered.
    """
    if options.as_text or not table.frame.columns.is_unique:
        return ()
    answered = {*dict(options.column_types), *dict(options.missing_words)}
    numbers, every = table.numbers, table.series.items()
    doubts = (_doubt(name, column, numbers.get(name)) for name, column in every if name not in answered)
    return tuple(doubt for doubt in doubts if doubt is not None)


@dataclass(frozen=True)
class _Found:
    """Values that may stand for none, as cells show them, how many rows have them, and all others' span."""

    shown: tuple[str, ...]
    writings: tuple[str, ...]
    rows: int
    others: str
    kind: str


def _doubt(name: str, column: pd.Series, numbers: np.ndarray | None) -> Doubt | None:
    found = None
    if numbers is not None:
        found = _among_numbers(numbers)
    elif column.dtype.kind == "M" and pd.api.types.is_datetime64_any_dtype(column.dtype):
        found = _among_days(column)
    if found is None:
        return None
    words = (*found.writings, *(sorted(NA_TOKENS) if column.hasnans else ()))
    values = " and ".join(filter(None, (", ".join(found.shown[:-1]), found.shown[-1])))
    one = len(found.shown) == 1
    kept = Alternative(
        "Values like the others",
        (("column_types", ((name, found.kind),)),),
        tuple((text, text) for text in found.shown),
    )
    gone = Alternative(
        "Missing", (("missing_words", ((name, words),)),), tuple((text, "missing") for text in found.shown)
    )
    stand = "stands" if one else "stand"
    why = f"{values} {stand} in {count(found.rows, 'row')}, all others lie between {found.others}."
    return Doubt(f"{'Does' if one else 'Do'} {values} in {name} mean missing?", why, kept, (gone,), name)


def _among_numbers(values: np.ndarray) -> _Found | None:
    if len(values) <= _FEWEST_OTHERS:
        return None
    low, high = values.min(), values.max()
    if low != low:  # NaN
        low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    for extreme, known, sign in ((low, _BELOW, -1), (high, _ABOVE, 1)):
        if float(extreme) in known and not _is_near(values[:_GLANCE], float(extreme)):
            found = _peeled(values, sign)
            if found is not None:
                return found
    return None


def _is_near(values: np.ndarray, extreme: float) -> bool:
    """Whether one of a few values lies so near that the extreme is a value like them."""
    beyond = values[np.abs(values) > abs(extreme) / 2].tolist()
    known = _BELOW if extreme < 0 else _ABOVE
    return any((one < 0) == (extreme < 0) and one not in known and abs(one) not in _BESIDE for one in beyond)


def _peeled(values: np.ndarray, sign: int) -> _Found | None:
    """The stand-ins at the low end (``sign`` -1) or the high end, if all others lie far from them."""
    known = np.unique(values[np.isfinite(values)])
    ordered = (known if sign < 0 else known[::-1]).tolist()
    side = _BELOW if sign < 0 else _ABOVE
    number = next((i for i, one in enumerate(ordered) if one not in side and abs(one) not in _BESIDE), 0)
    found, rest = ordered[:number], ordered[number:]
    if not found or len(rest) < _FEWEST_OTHERS:
        return None
    span, gap = abs(rest[-1] - rest[0]), abs(rest[0] - found[-1])
    rows = int(np.isin(values, found).sum())
    needed = span / 2 if sign < 0 else max(span, abs(found[-1]) / 2)
    if gap <= needed or (
        rows < 2 and abs(found[-1]) < _RARE_FROM and not (sign < 0 and abs(found[-1]) >= 99)
    ):
        return None
    if sign < 0 and min(rest) < 0 and abs(found[-1]) < 2 * max(map(abs, (rest[0], rest[-1]))):
        return None
    between = f"{min(rest):.15g} and {max(rest):.15g}"
    shown = tuple(f"{one:.15g}" for one in found)
    writings = tuple(dict.fromkeys(text for one in found for text in _writings(one)))
    return _Found(shown, writings, rows, between, "number")


def _writings(value: float) -> list[str]:
    """The texts that a file may have for a number, with either decimal mark."""
    short = f"{value:.15g}"
    texts = [
        short,
        repr(float(value)),
        *(f"{value:.{digits}f}" for digits in range(1, 6) if abs(value) < 1e9),
    ]
    same = [text for text in texts if float(text) == value]
    powers = [text.replace("e+", mark) for text in same if "e+" in text for mark in ("e", "E+", "E")]
    return [form for text in [*same, *powers] for form in dict.fromkeys((text, text.replace(".", ",")))]


def _among_days(column: pd.Series) -> _Found | None:
    if isinstance(column.dtype, np.dtype) and not _shows_year(column.to_numpy()):
        return None
    low, high = column.min(), column.max()
    if pd.isna(low):
        return None
    for extreme, known in ((low, _FIRST_DAYS), (high, _LAST_DAYS)):
        if f"{extreme.year:04}-{extreme.month:02}-{extreme.day:02}" not in known:
            continue
        day = extreme.normalize()
        rest = column[(column.dt.normalize() != day) & column.notna()]
        if rest.nunique() < _FEWEST_OTHERS - 1:
            continue
        first, last = rest.min(), rest.max()
        if min(abs(first - extreme), abs(last - extreme)) <= max(_FAR, last - first):
            continue
        parts = {"%Y": f"{day.year:04}", "%m": f"{day.month:02}", "%d": f"{day.day:02}"}
        texts = list(_DAY_FORMS)
        for directive, text in parts.items():
            texts = [form.replace(directive, text) for form in texts]
        writings = tuple(dict.fromkeys(text + end for text in texts for end in _MIDNIGHTS))
        between = f"{first:%Y-%m-%d} and {last:%Y-%m-%d}"
        return _Found(
            (texts[0],), writings, len(column) - len(rest) - int(column.isna().sum()), between, "time"
        )
    return None


def _shows_year(days: np.ndarray) -> bool:
    """A quick look: whether the first or the last of the days lies in a year of those that stand for none."""
    if not len(days):
        return False
    low, high = np.fmin.reduce(days), np.fmax.reduce(days)
    return str(low)[:4] in _FIRST_YEARS or str(high)[:4] in _LAST_YEARS
