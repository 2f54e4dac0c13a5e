"""The correlation ratio: how much of a number's variance the groups of a category explain."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analytics.numbers.basics.statistics import Floats
from analytics.numbers.relations.intervals import CONFIDENCE, NORMAL_QUANTILE, noncentral_f, widened
from analytics.numbers.relations.number_pairs import centred_columns


@dataclass(frozen=True)
class Ratios:
    """Of d columns of numbers by one category; all (d,), NaN where there is nothing to compare.

    ``value`` is the root of Kelley's epsilon squared (1935), the share of the variance that the groups
    explain, corrected for their number and 0 where groups of chance explain as much.
    """

    value: Floats
    low: Floats
    high: Floats
    p: Floats
    n: Floats


def correlation_ratios(values: Floats, codes: np.ndarray) -> Ratios:
    """Of numbers (n, d) with NaN where missing, by groups (n,) numbered from 0, -1 where missing.

    The interval inverts the noncentral F law (Steiger 2004), made wider where the influence of the rows says
    that the share varies more than normal values of one spread do. p is the larger one of the F test and of
    Welch's (1951), which does without one spread and leaves out groups of one row; it is 1 where fewer than
    two groups have more.
    """
    used = codes >= 0
    values, codes = values[used], codes[used]
    y, known = centred_columns(values)
    n = known.sum(axis=0).astype(np.float64)
    counts, sums = _by_group(known.astype(np.float64), codes), _by_group(y, codes)
    groups = (counts > 0).sum(axis=0).astype(np.float64)
    means = sums / np.maximum(counts, 1)
    inner = np.where(known, np.square(y - means[codes]), 0.0)
    within_each = _by_group(inner, codes)
    total, within = np.square(y).sum(axis=0), inner.sum(axis=0)
    nothing = (groups < 2) | (n <= groups) | ~(total > 0)
    above, below = np.maximum(groups - 1, 1), np.maximum(n - groups, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(1 - within / total, 0, 1)
        statistic = np.where(within > 0, share / (1 - share) * below / above, np.inf)
        epsilon = np.clip(1 - (1 - share) * (n - 1) / below, 0, 1)
        alone = counts / np.maximum(
            counts - 1, 1
        )  # what leaving a row out changes: its group's mean moves too
        influence = np.where(known, (1 - share) * np.square(y) - inner * alone[codes], 0.0)
        shares = _by_group(np.square(influence), codes)
        real = shares.sum(axis=0) / total**2 * n / below
        student = _student(shares, counts, _excess_kurtosis(share, means, within_each, counts))
    low, high = _interval(np.where(nothing, 1.0, statistic), above, below, n)
    value = np.sqrt(epsilon)
    low, high = widened(value, low, high, student * np.sqrt(_excess(epsilon, real, above, n)))
    p = np.fmax(special.fdtrc(above, below, statistic), _p_without_one_spread(counts, means, within_each))
    p = np.where((counts > 1).sum(axis=0) < 2, 1.0, p)  # a row alone may be far out by its group's spread
    low = np.where(p < 1 - CONFIDENCE, low, 0.0)
    perfect = ~np.isfinite(statistic)
    made = value, np.where(perfect, 1.0, low), np.where(perfect, 1.0, high), p
    value, low, high, p = (np.where(nothing, np.nan, one) for one in made)
    return Ratios(value, low, high, p, n)


def _by_group(values: Floats, codes: np.ndarray) -> Floats:
    """Sums (groups, d) of rows (n, d)."""
    from scipy.sparse import csr_array

    n = len(codes)
    indicator = csr_array((np.ones(n), codes, np.arange(n + 1)), shape=(n, int(codes.max(initial=-1)) + 1))
    return indicator.T @ values


def _p_without_one_spread(counts: Floats, means: Floats, within: Floats) -> Floats:
    """p (d,) from each group's rows, mean and squares within, (groups, d); NaN where one does not vary."""
    there = counts > 1
    rows = np.where(there, counts, 0.0)
    variances = within / np.maximum(rows - 1, 1)
    varied = (there.sum(axis=0) > 1) & ((within > 0) | ~there).all(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.fmax(_welch_p(rows, means, variances), _brown_forsythe_p(rows, means, variances))
    return np.where(varied, p, np.nan)


def _welch_p(rows: Floats, means: Floats, variances: Floats) -> Floats:
    there, k = rows > 0, (rows > 0).sum(axis=0)
    weight = np.where(there, rows / variances, 0.0)
    whole = weight.sum(axis=0)
    centre = (weight * means).sum(axis=0) / whole
    between = (weight * np.square(means - centre)).sum(axis=0) / (k - 1)
    doubt = np.where(there, np.square(1 - weight / whole) / (rows - 1), 0.0).sum(axis=0)
    below = (k * k - 1) / (3 * doubt)
    # Of two groups the smaller one's degrees are those of a test that never errs too often (Mickey and Brown
    # 1966); of three rows by seven Welch's own are too many.
    least = np.where(there, rows, np.inf).min(axis=0) - 1
    below = np.where(k == 2, 2 / (1 / below + 1 / least), below)
    return special.fdtrc(k - 1, below, between / (1 + 2 * (k - 2) * doubt / (k * k - 1)))


def _brown_forsythe_p(rows: Floats, means: Floats, variances: Floats) -> Floats:
    """With Mehrotra's degrees of freedom (1997)."""
    shares = rows / rows.sum(axis=0)
    centre = (shares * means).sum(axis=0)
    parts = np.where(rows > 0, (1 - shares) * variances, 0.0)
    squares = np.square(np.where(rows > 0, variances, 0.0))
    whole = parts.sum(axis=0)
    above = np.square(whole) / (
        np.square((shares * variances).sum(axis=0)) + ((1 - 2 * shares) * squares).sum(axis=0)
    )
    below = np.square(whole) / (np.square(parts) / np.maximum(rows - 1, 1)).sum(axis=0)
    return special.fdtrc(above, below, (rows * np.square(means - centre)).sum(axis=0) / whole)


def _excess_kurtosis(share: Floats, means: Floats, within: Floats, counts: Floats) -> Floats:
    """Of the rows' influence in each group (groups, d), where its values are normal: it is a x + b x^2 of
    standard values x, and squares have far ends."""
    variance = within / np.maximum(counts - 1, 1)
    line, square = 4 * np.square((1 - share) * means) * variance, np.square(share * variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(48 * square * (line + square) / np.square(line + 2 * square))


def _student(squares: Floats, counts: Floats, excess: Floats) -> Floats:
    """How much wider Student's quantile is than the normal one (d,), for a variance that these ``squares`` of
    the groups (groups, d) make up: four rows of normal values tell three degrees of freedom of it
    (Satterthwaite 1946), of values with an ``excess`` of kurtosis fewer."""
    own = np.square(squares) * (1 + excess / 2) / np.maximum(counts - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        degrees = np.square(squares.sum(axis=0)) / own.sum(axis=0)
    return special.stdtrit(np.where(degrees >= 1, degrees, 1.0), (1 + CONFIDENCE) / 2) / NORMAL_QUANTILE


def _interval(statistic: Floats, above: Floats, below: Floats, n: Floats) -> tuple[Floats, Floats]:
    low, high = noncentral_f(np.where(np.isfinite(statistic), statistic, 1.0), above, below)
    return np.sqrt(low / (low + n)), np.sqrt(high / (high + n))


def _excess(share: Floats, real: Floats, above: Floats, n: Floats) -> Floats:
    """The variance of the share by the rows' influence to that of normal values in groups of fixed size."""
    strength = n * share / np.maximum(1 - share, 1e-12)
    whole = (strength + n) ** 4
    second = 2 * above * n**2 / whole  # what is left where the groups explain nothing
    usual = (4 * strength * n**2 + 2 * n * strength**2) / whole + second
    return (real + second) / np.maximum(usual, 1e-300)
