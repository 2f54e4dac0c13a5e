"""How scores of independent normal returns are spread, given what each is measured by.

A score against a spread that was itself estimated is not normal. Against the mean and SD of w earlier values
it follows Student's t with w - 1 degrees times sqrt(1 + 1/w); against its own n values' mean and SD it has
ends (Thompson 1935); against an exponentially weighted root mean square it is normal over a simulated spread.
A large move widens the spread of those after it, so counts of far scores vary less than independent ones
would; how much less is simulated.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal, special, stats

Floats = NDArray[np.float64]
_CELLS = 1_000_000
"""Simulated values per law, in 0.1 s on one core: the variance of a count within some 5 %."""
_LEAST_SERIES, _MOST_SERIES = 400, 4_000
_LONGEST = 5_000
"""Scores in a row that are simulated, 20 years of days: the count among more varies a few percent less."""
_LONGEST_PAST = 500
"""Of a past beyond it only the ratio to the series counts, as the spread is then known to some 3 %."""
_SEED = 1908
_Z = float(stats.norm.ppf(0.975))
_NO_VARIANCE = 2.0
"""Half-lives up to it start with a spread of two returns, whose scores have no variance."""


@dataclass(frozen=True)
class ScoreLaw:
    """The law of scores by a past ``window``, a ``halflife``, their ``own`` mean and SD, or known ones."""

    window: int | None = None
    halflife: float | None = None
    own: bool = False

    def beyond(self, k: float, n: int) -> float:
        """The probability that one of n scores lies beyond k on either side."""
        if self.own:
            reach = k * np.sqrt(n) / (n - 1) if n > 2 else np.inf
            return (
                float(2 * stats.t.sf(reach * np.sqrt((n - 2) / (1 - reach**2)), n - 2)) if reach < 1 else 0.0
            )
        if self.halflife is not None:
            return _beyond_path(*_simulable(self.halflife, n), k)
        return float(2 * _spread(self.window).sf(k))

    def quantiles(self, p: Floats) -> Floats:
        """The scores (n,) below which shares ``p`` (n,) of n scores lie."""
        n = len(p)
        if self.own:
            t = stats.t.ppf(p, n - 2) if n > 2 else np.zeros(n)
            return (n - 1) / np.sqrt(n) * t / np.sqrt(n - 2 + t**2) if n > 2 else t
        if self.halflife is not None:
            return np.interp(p, *_cumulative(*_simulable(self.halflife, n)))
        return _spread(self.window).ppf(p)

    def reach_of_sums(self, n: int) -> float:
        """What holds 95 % of sums of k of n scores whose mean is left in, over the root of k; NaN where a few
        can be as large as all others.

        A spread that was estimated before is now and then too small, so that scores vary by more than 1. They
        are uncorrelated even so, and their variances add up.
        """
        if self.own:
            return float(stats.t.ppf(0.975, n - 1)) if n > 1 else np.nan
        if self.halflife is not None:
            if self.halflife <= _NO_VARIANCE:
                return np.nan
            past, length = _simulable(self.halflife, n)
            return _Z * float(np.sqrt(np.mean(1 / np.square(_paths(past, length)[1]))))
        if self.window is not None:
            return _Z * float(np.sqrt((self.window - 1) / (self.window - 3))) if self.window > 3 else np.nan
        return _Z

    def chance(self, seen: int, k: float, n: int) -> float:
        """The probability of ``seen`` or more of n scores beyond k, from mean and variance of that count."""
        mean = n * self.beyond(k, n)
        if seen == 0 or mean == 0:
            return 1.0 if seen == 0 else 0.0
        # The binomial law that has this mean and variance; its number of trials need not be whole.
        share = max(1 - self.dispersion(k, n), mean / n)
        trials = mean / share
        return float(special.betainc(seen, trials - seen + 1, share)) if seen < trials + 1 else 0.0

    def dispersion(self, k: float, n: int) -> float:
        """Variance of the count beyond k over its mean."""
        if not (self.own or self.window or self.halflife):
            return 1 - self.beyond(k, n)
        past, length = _simulable(self.window or self.halflife or 0.0, n)
        law = replace(self, window=self.window and round(past), halflife=self.halflife and past)
        return _dispersion(law, k, length)


NORMAL = ScoreLaw()
"""Scores by a mean and SD that are known."""


@lru_cache(maxsize=64)
def _spread(window: int | None) -> stats.distributions.rv_frozen:
    """The law of scores by a past window, or by a known spread; scipy takes milliseconds to set one up."""
    if window is not None:
        return stats.t(window - 1, scale=np.sqrt(1 + 1 / window))
    return stats.norm()


@lru_cache(maxsize=256)
def _dispersion(law: ScoreLaw, k: float, n: int) -> float:
    counts = (np.abs(_simulated(law, n)) > k).sum(axis=1)
    mean = float(counts.mean())
    return float(counts.var()) / mean if mean > 0 else 1.0


@lru_cache(maxsize=2)
def _simulated(law: ScoreLaw, n: int) -> NDArray[np.float32]:
    """Scores (series, n) of independent normal returns; the seed is fixed, so that a page never changes."""
    if law.halflife is not None:
        r, spreads = _paths(law.halflife, n)
        return (r / spreads).astype(np.float32)
    r = _normal(n + (law.window or 0))
    if law.window is None:
        return ((r - r.mean(axis=1, keepdims=True)) / r.std(axis=1, ddof=1, keepdims=True)).astype(np.float32)
    mean, squares = (_moving_mean(x, law.window) for x in (r, r**2))
    sd = np.sqrt((squares - mean**2) * law.window / (law.window - 1))
    return ((r[:, law.window :] - mean) / sd).astype(np.float32)


@lru_cache(maxsize=2)
def _paths(halflife: float, n: int) -> tuple[Floats, Floats]:
    """Returns and the spreads that measure them, (series, n) each; the first spreads know few returns."""
    before = max(2, int(np.ceil(halflife)))
    r = _normal(before + n)
    return r[:, before:], np.sqrt(_weighted_squares(r, halflife)[:, before - 1 : -1])


@lru_cache(maxsize=256)
def _beyond_path(halflife: float, n: int, k: float) -> float:
    return float(2 * special.ndtr(-k * _paths(halflife, n)[1]).mean())


@lru_cache(maxsize=8)
def _cumulative(halflife: float, n: int) -> tuple[Floats, Floats]:
    scores = np.linspace(-12, 12, 481)
    # Every 50th by size: by place they could all be the same few returns after the start.
    spreads = np.sort(_paths(halflife, n)[1], axis=None)[:: _CELLS // 20_000]
    return np.array([special.ndtr(score * spreads).mean() for score in scores]), scores


def _normal(n: int) -> Floats:
    series = int(np.clip(_CELLS // n, _LEAST_SERIES, _MOST_SERIES))
    return np.random.default_rng(_SEED).standard_normal((series, n))


def _simulable(past: float, n: int) -> tuple[float, int]:
    """A past and a number of scores, small enough to simulate, that stand for these.

    The number is n or an eighth of an octave more: one simulation serves all assets of about one length.
    """
    shrink = max(1.0, past / _LONGEST_PAST)
    length = float(np.clip(n / shrink, 16, _LONGEST))
    return past / shrink, int(np.ceil(2 ** (np.ceil(8 * np.log2(length)) / 8)))


def _weighted_squares(r: Floats, halflife: float) -> Floats:
    decay = 0.5 ** (1 / halflife)
    total = signal.lfilter([1 - decay], [1, -decay], r**2, axis=1)
    return total / (1 - decay ** np.arange(1, r.shape[1] + 1))


def _moving_mean(x: Floats, window: int) -> Floats:
    """Of the ``window`` values before each but the first ones; running sums suffice for simulated values."""
    total = np.cumsum(x, axis=1)
    return (total[:, window - 1 : -1] - np.pad(total, ((0, 0), (1, 0)))[:, : -window - 1]) / window
