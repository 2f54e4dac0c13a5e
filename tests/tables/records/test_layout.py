"""Rows below the names that are no records: the name of an index, units, and what stays one."""

import pytest

from analytics.tables import Table, read_table

DAYS = "".join(f"2024-01-{day:02d},{day}.5,{day + 1}.25\n" for day in range(1, 31))


def read(text: str) -> Table:
    return read_table(text.encode())


PRICES = {
    "one asset": ("Price,Close,High\nTicker,MSFT,MSFT\nDate,,\n", ["Date", "Close MSFT", "High MSFT"]),
    "two assets": ("Price,Close,Close\nTicker,MSFT,AAPL\nDate,,\n", ["Date", "Close MSFT", "Close AAPL"]),
    "no name above the names": (",Close,Close\n,MSFT,AAPL\nDate,,\n", ["Date", "Close MSFT", "Close AAPL"]),
    "groups named once": ("Price,Close,\nTicker,MSFT,AAPL\nDate,,\n", ["Date", "Close MSFT", "Close AAPL"]),
    "an index below one row of names": ("Price,Close,High\nDate,,\n", ["Date", "Close", "High"]),
    "another word": ("Kurs,Schluss,Hoch\nDatum,,\n", ["Datum", "Schluss", "Hoch"]),
}


@pytest.mark.parametrize("name", PRICES)
def test_the_row_of_an_index_names_the_first_column(name: str) -> None:
    head, names = PRICES[name]
    table = read(head + DAYS)
    assert list(table.frame.columns) == names
    assert len(table.frame) == 30
    assert table.frame.iloc[:, 0].dtype.kind == "M"
    assert table.frame.iloc[-1, 1] == 30.5


UNITS = {
    "square brackets": ("[s],[°C],[m3/h]", ("s", "°C", "m3/h")),
    "round brackets": ("(s),(kg),(N·m)", ("s", "kg", "N·m")),
    "bare": ("ms,V,mA", ("ms", "V", "mA")),
    "one": (",[°C],", ("", "°C", "")),
    "dashes for none": ("-,%,km/h", ("", "%", "km/h")),
    "brackets around nothing": ("[-],[-],[W/m^2]", ("", "", "W/m^2")),
}


@pytest.mark.parametrize("name", UNITS)
def test_a_row_of_units_is_kept_as_units(name: str) -> None:
    row, units = UNITS[name]
    table = read(f"a,b,c\n{row}\n" + "".join(f"{n},{n}.5,{n * 2}\n" for n in range(12)))
    assert list(table.frame.columns) == ["a", "b", "c"]
    assert [dtype.kind for dtype in table.frame.dtypes] == ["i", "f", "i"]
    assert len(table.frame) == 12
    readings = table.report.column_readings
    assert tuple(reading.unit for reading in readings) == units
    assert all(unit in reading.sentence for unit, reading in zip(units, readings, strict=True))
    assert [(r.kind, r.line) for r in table.report.repairs] == [("units", 2)]


MORE_UNITS = {
    "capitals": ("L_SEC,KM,WATT", ("L_SEC", "KM", "WATT"), 2),
    "a first cell that says units": ("Units,V,W", ("", "V", "W"), 2),
    "names of variables below": ("Units,V,W\n[0],inv_vac,inv_pso", ("", "V", "W"), 2),
}


@pytest.mark.parametrize("name", MORE_UNITS)
def test_units_in_capitals_and_below_a_label(name: str) -> None:
    rows, units, line = MORE_UNITS[name]
    first = "ABB {0}" if rows.startswith("Units") else "{0}"
    table = read(f"Name,Vac,Pso\n{rows}\n" + "".join(f"{first.format(n)},{n}.5,{n * 2}\n" for n in range(12)))
    assert list(table.frame.columns) == ["Name", "Vac", "Pso"]
    assert len(table.frame) == 12
    assert tuple(reading.unit for reading in table.report.column_readings) == units
    assert [(repair.kind, repair.line) for repair in table.report.repairs] == [("units", line)]


TYPES = {
    "words in all cells": ("word,symbol\nstring,string\n", "tee,ADJ\nmnt,S\nvald,S\n", ["word", "symbol"]),
    "types and nothing": ("Date\tHigh\ntime\tcontinuous\n\t\n", "1990-01-02\t12.5\n" * 4, ["Date", "High"]),
    "letters and flags": ("length\tiris\nc\td\n\tclass\n", "5.1\tsetosa\n4.9\tsetosa\n", ["length", "iris"]),
}


@pytest.mark.parametrize("name", TYPES)
def test_rows_of_types_are_told_and_no_rows(name: str) -> None:
    head, body, names = TYPES[name]
    table = read(head + body)
    assert list(table.frame.columns) == names
    assert len(table.frame) == body.count("\n")
    assert [(repair.kind, repair.line) for repair in table.report.repairs] == [("types", 2)]


@pytest.mark.parametrize("text", ["kind,n\nstring,1\ndate,2\ntime,3\n", "a,b\nc,d\ne,f\ng,h\n"])
def test_a_word_for_a_type_among_records_is_a_value(text: str) -> None:
    assert len(read(text).frame) == 3


