"""Simulate the laws of modified z and Tukey's fences in small samples, and write them where they are read.

    python -m benchmarks.value_laws [--values 1500000]

A value far out has the same median, MAD and quartiles beside it wherever it lies, and the chance that it lies
farther is a normal one. So the far tail is an average of normal tails over simulated samples, and needs no
sample that reaches it. Where even that average is told by a few samples, its logarithm runs straight on.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy import special

from analytics.numbers.outliers.laws import value_laws
from analytics.numbers.outliers.laws.value_laws import (
    EXACT_SIZES,
    FIRST_FAR,
    FURTHER_SIZES,
    QUARTILE,
    REACH,
    SHARES,
)
from analytics.numbers.outliers.methods import OUTLIER_METHODS

_AT_ONCE = 100_000
_NOISE = 0.1
"""Shares of the tail are believed where the samples tell them within a tenth."""
_FEWEST_SAMPLES, _MOST_SAMPLES = 800, 100_000
_LEAST_LOG = -700.0
_FAR_OUT = 1e9
_COUNTED = 40
"""Far scores, up to 3.3, whose shares are counted as well."""


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--values", type=int, default=1_500_000)
    options = parser.parse_args()
    names, near, log_rate = [], [], []
    for method in FIRST_FAR:
        for size in sizes_of(method):
            law = simulated_law(method, size, options.values)
            names.append(f"{method}_{size}")
            near.append(law[0])
            log_rate.append(law[1])
        print(method, len(names), flush=True)
    target = Path(value_laws.__file__).with_name("value_laws.npz")
    np.savez_compressed(target, names=np.array(names), near=np.float32(near), log_rate=np.float32(log_rate))


def sizes_of(method: str) -> list[int]:
    """The sizes that are simulated."""
    further = [base + more for base in FURTHER_SIZES for more in range(4)]
    return [*range(OUTLIER_METHODS[method].min_rows, EXACT_SIZES + 1), *further]


def simulated_law(method: str, size: int, values: int) -> tuple[np.ndarray, np.ndarray]:
    """The scores below which ``SHARES`` of all values lie, and the logarithm of the shares beyond the far
    scores."""
    rng, far = np.random.default_rng(size), FIRST_FAR[method] * REACH
    samples = min(max(values // size, _FEWEST_SAMPLES), _MOST_SAMPLES)
    at_once = max(1, _AT_ONCE // size)
    scores, sums, squares, beyond, seen = [], np.zeros(len(far)), np.zeros(len(far)), np.zeros(len(far)), 0
    while seen < samples:
        x = rng.standard_normal((at_once, size))
        own = scores_of(method, x)
        scores.append(np.quantile(own, SHARES))
        beyond += (own.reshape(-1, 1) > far[:_COUNTED]).mean(axis=0) @ np.eye(_COUNTED, len(far))
        rates = _far_rates(method, x, far)
        sums += rates.sum(axis=0)
        squares += np.square(rates).sum(axis=0)
        seen += at_once
    near = np.mean(scores, axis=0)
    if not sums[0]:
        # Of four values the outermost is part of a quartile wherever it lies; none reaches 3 IQR beyond.
        blocks = seen // at_once
        return near, np.log(np.maximum(beyond / blocks, 1 / (seen * size)))
    mean = sums / seen
    spread = np.sqrt(np.maximum(squares / seen - mean**2, 0.0) / seen)
    return near, _straightened(far, mean, spread < _NOISE * mean)


def scores_of(method: str, x: np.ndarray) -> np.ndarray:
    """The scores of all values of samples (s, n)."""
    if method == "modified_zscore":
        centre, spread = _upper_end(method, x)
        return np.abs(x - centre[:, None]) / spread[:, None]
    q1, q3 = np.quantile(x, [0.25, 0.75], axis=1)[:, :, None]
    return np.maximum(q1 - x, x - q3) / (q3 - q1)


def _far_rates(method: str, x: np.ndarray, far: np.ndarray) -> np.ndarray:
    """For each sample the chance (s, m) that its first value, drawn anew, scores beyond either end."""
    total = np.zeros((len(x), len(far)))
    for end in (x, -x):
        beside = end.copy()
        beside[:, 0] = _FAR_OUT
        start, unit = _upper_end(method, beside)
        total += special.ndtr(-start[:, None] - np.outer(unit, far))
    return total


def _upper_end(method: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From where and in what unit the upper end of each sample is measured, (s,) each."""
    with np.errstate(invalid="ignore"):
        if method == "modified_zscore":
            centre = np.median(x, axis=1)
            return centre, np.median(np.abs(x - centre[:, None]), axis=1) / QUARTILE
        q1, q3 = np.quantile(x, [0.25, 0.75], axis=1)
        return q3, q3 - q1


def _straightened(far: np.ndarray, mean: np.ndarray, known: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        rate = np.log(mean)
    last = max(int(np.argmin(known)) if not known.all() else len(far), 2)
    slope = (rate[last - 1] - rate[last - 2]) / np.log(far[last - 1] / far[last - 2])
    rate[last:] = rate[last - 1] + slope * np.log(far[last:] / far[last - 1])
    return np.maximum(rate, _LEAST_LOG)


if __name__ == "__main__":
    main()
