"""The cells of a table as they are shown, a page of rows at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.writing.cell_texts import ShownColumn, shown_column


@dataclass(frozen=True)
class ShownCells:
    """All columns of a frame, made ready once; any rows of it are then texts at once."""

    columns: dict[str, ShownColumn] = field(repr=False)

    @classmethod
    def of(cls, frame: pd.DataFrame) -> ShownCells:
        """Of a frame whose columns have different names."""
        return cls({str(name): shown_column(frame[name]) for name in frame.columns})

    def page(self, places: np.ndarray) -> pd.DataFrame:
        """Texts of the rows at these places (m,), missing where a cell has no value; indexed from 0."""
        rows, size = pa.array(places), len(places)
        alike: dict[tuple[str, bool], list[str]] = {}
        for name, column in self.columns.items():
            alike.setdefault((str(column.array.type), column.zoned), []).append(name)
        texts: dict[str, pa.Array] = {}
        for names in alike.values():
            # One call for all columns of a kind: a table may have ten thousand of them.
            parts = [_decoded(self.columns[name].array.take(rows)) for name in names]
            whole = replace(self.columns[names[0]], array=pa.concat_arrays(parts)).texts()
            texts |= {name: whole.slice(size * place, size) for place, name in enumerate(names)}
        named = pa.Table.from_arrays([texts[name] for name in self.columns], names=list(self.columns))
        return named.to_pandas().set_axis(pd.RangeIndex(size))

    def is_text(self, column: str) -> bool:
        """Whether a column's cells are read from the left: texts and categories, no numbers and dates."""
        return self.columns[column].quoted


def _decoded(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
