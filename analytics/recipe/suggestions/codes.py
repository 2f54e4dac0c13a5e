"""Values that stand for none: codes among numbers, and words among words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.recipe.steps.values import SetMissing
from analytics.recipe.suggestions.suggestion import Suggestion, first_rows
from analytics.recipe.values import kind_of, said, texts_of
from analytics.words import count

_NINES = (9, 99, 999, 9999, 99999, 999999)
CODES = frozenset({*_NINES, *(-nine for nine in _NINES), *(nine - 1 for nine in _NINES[1:]), -1, -2})
"""What surveys and sensors write for none: nines, one less for "does not apply", below zero too."""
_LEAST = 2
"""Times that a code stands in a column: a single one may be a value, unless it is of three digits and lies
below zero as nothing else does, or far away."""
_FAR = 10.0  # ranges of all other values: 999 among ages up to 99
_APART = 1.0
"""How far from its next neighbour a code lies, in ranges of all other values: 99 among ages up to 90 may be
an age, among marks from 1 to 6 it is none."""
_FEWEST_OTHERS, _LONELY = 30, 2.0
"""So many other values, and so many of their ranges to the next, tell that a number is no measurement: a
thermometer says 85 °C twice where all else is between 14 and 30."""
_MOST_SHARE = 0.5
_FEWEST_STEPS, _LEAP = 10, 2.0
"""Steps between neighbours that say how a column moves, and how many times the greatest of them it leaps at
zeros that stand for none: 2.4 in a century of price-earnings ratios that begin with ten years of zeros."""
_FEWEST_LEVELS = 3  # other values than zero: a column of 0 and 1 has one, and every step within it is 0

WORDS = frozenset(
    {
        *(
            "tbd",
            "tba",
            "n/a",
            "na",
            "n.a.",
            "none",
            "null",
            "nil",
            "nan",
            "-",
            "--",
            "---",
            "?",
            "??",
            ".",
            "...",
        ),
        *(
            "unknown",
            "not available",
            "not applicable",
            "missing",
            "no answer",
            "no data",
            "not known",
            "undefined",
        ),
        *(
            "k.a.",
            "k. a.",
            "keine angabe",
            "unbekannt",
            "fehlt",
            "n.v.",
            "entf\u00e4llt",
            "inconnu",
            "s.o.",
            "s/d",
        ),
        *(
            "desconocido",
            "sin datos",
            "sconosciuto",
            "n.d.",
            "nd",
            "brak",
            "brak danych",
            "b.d.",
            "onbekend",
            "#n/a",
        ),
    }
)


_NAMES_TOO = frozenset(("na", "nd", "nan", "none", "null", "nil", "missing"))
"""Those that are a value elsewhere: Namibia, North Dakota, sodium, the surname Null, no garage at all."""
_MAY_BE_ALIKE = "may say that there is no value, or be a value like all others, which are written alike."
_LOOKED_AT, _ALIKE = 10_000, 0.9
"""Cells that show how the other texts are written, and the share of them written as a word for none is."""
_LONGEST_CODE = 4


def codes(frame: pd.DataFrame) -> Iterator[Suggestion]:
    """Numbers that are codes, and words that say that there is no value, column by column."""
    for name in map(str, frame.columns):
        column = frame[name]
        if kind_of(column) == "number":
            yield from _among_numbers(name, column)
            yield from _alone(name, column)
            yield from _zeros(name, column)
        elif kind_of(column) == "text":
            yield from _among_words(name, column)


def _among_numbers(name: str, column: pd.Series) -> Iterator[Suggestion]:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    looks = np.isin(values, list(CODES))
    known, times = np.unique(values[looks], return_counts=True)
    possible = known[(times >= _LEAST) | (np.abs(known) >= 100)]
    if not len(possible):
        return
    is_code = looks & np.isin(values, possible)
    others = values[np.isfinite(values) & ~is_code]
    if not len(others) or len(others) < _MOST_SHARE * (len(others) + is_code.sum()):
        return
    low, high = float(others.min()), float(others.max())
    span = max(high - low, 1.0)
    reach = {code: _APART if times[known == code] >= _LEAST or code < 0 <= low else _FAR for code in possible}
    found = [float(code) for code in possible if max(low - code, code - high) > reach[code] * span]
    if found:
        yield _as_code(name, values, found, others)


def _as_code(name: str, values: np.ndarray, found: list[float], others: np.ndarray) -> Suggestion:
    shown = np.isin(values, found)
    cells = int(shown.sum())
    codes = tuple(int(code) if code.is_integer() else code for code in found)
    listed, look = ", ".join(map(said, codes)), "looks" if len(codes) == 1 else "look"
    return Suggestion(
        "code",
        f"{listed} in {name!r} ({count(cells, 'cell')}) {look} like a code for no value: all others lie "
        f"from {others.min():,g} to {others.max():,g}.",
        cells,
        (name,),
        (SetMissing(name, codes),),
        first_rows(shown),
    )


def _alone(name: str, column: pd.Series) -> Iterator[Suggestion]:
    """One value that stands several times and far from all others: what a device writes when it has none."""
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = values[np.isfinite(values)]
    distinct, times = np.unique(finite, return_counts=True)
    if len(distinct) <= _FEWEST_OTHERS:
        return
    for end, rest in ((-1, slice(None, -1)), (0, slice(1, None))):
        others = distinct[rest]
        gap = abs(distinct[end] - others[end])
        if distinct[end] in CODES or times[end] < _LEAST or gap <= _LONELY * np.ptp(others):
            continue
        yield _as_code(name, values, [float(distinct[end])], others)


def _zeros(name: str, column: pd.Series) -> Iterator[Suggestion]:
    """Zeros, as at the start or the end, of a column that moves in small steps far from zero elsewhere."""
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(values))
    known = values[rows]
    zero = known == 0
    count_of = int(zero.sum())
    if count_of < _LEAST or len(known) - count_of <= _FEWEST_STEPS:
        return
    if not ((known[~zero] > 0).all() or (known[~zero] < 0).all()):
        return
    if len(np.unique(known[~zero])) < _FEWEST_LEVELS:
        return  # 0 and 1 say no and yes, 0 to 2 count something
    steps, leaps = np.abs(np.diff(known)), zero[1:] != zero[:-1]
    usual = steps[~zero[1:] & ~zero[:-1]]
    if len(usual) < _FEWEST_STEPS or steps[leaps].min() <= _LEAP * usual.max():
        return
    runs = np.split(np.flatnonzero(zero), np.flatnonzero(np.diff(np.flatnonzero(zero)) > 1) + 1)
    where = ", ".join(_row_words(rows[run[0]] + 1, rows[run[-1]] + 1) for run in runs[:3])
    where += " and more" if len(runs) > 3 else ""
    yield Suggestion(
        "zero for none",
        f"0 in {name!r} ({count(count_of, 'cell')}, rows {where}) looks like a sign for no value: all others "
        f"lie from {known[~zero].min():,g} to {known[~zero].max():,g}, and no step between them is so large.",
        count_of,
        (name,),
        (SetMissing(name, (0,)),),
        first_rows(values == 0),
    )


def _row_words(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _among_words(name: str, column: pd.Series) -> Iterator[Suggestion]:
    says_none = _says_none(column)
    counts = {str(word): int(n) for word, n in column[says_none].astype("str").value_counts().items() if n}
    if not counts or sum(counts.values()) >= column.count():
        return
    shapes = [_shape(text) for text in column[~says_none].dropna().astype("str").head(_LOOKED_AT).unique()]
    said = {word: _what_it_says(word, shapes) for word in counts}
    for words in dict.fromkeys(said.values()):
        found = [word for word in counts if said[word] == words]
        shown = ", ".join(f"{word!r} ({counts[word]:,})" for word in found[:5])
        yield Suggestion(
            "word for none",
            f"{shown} in {name!r} {words}",
            sum(counts[word] for word in found),
            (name,),
            (SetMissing(name, tuple(found)),),
            first_rows(column.isin(found).to_numpy()),
        )


def _what_it_says(word: str, shapes: Sequence[str]) -> str:
    """What is said of a word for none beside texts of these shapes: ND is North Dakota among states."""
    bare = word.strip()
    if bare == "-" and "+" in shapes:
        return _MAY_BE_ALIKE
    if bare.casefold() not in _NAMES_TOO or 2 * shapes.count("digits") >= len(shapes):
        return "says that there is no value."
    alike = shapes.count(_shape(bare)) >= _ALIKE * len(shapes)
    return _MAY_BE_ALIKE if alike else "may say that there is no value, or be a value by itself."


def _shape(text: str) -> str:
    """How a text is written: as a code of so many capitals, as a name or an element's symbol."""
    bare = text.strip()
    if any(map(str.isdigit, bare)):
        return "digits"
    if bare == "+":
        return bare
    if bare.isupper() and 1 < len(bare) <= _LONGEST_CODE:
        return f"{len(bare)} capitals"
    return "name" if bare[:1].isupper() and not bare[1:].isupper() else "small"


def _says_none(column: pd.Series) -> np.ndarray:
    """Whether each cell of a column of texts is a word for no value; (n,) bool."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        of_category = _says_none(pd.Series(column.cat.categories.astype("str")))
        return np.append(of_category, False)[column.cat.codes]  # -1 is missing: the last
    bare = pc.utf8_lower(pc.utf8_trim_whitespace(texts_of(column)))
    found = pc.fill_null(pc.is_in(bare, pa.array(sorted(WORDS), bare.type)), False)
    return found.to_numpy(zero_copy_only=False)
