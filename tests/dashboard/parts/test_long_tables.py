"""A table of more rows than a page: every row is found, put in order, and reached."""

import pytest
from streamlit.testing.v1 import AppTest

from analytics.dashboard.parts.widgets import ROWS_SHOWN
from analytics.rows import SortKey


def page() -> None:
    import pandas as pd

    from analytics.dashboard.parts import widgets

    frame = pd.DataFrame({"n": range(2_500), "text": [f"row {n}" for n in range(2_500)]})
    widgets.table(frame, key="long", alt="Many rows", numbered=True)
    widgets.table(frame.head(10), key="short", alt="Few rows")


@pytest.mark.slow
def test_a_long_table_is_searched_and_put_in_order_as_a_whole() -> None:
    at = AppTest.from_function(page, default_timeout=120).run()
    assert not at.exception
    assert len(at.text_input) == 1  # the short table needs none
    assert at.dataframe[0].value.index.tolist() == list(range(1, ROWS_SHOWN + 1))
    assert at.caption[0].value == "Rows 1 to 1,000 of 2,500."
    at.text_input(key="long_search").set_value("ROW 2499").run()
    assert at.dataframe[0].value["n"].tolist() == [2_499]
    assert at.dataframe[0].value.index.tolist() == [2_500]
    assert at.caption[0].value == "1 of 2,500 rows found."
    at.text_input(key="long_search").set_value("nothing like it").run()
    assert len(at.dataframe[0].value) == 0
    at.text_input(key="long_search").set_value("").run()
    at.multiselect(key="long_sort").select(SortKey("n", descending=True).sentence()).run()
    assert at.dataframe[0].value["n"].tolist()[:2] == [2_499, 2_498]
    at.session_state["long_number"] = 3
    at.run()
    assert at.dataframe[0].value["n"].tolist() == list(range(499, -1, -1))
