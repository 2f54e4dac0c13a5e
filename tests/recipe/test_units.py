"""Numbers in different units: told, converted exactly, split where nothing converts them."""

import numpy as np
import pandas as pd
import pytest

from analytics.recipe import Recipe, RecipeError, SetUnit, SplitByUnit, Suggestion, ToUnit, suggest
from analytics.recipe.measures import known_unit, quantity_of, scales_to
from analytics.tables import Table, read_table


def file(*rows: str) -> Table:
    return read_table("\n".join(rows).encode())


def told(table: Table, kind: str) -> Suggestion | None:
    return next((one for one in suggest(table) if one.kind == kind), None)


@pytest.mark.parametrize(
    ("value", "by", "to", "wanted"),
    [
        (500, "g", "kg", 0.5),
        (3, "kg", "g", 3000),
        (1, "lb", "g", 453.59237),
        (16, "oz", "lbs", 1),
        (12, "in", "ft", 1),
        (1, "mile", "km", 1.609344),
        (1, "gal", "l", 3.785411784),
        (212, "°F", "°C", 100),
        (-40, "C", "F", -40),
        (0, "K", "°C", -273.15),
        (90, "min", "h", 1.5),
        (36, "km/h", "m/s", 10),
        (1, "kWh", "MJ", 3.6),
        (14.695948775513, "psi", "atm", 1),  # the pound-force and the inch of 1959
        (760, "mmHg", "hPa", 1013.25),
        (1, "ha", "m2", 10_000),
        (1, "MiB", "kB", 1048.576),
        (12.5, "%", "ppm", 125_000),
    ],
)
def test_units_become_each_other(value: float, by: str, to: str, wanted: float) -> None:
    frame = pd.DataFrame({"x": [value], "u": [by]})
    near = 1e-6 if by == "mmHg" else 1e-12  # a convention, 1e-7 parts more than the torr
    assert ToUnit("x", to, "u").apply(frame).frame.x[0] == pytest.approx(wanted, rel=near)


def test_every_unit_comes_back_from_every_other_of_its_quantity() -> None:
    for start in ("kg", "m", "m²", "l", "s", "m/s", "Pa", "J", "W", "V", "A", "Hz", "B", "g/l", "%", "°C"):
        for other, (by, plus, below) in scales_to(start).items():
            assert quantity_of(other) == quantity_of(start) is not None
            back, minus, over = scales_to(other)[start]
            assert by * back == below * over and plus * back + minus * below == 0


def test_case_makes_another_unit_where_it_does() -> None:
    assert known_unit("mW") == "mW" and known_unit("MW") == "MW"
    assert known_unit("Kg") == "kg" and known_unit(" lbs. ") == "lb" and known_unit("ton") is None


def test_a_column_of_units_is_told_and_converted() -> None:
    table = file("item,amount,unit", "a,1.5,kg", "b,500,g", "c,2,kg", "d,3,Kg", "e,10,", "f,,g", "g,7,kg")
    one = told(table, "column of units")
    assert one and one.cells == 1 and one.columns == ("amount", "unit") and one.rows == (2,)
    assert one.steps == (ToUnit("amount", "kg", "unit"), SplitByUnit("amount", "unit"))
    made = Recipe(steps=one.steps[:1]).apply(table)
    assert made.frame.amount.tolist()[:4] == [1.5, 0.5, 2, 3] and made.frame.unit[:4].tolist() == ["kg"] * 4
    assert np.isnan(made.frame.amount[4]) and pd.isna(made.frame.unit[4]) and made.frame.unit[5] == "g"
    assert made.account[0].examples == ((5, "10.0 no unit"),)
    assert made.account[0].cells == 4  # 500 and what has no unit any more, g and Kg beside their numbers
    assert made.report.column_readings[1].unit == "kg"
    assert told(made, "column of units") is None and told(made, "column of one unit") is None


def test_what_nothing_converts_is_split() -> None:
    table = file("id,price,currency,n", "1,3.5,EUR,1", "2,4,USD,2", "3,7,EUR,3", "4,9,,4")
    one = told(table, "column of units")
    assert one and one.steps == (SplitByUnit("price", "currency"),)
    made = one.steps[0].apply(table.frame).frame
    assert list(made) == ["id", "price (EUR)", "price (USD)", "price (no unit)", "currency", "n"]
    assert made["price (EUR)"].dropna().tolist() == [3.5, 7] and made[
        "price (no unit)"
    ].dropna().tolist() == [9]


def test_one_unit_in_every_row_becomes_the_columns() -> None:
    table = file("item,weight,height,weight_unit", "a,1.5,2,kg", "b,500,3,KG", "c,2,5,kg")
    one = told(table, "column of one unit")
    assert one and one.steps == (SetUnit("weight", "kg"),)
    assert told(Recipe(steps=one.steps).apply(table), "column of one unit") is None


def test_units_behind_numbers_become_one() -> None:
    table = file("item,weight", "a,1.5 kg", "b,500 g", "c,2 kg", "d,3 kg", "e,7 g", "f,12 kg")
    one = told(table, "units")
    assert one and one.steps == (ToUnit("weight", "kg"),)
    assert one.steps[0].apply(table.frame).frame.weight.tolist() == [1.5, 0.5, 2, 3, 0.007, 12]


@pytest.mark.parametrize(
    "rows",
    [
        ("name,age,sex", "a,31,m", "b,40,f", "c,22,m"),
        ("name,age,sex", "a,31,m", "b,40,m", "c,22,m"),
        ("state,pop", "MO,5", "PA,6", "MI,7"),
        ("business unit,staff", "HR,5", "IT,6", "Sales,7"),
        ("grade,n", "A,5", "C,6", "A,7"),
        ("community,n", "kgx,5", "gx,6", "gx,7"),
        ("unit,name", "kg,a", "g,b", "kg,c"),  # no numbers
        ("sample id,unit,name", *(f"{1590 + place},{'kg' if place % 2 else 'g'},a" for place in range(9))),
        ("name,value,units,error", "Model,DM,,", "Sr,9.8,ppm,1", "Ba,1.2,ppb,2", "Hf,0.2,ppm,3"),
    ],
)
def test_what_names_no_units_is_left_alone(rows: tuple[str, ...]) -> None:
    assert not {one.kind for one in suggest(file(*rows))} & {"column of units", "column of one unit"}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (SplitByUnit("name", "unit"), "holds no numbers"),
        (ToUnit("name", "kg", "gone"), "holds no numbers"),
        (ToUnit("amount", "kg"), "holds no texts"),
        (ToUnit("amount", "kg", "gone"), "no column 'gone'"),
        (SplitByUnit("amount", "key"), "more than 50"),
    ],
)
def test_what_does_not_fit_is_said(step: ToUnit | SplitByUnit, said: str) -> None:
    rows = [f"{n},{n}{n % 7}x,kg,k{n}" for n in range(60)]
    with pytest.raises(RecipeError, match=said):
        step.apply(file("amount,name,unit,key", *rows).frame)


def test_no_unit_to_convert_to_is_refused() -> None:
    with pytest.raises(RecipeError, match="'pcs' is no unit that others"):
        ToUnit("x", "pcs")
