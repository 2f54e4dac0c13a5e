"""The Compare page counts columns that measure something and lists the others."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest


@pytest.mark.slow
def test_years_do_not_count_until_they_are_chosen(open_page: Callable[..., AppTest]) -> None:
    at = open_page("compare", data="Cars")
    counted = next(one for one in at.multiselect if one.label == "Columns that count")
    year = next(name for name in counted.options if "year" in name)
    assert year not in counted.value and len(counted.value) > 2
    assert any("measure nothing" in one.value and year in one.value for one in at.caption)
    counted.set_value([*counted.value, year]).run()
    assert not at.exception
    assert not any("measure nothing" in one.value for one in at.caption)