def test_number_commas_below_units() -> None:
    table = read("t;x\n[ms];[mV]\n" + "".join(f"{n};{n},25\n" for n in range(12)))
    assert table.frame["x"].tolist() == [n + 0.25 for n in range(12)]
    assert [reading.unit for reading in table.report.column_readings] == ["ms", "mV"]


@pytest.mark.parametrize(
    "text",
    [
        "sex,n\nm,1\nf,2\nm,3\n",
        "name,state\n(none),(new)\n(some),(old)\nx,y\n",
        "a,b,c\nx,,\n" + "y,1,2\n" * 9,
        "size,price\nL,5\nM,4\nS,3\n",
        "v\n1,2,3\n2\n4,5\n",
    ],
)
def test_words_that_are_records_stay_so(text: str) -> None:
    table = read(text)
    assert len(table.frame) == text.count("\n") - 1
    assert not any(reading.unit for reading in table.report.column_readings)


@pytest.mark.parametrize("below", ["Model,E-DMM,,", "Source,,,", "Reservoir,Mantle,,"])
def test_settings_above_numbers_are_records_and_no_second_names(below: str) -> None:
    numbers = "".join(f"El{i},{i}.5,ppm,0.{i + 1}\n" for i in range(1, 30))
    table = read_table(f"var,value,units,error\n{below}\nModelType,,,\n{numbers}".encode())
    assert list(table.frame.columns) == ["var", "value", "units", "error"]
    assert len(table.frame) == 31 and table.frame["var"][0] == below.split(",")[0]


def test_a_full_row_of_words_above_numbers_names_columns_too() -> None:
    table = read_table(b"size,weight\nof body,of body\n1.5,2\n3.5,4\n2.5,5\n")
    assert list(table.frame.columns) == ["size of body", "weight of body"]


def test_the_name_of_an_index_below_two_rows_of_names() -> None:
    rows = "".join(f"Team {n},{n},{n + 1},{n + 2},{n}\n" for n in range(4))
    table = read_table(f",home,home,away,away\n,W,D,W,D\nTeam,,,,\n{rows}".encode())
    assert list(table.frame.columns) == ["Team", "home W", "home D", "away W", "away D"]
    assert len(table.frame) == 4


def test_a_unit_above_a_column_without_values() -> None:
    rows = "".join(f"{n}000.0,,{n}.0,{n}\n" for n in range(1, 6))
    table = read_table(f"speed,power,torque,pressure\nrpm,kW,N m,bar\n{rows}".encode())
    assert list(table.frame.columns) == ["speed", "power", "torque", "pressure"]
    assert [reading.unit for reading in table.report.column_readings] == ["rpm", "kW", "N m", "bar"]


def test_a_labelled_row_of_types_is_no_part_of_the_names() -> None:
    table = read_table(b"id\tn\tgroup\n#q2:types\tnumeric\tcategorical\na\t1\tx\nb\t2\ty\n")
    assert list(table.frame.columns) == ["id", "n", "group"]
    assert table.frame["n"].tolist() == [1, 2]
    assert "types" in [repair.kind for repair in table.report.repairs]


def test_words_above_an_empty_row_are_notes() -> None:
    rows = "".join(f"{n},3.{n},0.0{n}\n" for n in range(9))
    above = 'Please,cite:,A stack\nPleist,ocene,records\nPaleo,vol,"20, 1003"\n,,\n'
    table = read_table(f"{above}Time (ka),d18O,error\n{rows}".encode())
    assert list(table.frame.columns) == ["Time (ka)", "d18O", "error"]
    assert len(table.report.preamble) == 4


def test_names_that_come_in_turn() -> None:
    table = read_table(
        b"Format,What,Format,What\nA,Alphanumeric,JDATE,Julian date\nAHEX,hexadecimal,MONTH,Month\n"
    )
    assert table.report.header_row == 1


def test_a_name_that_is_also_a_code_below_it() -> None:
    codes = [f"{a}{b}" for a in "ABCDEFGHI" for b in "ADGJMPSVYZ"]
    rows = "".join(f"Land of {code.lower()},Region {n % 5},{code}\n" for n, code in enumerate(codes))
    table = read_table(f"Country,Group,ID\n{rows}".encode())
    assert "ID" in codes
    assert list(table.frame.columns) == ["Country", "Group", "ID"]


def test_flags_below_types_may_say_more() -> None:
    text = (
        "Category\tn\tContent\ndiscrete\tcontinuous\tstring\n\tmeta\tinclude=True\nx\t1.5\tone\ny\t2.5\ttwo\n"
    )
    table = read_table(text.encode())
    assert list(table.frame.columns) == ["Category", "n", "Content"]
    assert table.frame["n"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize(
    "types", ["d\td\tstring\n\tclass\tmeta type=image\n", "c\td\ts\n", "continuous\td\tstring\n\t\tmeta\n"]
)
def test_letters_of_types_below_names_are_no_row(types: str) -> None:
    table = read_table(f"size\tkind\tpicture\n{types}1\t0\ta.png\n2\t1\tb.png\n3\t0\tc.png\n".encode())
    assert table.frame.columns.tolist() == ["size", "kind", "picture"]
    assert table.frame["size"].tolist() == [1, 2, 3]


def test_answers_that_are_letters_are_rows() -> None:
    assert len(read_table(b"q1,q2,q3\nc,d,c\na,b,d\nb,b,c\n").frame) == 3
