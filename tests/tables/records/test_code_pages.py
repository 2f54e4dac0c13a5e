"""Texts in the code pages of many languages: read right, or asked about; never wrong in silence."""

import codecs
import pkgutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from encodings import __path__ as encodings_path

import pytest

from analytics.tables import ENCODINGS, ReadOptions, TableError, read_table
from analytics.tables.records.encoding import Decoded, decode
from tests.tables.records.language_samples import SAMPLES, encoded

CASES = [(language, name) for language, (names, _) in SAMPLES.items() for name in names.split()]


def found(data: bytes) -> Decoded:
    return decode(data, options=ReadOptions())


def files(language: str, encoding: str) -> Iterator[tuple[str, str, bytes]]:
    """Kind of file, its text, and its bytes: one word beyond ASCII or two, three rows, many rows."""
    lines = SAMPLES[language][1].split("|")
    rows = [("one row", [line]) for line in lines] + [
        ("one row", [cell]) for cell in ";".join(lines).split(";")
    ]
    rows += [("three rows", lines[i : i + 3]) for i in range(0, len(lines) - 2, 3)] + [("long", lines * 3)]
    for kind, part in rows:
        text = "city;note;n\n" + "".join(f"{line};1\n" for line in part) + "X;y;2\n"
        try:
            data = encoded(text, encoding)
        except UnicodeEncodeError:
            continue
        if not text.isascii():
            yield kind, text, data


@pytest.mark.slow
@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_right_or_asked(language: str, encoding: str) -> None:
    results: dict[str, Counter[str]] = {}
    for kind, text, data in files(language, encoding):
        got = found(data)
        right = got.text == text
        results.setdefault(kind, Counter())["right" if right else "wrong"] += 1
        assert right or got.doubts, (kind, got.encoding, got.text)
        if not right and kind != "one row":
            offered = [dict(answer.changes)["encoding"] for answer in got.doubts[0].alternatives]
            assert text in [unicodedata.normalize("NFC", data.decode(str(name))) for name in offered]
    assert results["long"]["wrong"] == 0
    assert results["one row"]["right"] >= 0.35 * results["one row"].total()


def test_a_doubt_shows_the_same_line_in_each_reading_and_can_be_answered() -> None:
    data = "name;n\nx;1\nDrøbak;2\n".encode("cp865")
    report = read_table(data).report
    (doubt,) = report.doubts
    assert "line 3" in doubt.evidence
    readings = (doubt.taken, *doubt.alternatives)
    assert 2 <= len(readings) <= 3
    shown = {dict(reading.changes)["encoding"]: reading.cells[0][1] for reading in readings}
    assert len(set(shown.values())) == len(shown)
    for encoding, cell in shown.items():
        assert cell == data.splitlines()[2].decode(str(encoding))
    chosen = doubt.alternatives[0].chosen(ReadOptions())
    again = read_table(data, options=chosen)
    assert again.report.encoding == dict(doubt.alternatives[0].changes)["encoding"]
    assert again.report.doubts == ()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("unit;n\n°C;21\nµm;3\n", "windows-1252"),
        ("Ort;Bohrer\nKöln;Ø 5\nMünchen;Ø5\n", "windows-1252"),  # a diameter
        ("price\n5 €\n7 €\n", "windows-1252"),
        ("note;n\nDon’t – “quoted” text…;1\nit’s;2\n", "windows-1252"),
        ("m²;m³\n5;6\n7;8\n", "windows-1252"),
        ("name;n\nMÜLLER;1\nGROßMANN;2\n", "windows-1252"),
        ("имя;n\nИВАНОВ;1\nПЕТРОВА;2\n", "cp866"),
        ("miasto;n\nŁÓDŹ;1\nGDAŃSK;2\n", "windows-1250"),
        ("name;n\nFrançois Müller;1\nJosé Nuñez;2\nSøren Ångström;3\n", "windows-1252"),
    ],
)
def test_signs_capitals_and_names_of_all_countries(text: str, encoding: str) -> None:
    got = found(text.encode(encoding))
    assert got.text == text
    assert got.encoding == encoding


def test_a_rare_letter_far_down_counts() -> None:
    text = "name\n" + "Müller\n" * 30_000 + "Łukasz Wójcik\nWałęsa\n"
    got = found(text.encode("windows-1250"))
    assert got.encoding == "windows-1250"
    assert got.text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ["город;n\nМосква;1\nКазань;2\n", "城市,数\n上海,1\n一二三,2\n", "a,b\n1,é\n"]
)
def test_wide_encodings_without_a_mark(text: str, encoding: str) -> None:
    got = found(text.encode(encoding))
    assert (got.text, got.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("iso2022_jp", "都市,n\n東京,1\n"), ("iso2022_kr", "도시,n\n서울,1\n"), ("hz", "城市,n\n北京,1\n")],
)
def test_encodings_that_write_signs_in_ascii_bytes(encoding: str, text: str) -> None:
    assert found(text.encode(encoding)).text == text


def test_broken_bytes_in_utf8_of_a_short_file_are_a_doubt() -> None:
    got = found("ort\nKöln\nMünchen\n".encode() + "Zürich\n".encode("latin-1"))
    assert got.text == "ort\nKöln\nMünchen\nZürich\n"
    assert got.repairs[0].line == 4


def test_a_cut_long_line_of_east_asian_text_is_still_read() -> None:
    text = "名前;n\n" + "東京都,横浜市、" * 3000 + ";1\n"
    assert found(text.encode("cp932")).text == text


def test_every_text_encoding_of_the_standard_library_can_be_chosen() -> None:
    offered = {codecs.lookup(name).name for names in ENCODINGS.values() for name in names}
    no_texts = {"charmap", "idna", "punycode", "undefined", "mbcs", "oem"}
    for module in pkgutil.iter_modules(encodings_path):
        try:
            known = codecs.lookup(module.name)
        except LookupError:
            continue
        if known._is_text_encoding:
            assert known.name in offered | no_texts, module.name


@pytest.mark.parametrize("name", [name for names in ENCODINGS.values() for name in names])
def test_any_chosen_encoding_gives_text_that_can_be_written(name: str) -> None:
    data = b"a,b\n\\ud800,+2AA-\nK\xf6ln,\xe9\n" * 3
    try:
        frame = read_table(data, options=ReadOptions(encoding=name, as_text=True, delimiter=",")).frame
    except TableError as problem:
        assert str(problem).endswith(".")
        return
    frame.to_csv().encode("utf-8")
