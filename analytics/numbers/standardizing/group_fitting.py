"""The two steps of standardizing for all groups at once, where a method is a centre and a scale."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from analytics.blocks import blocks
from analytics.numbers.basics.parameters import (
    LARGEST,
    NEARLY_NONE,
    NO_SPREAD,
    NO_VALUES,
    ONE_VALUE,
    ColumnFit,
    Label,
    Shape,
    too_large,
    with_infinite,
)
from analytics.numbers.basics.selection import GroupIndex
from analytics.numbers.basics.statistics import BY_IQR, BY_MAD, CHUNK, Floats
from analytics.numbers.standardizing.methods import NO_IQR, NO_MAD
from analytics.numbers.standardizing.segments import Segments


class Spreads(Protocol):
    """What a method measures of S samples, none empty: ``Segments``, or the queries of an engine."""

    @property
    def counts(self) -> np.ndarray: ...
    @property
    def low(self) -> Floats: ...
    @property
    def high(self) -> Floats: ...
    def quantile(self, share: float) -> Floats: ...
    def median(self) -> Floats: ...
    def median_deviation(self, center: Floats) -> Floats: ...
    def mean_deviation(self, center: Floats) -> Floats: ...
    def constant(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Lines:
    """Centre and scale of every segment (S,), and where the method fell back, with what is said there."""

    center: Floats
    scale: Floats
    fell_back: np.ndarray | None = None
    note: str = ""


def _zscore(_segments: Spreads, mean: Floats, sd: Floats) -> Lines:
    return Lines(mean, sd)


def _robust(segments: Spreads, _mean: Floats, _sd: Floats) -> Lines:
    median = segments.median()
    scale, fell_back = BY_MAD.of(
        segments.median_deviation(median), median, lambda: segments.mean_deviation(median)
    )
    return Lines(median, scale, fell_back, NO_MAD)


def _iqr(segments: Spreads, _mean: Floats, _sd: Floats) -> Lines:
    span = segments.quantile(0.75) - segments.quantile(0.25)
    median = segments.median()
    scale, fell_back = BY_IQR.of(span, median, lambda: segments.mean_deviation(median))
    return Lines(median, scale, fell_back, NO_IQR)


def _minmax(segments: Spreads, _mean: Floats, _sd: Floats) -> Lines:
    return Lines(segments.low, segments.high - segments.low)


def _maxabs(segments: Spreads, _mean: Floats, _sd: Floats) -> Lines:
    return Lines(np.zeros(len(segments.counts)), np.maximum(np.abs(segments.low), np.abs(segments.high)))


GROUP_FITS: Mapping[str, Callable[[Spreads, Floats, Floats], Lines]] = {
    "zscore": _zscore,
    "robust": _robust,
    "iqr": _iqr,
    "minmax": _minmax,
    "maxabs": _maxabs,
}


def fit_groups(
    values: Floats, column: Label, groups: GroupIndex, *, dtype: str, method: str, ddof: int
) -> list[ColumnFit]:
    """The statistics of a column (n,) in every group, by a method of ``GROUP_FITS``.

    Raises StandardizeError for values beyond 1e300.
    """
    finite = np.isfinite(values)
    n = np.bincount(groups.codes[finite], minlength=len(groups.keys))
    missing = np.bincount(groups.codes[np.isnan(values)], minlength=len(groups.keys))
    together = groups.order[finite[groups.order]]
    segments = Segments(values[together], n[n > 0])
    mean, sd = segments.mean_and_sd(ddof=ddof)
    if not np.all(np.abs(mean) + sd < LARGEST):
        raise too_large(column)
    held = zip(mean.tolist(), sd.tolist(), shapes_of(segments, mean, sd, method), strict=True)
    empty = (None, None, Shape(note=NO_VALUES))
    fits = []
    for key, count, absent, rows in zip(
        groups.keys, n.tolist(), missing.tolist(), groups.counts.tolist(), strict=True
    ):
        infinite = rows - count - absent
        middle, spread, shape = next(held) if count else empty
        if infinite and count:
            shape = replace(shape, note=with_infinite(shape.note, infinite))
        fits.append(ColumnFit(column, key, dtype, count, absent, infinite, middle, spread, shape))
    return fits


def shapes_of(segments: Spreads, mean: Floats, sd: Floats, method: str) -> list[Shape]:
    """Centre, scale and note of each sample, by a method of ``GROUP_FITS``."""
    lines = GROUP_FITS[method](segments, mean, sd)
    constant, equal = segments.constant(), segments.low == segments.high
    center = np.where(constant, np.where(equal, segments.low, mean), lines.center)
    scale = np.where(constant, 0.0, lines.scale)
    notes = np.full(len(center), "", dtype=object)
    if lines.fell_back is not None:
        notes[lines.fell_back] = lines.note
    notes[constant] = NEARLY_NONE
    notes[equal] = NO_SPREAD
    notes[segments.counts == 1] = ONE_VALUE
    lines_and_notes = zip(center.tolist(), scale.tolist(), notes.tolist(), strict=True)
    return [Shape(middle, spread, note=note) for middle, spread, note in lines_and_notes]


def score_groups(fits: Sequence[ColumnFit], codes: np.ndarray, values: Floats, out: Floats) -> None:
    """``(values - center) / scale`` with the fit of each row's group: ``codes`` (n,) index into ``fits``."""
    center, scale = _lines(fits)
    flat = bool((scale == 0).any())
    with np.errstate(divide="ignore", invalid="ignore"):
        for rows in blocks(values.size, CHUNK):
            block, of_group, present = out[rows], codes[rows], values[rows]
            np.subtract(present, center[of_group], out=block)
            np.divide(block, scale[of_group], out=block)
            if flat:
                np.copyto(block, np.where(np.isfinite(present), 0.0, present), where=scale[of_group] == 0)


def unscore_groups(fits: Sequence[ColumnFit], codes: np.ndarray, scores: Floats, out: Floats) -> None:
    """``scores * scale + center``, the inverse of ``score_groups``."""
    center, scale = _lines(fits)
    with np.errstate(invalid="ignore"):
        for rows in blocks(scores.size, CHUNK):
            block, of_group = out[rows], codes[rows]
            infinite = np.isinf(scores[rows])
            np.multiply(scores[rows], scale[of_group], out=block)
            np.add(block, center[of_group], out=block)
            np.copyto(block, scores[rows], where=infinite & ~np.isnan(center[of_group]))


def _lines(fits: Sequence[ColumnFit]) -> tuple[Floats, Floats]:
    """Centres and scales (G,); NaN where a fit had no values, so that its rows score missing."""
    lines = [fit.shape.line if fit.usable else (np.nan, np.nan) for fit in fits]
    center, scale = np.array(lines, dtype=np.float64).reshape(-1, 2).T
    return center, scale
