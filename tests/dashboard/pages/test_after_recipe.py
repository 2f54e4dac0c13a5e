"""Every page shows for rows that a recipe left what it shows for a file that has only these rows.

Only what rows are called differs: they keep their number and their line in the file as it was read.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.server.datasets import DataSet, roles_of
from analytics.dashboard.server.history import History
from analytics.recipe import DropNumbers, Recipe
from analytics.tables import read_table

SAMPLES = Path(__file__).parents[3] / "sample_data"
ROW_COLUMNS = {"row", "Row", "Line", "line"}
_NUMBERED = re.compile(r"\b((?:[Rr]ow|line)s? )(\d[\d,]*)(?! of the sheet)")


def opened(open_page: Callable[..., AppTest], page: str, source: bytes, gone: int) -> AppTest:
    """The page on a file whose first ``gone`` rows the recipe drops."""
    table = read_table(source, name="mine.csv")
    dataset = DataSet(f"{table.sha256}:test", "mine.csv", table, roles_of(table), source=source)
    at = open_page("data")
    at.session_state["zetascope_uploads"] = {"mine.csv": dataset}
    if gone:
        dropped = Recipe(file=table.sha256).with_step(DropNumbers(tuple(range(1, gone + 1))))
        at.session_state["zetascope_recipes"] = {table.sha256: History(dropped)}
    at.session_state["zetascope_open_next"] = "mine.csv"
    at.run()
    if page != "data":
        at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    return at


def shown(at: AppTest, gone: int) -> tuple[list[str], list[pd.DataFrame]]:
    """Texts and tables of the page, with rows called as if the file began after ``gone`` of them."""
    texts = [
        str(one.value) for kind in ("subheader", "markdown", "info", "warning") for one in at.main.get(kind)
    ]
    texts += [str(one.value) for one in at.main.get("caption") if " after 1 step" not in one.value]
    texts += [f"{one.label} {one.value} {one.delta}" for one in at.main.get("metric")]

    def renumbered(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2].replace(',', '')) - gone}"

    tables = [one.value for one in at.main.get("arrow_data_frame")]
    return [_NUMBERED.sub(renumbered, text) for text in texts], [_renumbered(table, gone) for table in tables]


def _renumbered(table: pd.DataFrame, gone: int) -> pd.DataFrame:
    named = {name: table[name] - gone for name in table.columns if name in ROW_COLUMNS}
    table = table.assign(**named)
    is_numbered = table.index.name == "row" or (len(table) and table.index.min() > gone > 0)
    return table.set_axis(table.index - gone) if is_numbered else table


def halves(name: str, *, first: int, rows: int) -> tuple[bytes, bytes]:
    """A sample's rows, and the same without the ``first``."""
    header, *lines = (SAMPLES / name).read_bytes().splitlines(keepends=True)
    return header + b"".join(lines[:rows]), header + b"".join(lines[first:rows])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "name", "first", "rows"),
    [
        ("standardize", "wine.csv", 60, 178),
        ("compare", "wine.csv", 60, 178),
        ("outliers", "wine.csv", 60, 178),
        ("returns", "stocks.csv", 100, 500),
        pytest.param("scaling_effects", "wine.csv", 30, 178, marks=pytest.mark.slow),
        pytest.param("text_map", "opinions.csv", 40, 160, marks=pytest.mark.slow),
    ],
)
def test_a_page_shows_the_same_for_the_rows_that_are_left(
    open_page: Callable[..., AppTest], page: str, name: str, first: int, rows: int
) -> None:
    whole, part = halves(name, first=first, rows=rows)
    texts, tables = shown(opened(open_page, page, whole, first), first)
    wanted_texts, wanted_tables = shown(opened(open_page, page, part, 0), 0)
    assert texts and [text for text in texts if text not in wanted_texts] == []
    assert len(texts) == len(wanted_texts)
    assert len(tables) == len(wanted_tables)
    for table, wanted in zip(tables, wanted_tables, strict=True):
        pd.testing.assert_frame_equal(table, wanted, check_index_type=False, check_dtype=False)
