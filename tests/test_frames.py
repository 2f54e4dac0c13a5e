"""Tables of other libraries go in, and the same kind comes out with the same numbers."""

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from analytics.errors import ZetascopeError
from analytics.frames import as_pandas
from analytics.numbers import OutlierScorer, Standardizer

TABLE = pa.table(
    {
        "size": [1.5, 2.5, None, 40.0, 3.0],
        "count": pa.array([2**53 + 1, 2, 3, None, 5], type=pa.int64()),
        "word": ["a", "b", None, "d", "e"],
    }
)
KINDS: dict[str, Callable[[pa.Table], Any]] = {
    "polars": pl.from_arrow,
    "polars, lazy": lambda table: pl.from_arrow(table).lazy(),
    "arrow": lambda table: table,
    "a batch of arrow": lambda table: table.to_batches()[0],
    "duckdb": duckdb.from_arrow,
}


def same_kind(one: object, other: object) -> bool:
    return type(one) is type(other)


def plain(data: Any) -> pd.DataFrame:
    return as_pandas(data)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_whole_numbers_keep_their_digits(kind: str) -> None:
    frame, back = as_pandas(KINDS[kind](TABLE))
    assert frame["count"].tolist() == [2**53 + 1, 2, 3, pd.NA, 5]
    assert frame.columns.tolist() == TABLE.column_names
    assert same_kind(back(frame[["size"]]), KINDS[kind](TABLE))


@pytest.mark.parametrize("kind", KINDS)
def test_scores_are_those_of_pandas(kind: str) -> None:
    data, frame = KINDS[kind](TABLE), TABLE.to_pandas()
    standardizer = Standardizer("robust", columns=["size"])
    scores = standardizer.fit_transform(data)
    assert same_kind(scores, data)
    np.testing.assert_array_equal(
        plain(scores), Standardizer("robust", columns=["size"]).fit_transform(frame)
    )
    np.testing.assert_array_equal(plain(standardizer.transform(data)), plain(scores))
    np.testing.assert_allclose(plain(standardizer.inverse_transform(scores))["size"], frame["size"])
    np.testing.assert_array_equal(
        OutlierScorer("iqr", columns="size").fit(data).score_samples(data),
        OutlierScorer("iqr", columns="size").fit(frame).score_samples(frame),
    )


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ZetascopeError, match="no table"):
        as_pandas("a,b")
    with pytest.raises(ZetascopeError, match="could not be computed"):
        as_pandas(pl.LazyFrame({"a": ["x"]}).select(pl.col("a").cast(pl.Int64)))
