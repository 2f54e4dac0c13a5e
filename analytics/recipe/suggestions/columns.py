"""Columns that say little, nothing new, or what a mean does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analytics.recipe.steps.columns import LeaveOut
from analytics.recipe.steps.derived import Derive
from analytics.recipe.suggestions.suggestion import Suggestion
from analytics.tables.columns import Role
from analytics.words import count, number_text

_MISSING = 0.05  # of the rows: below, leaving them out changes little
_ZEROS = 0.5  # of the values: then the middle value is 0 and says nothing of the others
_COMMONEST = 0.95  # of the rows in one category: the others are too few to compare with
_MANY = 50  # categories that no legend shows
_SKEW = 2.0  # the skewness of the exponential law
_ENOUGH = 20  # values that a skewness is told of
_CORRELATED = 0.95
_LOOKED_AT = 0.9  # a correlation by plain sums, which rounding may have made smaller
_FEWEST = 10  # rows that two columns have in common: fewer go together by chance
_LISTED = 4  # columns that one sentence names
_MOST_COLUMNS = 300  # pairs grow with the square
_SAMPLE = 50_000


def columns(frame: pd.DataFrame, roles: Mapping[str, Role]) -> Iterator[Suggestion]:
    """What is said of single columns, then of pairs of numbers."""
    for name, role in roles.items():
        yield from _OF_KIND.get(role.kind, lambda *_: ())(name, frame[name])
        yield from _missing(name, frame[name])
    numbers = [name for name, role in roles.items() if role.kind == "number"][:_MOST_COLUMNS]
    yield from _pairs(frame[numbers].iloc[:: max(1, len(frame) // _SAMPLE)], len(frame))


def _empty(name: str, column: pd.Series) -> Iterator[Suggestion]:
    yield Suggestion(
        "empty column", f"{name!r} has no value at all.", len(column), (name,), (LeaveOut((name,)),)
    )


def _constant(name: str, column: pd.Series) -> Iterator[Suggestion]:
    value = column.dropna().iloc[0]
    sentence = f"{name!r} says {str(value)!r} in every row that has a value."
    yield Suggestion("constant column", sentence, int(column.count()), (name,), (LeaveOut((name,)),))


def _missing(name: str, column: pd.Series) -> Iterator[Suggestion]:
    gone = int(column.isna().sum())
    if _MISSING * len(column) < gone < len(column):
        sentence = f"{name!r} has no value in {count(gone, 'row')} ({gone / len(column):.0%})."
        yield Suggestion("missing values", sentence, gone, (name,))


def _number(name: str, column: pd.Series) -> Iterator[Suggestion]:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite, known = int(np.isinf(values).sum()), values[np.isfinite(values)]
    if infinite:
        sentence = f"{count(infinite, 'value')} of {name!r} {'is' if infinite == 1 else 'are'} infinite."
        yield Suggestion("infinite values", sentence, infinite, (name,))
    zeros = int((known == 0).sum())
    if zeros > _ZEROS * len(known):
        yield Suggestion("zeros", f"{zeros / len(known):.0%} of {name!r} are 0.", zeros, (name,))
    elif len(known) >= _ENOUGH and abs(skew := _skewness(known)) > _SKEW:
        yield _skewed(name, known, skew)


def _skewed(name: str, known: np.ndarray, skew: float) -> Suggestion:
    without = _skewness(np.log(known)) if known.min() > 0 else skew
    if skew > 0 and abs(without) < 1:
        sentence = f"{name!r} is skewed ({number_text(skew)}); its logarithm is not ({number_text(without)})."
        step = (Derive(f"log {name}", f"log([{name}])"),) if "]" not in name else ()
        return Suggestion("skewed", sentence, len(known), (name,), step)
    side = "large" if skew > 0 else "small"
    sentence = f"{name!r} is skewed ({number_text(skew)}): a few {side} values make much of its mean."
    return Suggestion("skewed", sentence, 0, (name,))


def _category(name: str, column: pd.Series) -> Iterator[Suggestion]:
    counts = column.value_counts()
    counts = counts[counts > 0]
    single = int((counts == 1).sum())
    if len(counts) > _MANY:
        sentence = f"{name!r} has {len(counts):,} categories, more than a picture shows."
        yield Suggestion("many categories", sentence, len(counts), (name,))
    if single and single < len(counts):
        which = f"{counts.index[-1]!r}" if single == 1 else f"{single:,} categories"
        yield Suggestion(
            "category of one row",
            f"{which} of {name!r} {'stands' if single == 1 else 'stand'} in one row only.",
            single,
            (name,),
        )
    if len(counts) > 1 and counts.iloc[0] > _COMMONEST * counts.sum():
        share = counts.iloc[0] / counts.sum()
        sentence = f"{share:.1%} of {name!r} say {str(counts.index[0])!r}."
        yield Suggestion("imbalance", sentence, int(counts.sum() - counts.iloc[0]), (name,))


def _pairs(numbers: pd.DataFrame, rows: int) -> Iterator[Suggestion]:
    names = list(map(str, numbers.columns))
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    groups: dict[int, dict[int, float]] = {}
    for i, j in _near(values, known):
        both = known[:, i] & known[:, j]
        a, b = values[both, i], values[both, j]
        told, r = _image(a, b, whole=both.sum() == known[:, j].sum()), _correlation(a, b)
        if told:
            kind, words = told
            sentence = f"{names[j]!r} {words} {names[i]!r}."
            yield Suggestion(kind, sentence, rows, (names[j], names[i]), (LeaveOut((names[j],)),))
        elif abs(r) > _CORRELATED and not any({i, j} <= {first, *others} for first, others in groups.items()):
            groups.setdefault(i, {})[j] = r
    for first, others in groups.items():
        listed = ", ".join(f"{names[j]!r} (r = {r:.3f})" for j, r in list(others.items())[:_LISTED])
        more = f" and {len(others) - _LISTED:,} more" if len(others) > _LISTED else ""
        about = (names[first], *(names[j] for j in others))
        yield Suggestion("correlated", f"{names[first]!r} goes with {listed}{more}.", rows, about)


def _near(values: np.ndarray, known: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of columns (i < j) that are worth a close look: all correlations at once, over common rows."""
    counts = np.maximum(known.sum(axis=0), 1)
    off = np.where(known, values, 0.0)
    off = np.where(known, off - off.sum(axis=0) / counts, 0.0)
    size = np.abs(off).max(axis=0, initial=0.0)
    off /= np.where(size > 0, size, 1.0)
    here = known.astype(np.float64)
    n, sums = here.T @ here, off.T @ here
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (off**2).T @ here - sums**2 / n
        r = (off.T @ off - sums * sums.T / n) / np.sqrt(spread * spread.T)
    first, second = np.nonzero(np.triu((np.abs(r) > _LOOKED_AT) & (n >= _FEWEST), k=1))
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _image(a: np.ndarray, b: np.ndarray, *, whole: bool) -> tuple[str, str] | None:
    """Whether b is made of a; only where that is ``whole``, all that b has, is it nothing new."""
    if not whole:
        return None
    if np.array_equal(a, b):
        return "copy", "is a copy of"
    r = _correlation(a, b)
    slope = r * b.std() / a.std() if a.std() > 0 else 0.0
    off = b - b.mean() - slope * (a - a.mean())
    # Within what six digits leave open: written with fewer, a column in other units is no image any more.
    if abs(r) > 0.999 and np.abs(off).max() <= 1e-6 * np.abs(b).max():
        start = b.mean() - slope * a.mean()
        return "linear image", f"is {number_text(slope)} times + {number_text(start)} of" if abs(
            start
        ) > 1e-6 * np.abs(b).max() else f"is {number_text(slope)} times"
    return None


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    x, y = a - a.mean(), b - b.mean()
    size = np.sqrt((x**2).sum() * (y**2).sum())
    return float((x * y).sum() / size) if size > 0 else 0.0


def _skewness(values: np.ndarray) -> float:
    off = values - values.mean()
    squares = off * off
    spread = np.sqrt(squares.mean())
    # Products, as numpy's power of 3 takes ten times as long.
    return float((squares * off / spread**3).mean()) if spread > 0 else 0.0


_OF_KIND = {"empty": _empty, "constant": _constant, "number": _number, "category": _category}
