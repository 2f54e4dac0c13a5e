"""Two columns of one kind: by their units, their words and their ranges."""

import pandas as pd
import pytest

from analytics.numbers.standardizing.one_kind import two_of_one_kind

_LOW, _HIGH = [1.0, 2.0, 3.0, 4.0, 5.0, 6.5], [100.0, 220.0, 300.0, 410.0, 500.0, 615.0]
_MIDDLE = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


@pytest.mark.parametrize(
    ("columns", "pair"),
    [
        ({"doors": _LOW, "city-mpg": _LOW, "highway-mpg": _MIDDLE}, ("city-mpg", "highway-mpg")),
        ({"cityMpg": _LOW, "doors": _LOW, "highwayMpg": _MIDDLE}, ("cityMpg", "highwayMpg")),
        ({"width (cm)": _LOW, "width (kg)": _LOW, "reach (cm)": _MIDDLE}, ("width (cm)", "reach (cm)")),
        (
            {"petal_length": _LOW, "petal_width": _LOW, "sepal_length": _MIDDLE},
            ("petal_length", "sepal_length"),
        ),
        ({"Mathe": [1, 2, 4, 6], "Alter": [9, 11, 12, 13], "Kunst": [6, 1, 2, 3]}, ("Mathe", "Kunst")),
        ({"depth (mm)": _LOW, "mass (g)": _LOW, "length (mm)": _HIGH}, ("depth (mm)", "length (mm)")),
        ({"fixed acidity": _HIGH, "volatile acidity": _LOW}, None),
        ({"age": _LOW, "income": _HIGH}, None),
        ({"number of doors": _LOW, "number of seats": _MIDDLE}, None),
        ({"smoker": [0, 1, 0, 1], "married": [1, 0, 0, 1]}, None),
        ({"empty mpg": [None] * 4, "city mpg": [1.0, 2.0, 3.0, 4.0]}, None),
        ({"same mpg": [2.0] * 4, "city mpg": [1.0, 2.0, 3.0, 4.0]}, None),
    ],
)
def test_the_likest_two_columns(columns: dict[str, list[float]], pair: tuple[str, str] | None) -> None:
    frame = pd.DataFrame({name: pd.Series(values, dtype="float64") for name, values in columns.items()})
    assert two_of_one_kind(frame, list(frame.columns)) == pair
