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


@pytest.mark.slow
def test_the_page_opens_with_two_columns_of_one_kind(open_page: Callable[..., AppTest]) -> None:
    at = open_page("data")
    rows = "doors,city-mpg,height,highway-mpg\n" + "".join(
        f"{2 + n % 2},{15.5 + 5 * n % 11},{160.5 + 7 * n % 12},{17.5 + 3 * n % 11}\n" for n in range(12)
    )
    at.file_uploader[0].upload("cars.csv", rows.encode(), "text/csv").run()
    at.switch_page("pages/compare.py").run()
    assert not at.exception and not at.error
    assert [at.selectbox(key=f"compare_{place}").value for place in ("first", "second")] == [
        "city-mpg",
        "highway-mpg",
    ]
    assert "in city-mpg and" in at.subheader[0].value.replace("\\", "")
