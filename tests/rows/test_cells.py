"""A page of cells is what the file's writer would put there, whichever rows are asked for."""

import numpy as np
import pandas as pd
import pytest

from analytics.rows import ShownCells
from analytics.tables.writing.cell_texts import cell_texts

FRAME = pd.DataFrame(
    {
        "a": [1.5, np.nan, -0.0, 1e300, np.inf],
        "b": [2.0, 3.0, 0.1, 1e-7, 12345678901.0],
        "n": pd.array([1, None, 3, 4, 2**53 + 1], dtype="Int64"),
        "t": pd.Series(["x", None, "", "a\nb", "\u00e9"], dtype="str"),
        "c": pd.Categorical(["u", "v", None, "u", "v"]),
        "d": pd.Categorical(["w", "w", None, "y", "w"]),
        "day": pd.to_datetime(["2024-01-01", None, "2024-01-02", "1900-01-01", "2024-01-01"]),
        "time": pd.to_datetime(
            ["2024-01-01 00:00", None, "2024-01-02 10:00", "1900-01-01", "2024-01-01"], format="mixed"
        ),
        "span": pd.to_timedelta(["1 day", None, "1 hour", "0.5 s", "0 s"]),
        "truth": pd.array([True, None, False, True, True], dtype="boolean"),
        "nothing": [None] * 5,
    }
)
FRAME["zoned"] = FRAME["time"].dt.tz_localize("Europe/Berlin")


@pytest.mark.parametrize("places", [[0, 1, 2, 3, 4], [4, 0], [1], []])
def test_cells_look_as_in_a_file_whichever_rows_are_shown(places: list[int]) -> None:
    page = ShownCells.of(FRAME).page(np.array(places, dtype=np.int32))
    assert list(page.columns) == list(FRAME.columns)
    for name in FRAME:
        whole = cell_texts(FRAME[name]).texts.to_pylist()
        shown = [None if pd.isna(cell) else cell for cell in page[name]]
        assert shown == [whole[place] for place in places], name


def test_texts_stand_at_the_left_and_figures_at_the_right() -> None:
    cells = ShownCells.of(FRAME)
    assert [name for name in FRAME if cells.is_text(name)] == ["t", "c", "d"]
