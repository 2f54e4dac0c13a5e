"""Nominal against realised for the drift report: files of one law that are called drifted."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analytics.numbers import Standardizer, apply_to_file
from benchmarks.statistics_rows import SIZES, Realised, share

_OLD_ROWS = 1_000
_COLUMNS = 3
_LEVEL = 0.05
_LAWS: dict[str, Callable[[np.random.Generator, tuple[int, int]], np.ndarray]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "lognormal": lambda rng, shape: rng.lognormal(0, 1.5, shape),
    "Student's with 2 degrees": lambda rng, shape: rng.standard_t(2, shape),
    "mostly zero": lambda rng, shape: rng.poisson(0.1, shape).astype(float),
}


def drift(tables: int) -> Iterator[Realised]:
    """New files of the law of the old one that have any drifted column."""
    names = [f"c{i}" for i in range(_COLUMNS)]
    for law, draw in _LAWS.items():
        for rows in (5, *SIZES[:-1]):
            rng = np.random.default_rng(rows)
            called = []
            for _ in range(tables):
                fitted = Standardizer().fit(pd.DataFrame(draw(rng, (_OLD_ROWS, _COLUMNS)), columns=names))
                new = pd.DataFrame(draw(rng, (rows, _COLUMNS)), columns=names)
                called.append(bool(apply_to_file(fitted, new).drifted))
            yield share(f"drift, {law}", rows, _COLUMNS, _LEVEL, np.array(called), at_most=True)
