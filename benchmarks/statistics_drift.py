"""Nominal against realised for the drift report: files of one law that are called drifted."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analytics.numbers import Standardizer, apply_to_file
from benchmarks.statistics_rows import COLUMNS, SIZES, Realised, share

_OLD_ROWS = 1_000
_LEVEL = 0.05
_LAWS: dict[str, Callable[[np.random.Generator, tuple[int, int]], np.ndarray]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "lognormal": lambda rng, shape: rng.lognormal(0, 1.5, shape),
    "Student's with 2 degrees": lambda rng, shape: rng.standard_t(2, shape),
    "mostly zero": lambda rng, shape: rng.poisson(0.1, shape).astype(float),
}


def drift(tables: int) -> Iterator[Realised]:
    """New files of the law of the old one that have any drifted column."""
    for law, draw in _LAWS.items():
        for rows in (1, 5, 10, *SIZES):
            for columns in COLUMNS:
                rng = np.random.default_rng([rows, columns])
                called = []
                for _ in range(tables):
                    old, new = (
                        pd.DataFrame(draw(rng, (n, columns))).add_prefix("c") for n in (_OLD_ROWS, rows)
                    )
                    called.append(bool(apply_to_file(Standardizer().fit(old), new).drifted))
                yield share(f"drift, {law}", rows, columns, _LEVEL, np.array(called), at_most=True)
