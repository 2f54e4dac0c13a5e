"""Columns whose mean over all rows says nothing: told with what they mix."""

import json

import pytest

from analytics.tables import read_table


def told(text: str) -> list[str]:
    return [one.sentence for one in read_table(text.encode()).report.decisions if one.what == "quantities"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "field,value,unit\nheight,1.8,m\nweight,80,kg\nage,44,years\n",
            ("unit names 3 units (m, kg, years) for value",),
        ),
        ("field,value\nheight,1.8\nweight,80\nage,44\n", ("field names 3 quantities", "for value")),
        (
            "Merkmal;Wert;Einheit\nHöhe;1,8;m\nMasse;80;kg\nMasse;81;kg\n",
            ("Einheit names 2 units (m, kg) for Wert",),
        ),
        (
            "id,price,price_currency,n\na,1.5,EUR,3\nb,2.5,USD,4\n",
            ("price_currency names 2 units (EUR, USD) for price:",),
        ),
        ("city,amount,currency\nx,1.5,EUR\ny,2.5,USD\nz,7.5,GBP\n", ("(EUR, USD, GBP) for amount",)),
        ("day,amount,dc\n1,12.5,D\n2,80,C\n3,44,D\n", ("dc says D or C", "(amount)")),
        ("k;Betrag;S/H\na;12,50;S\nb;80,00;H\n", ("S/H says S or H", "(Betrag)")),
        ("k,amount,sign\na,12.5,+\nb,80,-\nc,3,+\n", ("sign says + or -",)),
        ("k,amount,x\na,12.5,Dr\nb,80,Cr\nc,3,Cr.\n", ("Dr",)),
        ("k,amount,x\na,12.5,Buy\nb,80,Sell\nc,3,Buy\n", ("x says Buy or Sell",)),
    ],
)
def test_what_a_column_mixes_is_told(text: str, parts: tuple[str, ...]) -> None:
    (sentence,) = told(text)
    assert all(part in sentence for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "field,value,unit\nheight,1.8,m\nlength,80,m\nwidth,44,m\n".replace("field", "what"),
        "k,amount,dc\na,12.5,D\nb,-80,C\n",  # the sign is there
        "k,amount,grade\na,12.5,C\nb,80,D\n",
        "k,amount,x\na,12.5,in\nb,80,out\nc,3,off\n",
        "business unit,amount\nSales,3.5\nHR,4.5\n",
        "unit,floor\nA1,3\nB2,4\n",
        "a,b\n1,2\n3,4\n",
        "unit,word\nm,x\nkg,y\n",
    ],
)
def test_columns_of_one_quantity_are_not(text: str) -> None:
    assert not told(text)


def test_records_of_other_formats_are_told_as_well() -> None:
    records = [{"parameter": "NO2", "value": 12.5}, {"parameter": "temperature", "value": 3.5}]
    report = read_table(json.dumps(records).encode(), name="x.json").report
    assert any("parameter names 2 quantities" in one.sentence for one in report.decisions)


def test_a_minus_beside_a_plus_is_no_missing_value() -> None:
    table = read_table(b"k,amount,sign\na,12.5,+\nb,80,-\nc,3,+\n")
    assert table.frame["sign"].tolist() == ["+", "-", "+"] and not table.report.doubts
