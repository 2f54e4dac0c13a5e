"""Which number columns measure something, by names and values together."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers import find_outliers
from analytics.numbers.basics.measurements import not_measured

NAMED = [
    ("year", [1952, 2007], "years"),
    ("Baujahr", [1990, 2001], "years"),
    ("yr_built", [1900, 2014], "years"),
    ("model year", [70, 82], "years"),
    ("Years", [1999, 2004], "years"),
    ("PLZ", [1067, 99998], "codes"),
    ("zip code", [10001, 94110], "codes"),
    ("EmployeeNumber", [1, 2068], "codes"),
    ("Kundennummer", [4711, 9000], "codes"),
    ("day of week", [0, 6], "a part of the date"),
    ("Month", [1, 12], "a part of the date"),
    ("d", [20240131, 20241231], "dates written as numbers"),
    ("timestamp", [1_700_000_000, 1_700_000_600], "points in time"),
]
MEASURED = [
    ("YearsAtCompany", [0, 40]),
    ("years of education", [8, 21]),
    ("year", [1.5, 2.5]),
    ("num-of-doors", [2, 4]),
    ("number of reviews", [0, 900]),
    ("sales per month", [3, 9]),
    ("month", [1, 48]),
    ("monthly income", [1009, 19999]),
    ("peak-rpm", [4150, 6600]),
    ("amount", [20240131, 20249999]),
    ("timestamp", [3, 9]),
]


@pytest.mark.parametrize(("name", "values", "what"), NAMED)
def test_numbers_that_only_name_are_left_out(name: str, values: list[float], what: str) -> None:
    assert not_measured(pd.DataFrame({name: values}), [name]) == {name: what}


@pytest.mark.parametrize(("name", "values"), MEASURED)
def test_numbers_that_measure_are_not(name: str, values: list[float]) -> None:
    assert not_measured(pd.DataFrame({name: [*values, None]}), [name]) == {}


def test_a_search_leaves_them_out_unless_they_are_named() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"year": rng.integers(1950, 2020, 50), "height": rng.normal(size=50)})
    assert find_outliers(frame, methods=["zscore"]).columns == ("height",)
    assert find_outliers(frame, methods=["zscore"], columns=["year"]).columns == ("year",)
    with pytest.raises(ZetascopeError, match=r"'year' \(years\): name the columns"):
        find_outliers(frame[["year"]], methods=["zscore"])
