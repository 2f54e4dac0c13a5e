"""The columns of a frame, each taken out of it once: of a wide table that is most of the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.tables.columns import is_numeric


@dataclass(frozen=True)
class Columns:
    """A frame (n rows) that several questions are put to; its columns have different names."""

    frame: pd.DataFrame = field(repr=False)

    @cached_property
    def series(self) -> dict[str, pd.Series]:
        """Every column by its name."""
        return {str(name): column for name, column in self.frame.items()}

    @cached_property
    def texts(self) -> dict[str, pd.Series]:
        """Those of texts: no time and no number is called a total."""
        return {name: column for name, column in self.series.items() if column.dtype.kind == "O"}

    @cached_property
    def numbers(self) -> dict[str, np.ndarray]:
        """Those of numbers, as they are, or float64 with NaN for missing."""
        return {name: as_numbers(column) for name, column in self.series.items() if is_numeric(column)}


def as_numbers(column: pd.Series) -> np.ndarray:
    """The values without a copy where none is needed, else float64 with NaN for missing."""
    plain = isinstance(column.dtype, np.dtype)
    return column.to_numpy() if plain else column.to_numpy(dtype=np.float64, na_value=np.nan)
