"""Digits that are names stay text, with the reason; where that is not sure, "number" is one click away."""

import pytest

from analytics.tables import ReadOptions
from analytics.tables.typed.codes import names_a_code, stays_plain
from tests.tables.typed.reading import read, values


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("x", ["192.168.100.101", "192.168.100.102"]),
        ("PLZ", ["10115", "80331"]),
        ("CP", ["28013", "41001"]),
        ("código postal", ["28013", "41001"]),
        ("Postnummer", ["11120", "75236"]),
        ("Telefon", ["601123456", "602345678"]),
        ("teléfono móvil", ["601 123 456", "602 345 678"]),
        ("Telefonnummer", ["601.123.456", "602.345.678"]),
        ("version", ["1.100.200", "1.101.000"]),
        ("Version", ["1.10", "1.9"]),
        ("PIN", ["110001", "400050"]),
        ("ean", ["4006381333931", "5901234123457"]),
        ("sku", ["48210", "48211"]),
        ("x", ["9780306406157", "9783161484100"]),
    ],
)
def test_codes_are_text_for_sure(name: str, cells: list[str | None]) -> None:
    converted = read(cells, name=name)
    assert values(converted, name) == cells
    assert converted.readings[0].sentence.startswith("Text: ")
    assert converted.readings[0].alternatives == ("number",)
    assert not converted.doubts


@pytest.mark.parametrize(
    ("name", "cells", "numbers"),
    [
        ("x", ["1.100.200", "1.101.000"], [1100200, 1101000]),
        ("x", ["601 123 456", "602 345 678"], [601123456, 602345678]),
        ("x", ["110 001", "400 050"], [110001, 400050]),
        ("Kundennr", ["1000123", "1000124"], [1000123, 1000124]),
        ("customerId", ["1000123", "1000124"], [1000123, 1000124]),
        ("Konto", ["120000", "440000"], [120000, 440000]),
        ("naics", ["111110", "238220"], [111110, 238220]),
        ("compte", ["411000", "512000"], [411000, 512000]),
        ("číslo účet", ["2100123456", "2100123457"], [2100123456, 2100123457]),
        ("section", ["1.1", "1.2", "1.10"], [1.1, 1.2, 1.1]),
        ("Kapitel", ["1", "1.1", "2.10"], [1, 1.1, 2.1]),
        ("python", ["3.8", "3.10", "3.9"], [3.8, 3.1, 3.9]),
        ("ubuntu", ["20.04", "20.10", "22.04"], [20.04, 20.1, 22.04]),
        ("Dewey", ["512.2", "510.10", "3.5"], [512.2, 510.1, 3.5]),
        ("icd_9", ["250.0", "401.10", "3.5"], [250, 401.1, 3.5]),
        ("x", ["4111111111111111", "5500000000000004"], [4111111111111111, 5500000000000004]),
        ("x", ["340000000000009", "4111111111111111"], [340000000000009, 4111111111111111]),
    ],
)
def test_likely_codes_are_text_and_asked(name: str, cells: list[str | None], numbers: list[float]) -> None:
    converted = read(cells, name=name)
    assert values(converted, name) == cells
    (doubt,) = converted.doubts
    assert [made for _, made in doubt.alternatives[0].cells] == [str(number) for number in numbers]
    again = read(cells, name=name, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert values(again, name) == numbers
    assert not again.doubts


def test_sections_and_releases_under_any_name_are_text_and_asked() -> None:
    cells: list[str | None] = ["2.7", "2.8", "2.9", "2.10", "2.11", "3.0"]
    converted = read(cells)
    (doubt,) = converted.doubts
    assert values(converted) == cells and "2.10 would be 2.1" in doubt.evidence
    assert values(read(cells, options=doubt.alternatives[0].chosen(ReadOptions())))[3] == 2.1


@pytest.mark.parametrize("name", ["Android", "iOS", "python", "Share of Java"])
@pytest.mark.parametrize(
    "cells", [["72.26", "27.40", "70.10"], ["15.0", "15.3", "9.8"], ["3.8", "3.9", "3.11"], ["8", "11", "17"]]
)
def test_shares_of_programs_are_numbers(name: str, cells: list[str | None]) -> None:
    converted = read(cells, name=name)
    assert values(converted, name) == [float(str(cell)) for cell in cells] and not converted.doubts


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (["3.1", "3.10", "2.5"], True),
        (["7.2", "7.20", "7.45"], True),
        (["3.50", "3.5", "2.25"], False),
        (["3.10", "3.20", "3.30", "3.40"], False),
        (["0.5", "0.10", "0.25"], False),
        (["0.1", "0.2", "0.3", "0.10"], True),
        (["1.1", "1.2", "1.3", "1.25"], False),
        (["1.1", "1.10", "1.75"], False),
    ],
)
def test_short_numbers_stay_numbers_and_are_asked_if_3_1_is_written_twice(
    cells: list[str | None], asked: bool
) -> None:
    converted = read(cells)
    assert values(converted) == [float(str(cell)) for cell in cells]
    assert [doubt.alternatives[0].label for doubt in converted.doubts] == ["text"] * asked
    assert not stays_plain("x", [str(cell) for cell in cells]) or not asked


