"""Many short columns are prepared as one long array, and come out as each by itself would."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables import read_table
from analytics.tables.arrow_columns import MANY_COLUMNS, is_wide_and_short
from analytics.tables.records.grammar import Dialect, cook, cook_all
from analytics.tables.typed.cells import make_all_cells, make_cells

RAW = [["1", '" 2"', ""], ["NA", "x", '""'], ["?", "n/a", '"a,b"'], ["gone", "5", "6"], ["", "", ""]]
COLUMNS = [RAW[i % len(RAW)] for i in range(MANY_COLUMNS + 3)]


def test_cooking_many_short_columns_at_once() -> None:
    assert is_wide_and_short(COLUMNS)
    for one, alone in zip(cook_all(COLUMNS, Dialect(",")), RAW, strict=False):
        texts, quoted = cook(alone, Dialect(","))
        assert one[0].equals(texts)
        assert one[1] == quoted


def test_looking_at_many_short_columns_at_once() -> None:
    columns = [texts for texts, _ in cook_all(COLUMNS, Dialect(","))]
    names = [f"c{i}" for i in range(len(columns))]
    for found in make_all_cells(names, columns, na_values=("gone",)):
        alone = make_cells(found.name, columns[names.index(found.name)], na_values=("gone",))
        assert found.raw.equals(alone.raw)
        assert found.expand(found.blank).tolist() == alone.expand(alone.blank).tolist()
        assert found.expand(found.token).tolist() == alone.expand(alone.token).tolist()
        assert set(found.sample.to_pylist()) == set(alone.sample.to_pylist())


def test_columns_of_a_wide_file_are_typed_as_in_a_narrow_one() -> None:
    random = np.random.default_rng(3)
    kinds = [
        random.normal(size=6).round(3),
        random.integers(0, 99, 6),
        random.choice(["red", "blue sky", "NA"], 6),
        ["2024-01-0" + day for day in "123456"],
        ["007", "12", "3", "4", "", "6"],
        ["1.234,5", "2,5", "3,0", "4,1", "5,2", "6,3"],
        ["true", "false", "", "true", "true", "false"],
        ["1 days 02:03:04"] * 6,
    ]
    wide = pd.DataFrame({f"c{i}": kinds[i % 8] for i in range(10 * 8)})
    narrow = read_table(wide.iloc[:, :8].to_csv(index=False).encode()).frame
    read = read_table(io.BytesIO(wide.to_csv(index=False).encode())).frame
    for i, name in enumerate(read):
        pd.testing.assert_series_equal(read[name], narrow.iloc[:, i % 8], check_names=False)


def test_one_type_of_string_is_enough() -> None:
    columns = [pa.array(["1", "2"], pa.string()), pa.array(["1", None], pa.large_string())] * MANY_COLUMNS
    found = make_all_cells([str(i) for i in range(len(columns))], columns)
    assert [cells.raw.type for cells in found[:2]] == [pa.string(), pa.large_string()]