def test_check_digits_of_articles_make_codes() -> None:
    cells: list[str | None] = [
        "4006381333931", "5901234123457", "4012345678901", "7610400073578", "3017620422003",
    ]  # fmt: skip
    assert "EAN" in read(cells).readings[0].sentence
    cells[0] = "4006381333932"
    assert read(cells).readings[0].kind == "integer"


def test_numbers_as_wide_as_account_numbers_are_asked() -> None:
    converted = read(["1234567890", "2234567891", "3934567892", "2234567895", "1934567891"])
    assert converted.readings[0].kind == "integer"
    assert [doubt.alternatives[0].label for doubt in converted.doubts] == ["text"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("id", ["1", "2", "3"]),
        ("id", ["998", "999", "1000"]),
        ("market cap", ["12345", "23456"]),
        ("Anzahl", ["12345", "23456"]),
        ("x", ["120 500", "99 000", "1 200 000"]),
        ("x", ["120 500", "230 400"]),
        ("Einwohner", ["1.234.567", "2.000", "800"]),
    ],
)
def test_quantities_stay_numbers(name: str, cells: list[str | None]) -> None:
    digits = [int(str(cell).replace(" ", "").replace(".", "")) for cell in cells]
    assert values(read(cells, name=name), name) == digits


def test_typographic_blanks_speak_for_numbers() -> None:
    assert values(read(["601\u202f123", "602\u202f345"])) == [601123, 602345]


@pytest.mark.parametrize(
    "name", ["PLZ", "zip_code", "Kundennummer", "orderId", "N° client", "Artikel-Nr", "κωδικός"]
)
def test_names_of_codes(name: str) -> None:
    assert names_a_code(name)


@pytest.mark.parametrize(
    "name", ["width", "idea", "Zippo", "recode", "Pinot", "telling", "numbers", "Kontostand"]
)
def test_names_of_quantities(name: str) -> None:
    assert not names_a_code(name)


@pytest.mark.parametrize(
    ("name", "cells", "plain"),
    [
        ("x", ["1", "20", "300"], True),
        ("x", ["1.5", "2.25"], False),  # 2.25 may be a section, 2.75 hardly
        ("x", ["1.5", "2.75"], True),
        ("x", ["1.200", "999"], False),
        ("x", ["1.200", "99.5"], True),
        ("x", ["20240131", "20240201"], False),
        ("x", ["1234567890", "2345678901"], False),
        ("x", ["1234567890", "5"], True),
        ("plz", ["10115"], False),
        ("timestamp", ["17"], False),
        ("x", ["", ""], True),
    ],
)
def test_a_few_cells_rule_out_what_holds_for_all(name: str, cells: list[str], plain: bool) -> None:
    assert stays_plain(name, cells) is plain


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("HS code", ["18.69", "46.11", "92.40", "27.10", "11.01"]),
        ("item_no", ["250.0", "401.9", "530.1", "110.2", "780.6"]),
    ],
)
def test_a_code_with_a_point_keeps_its_last_0_and_is_asked(name: str, cells: list[str | None]) -> None:
    converted = read(cells, name=name)
    assert values(converted, name) == cells
    (doubt,) = converted.doubts
    assert doubt.column == name and [other.label for other in doubt.alternatives] == ["numbers"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("price", ["18.69", "46.11", "92.40", "27.10", "11.01"]),
        ("account", ["18.69", "146.11", "92.40", "27.10", "11.01"]),
        ("code", ["18.69", "46.11", "92.40", "27.10"]),
    ],
)
def test_amounts_with_a_point_stay_numbers(name: str, cells: list[str]) -> None:
    assert values(read(cells, name=name), name) == list(map(float, cells))
