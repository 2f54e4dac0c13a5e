"""JSON in its many forms: lists, wrappers, GeoJSON, what pandas writes; and what is no table."""

import json
import math
import subprocess
import sys

import pandas as pd
import pytest

from analytics.tables import ReadOptions, Table, TableError, read_table


def read(data: object, name: str = "x.json", **options: object) -> Table:
    raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return read_table(raw, name=name, options=ReadOptions(**options))  # type: ignore[arg-type]


def columns(table: Table) -> dict[str, list[object]]:
    return {
        str(name): [None if pd.isna(cell) else cell for cell in column]
        for name, column in table.frame.items()
    }


def told(table: Table) -> str:
    return " ".join(table.report.sentences())


CITIES = [{"city": "Rome", "pop": 2800000}, {"city": "Köln", "pop": 1087863}]
WANTED: dict[str, list[object]] = {"city": ["Rome", "Köln"], "pop": [2800000, 1087863]}


@pytest.mark.parametrize("name", ["x.json", "x", "x.csv"])
@pytest.mark.parametrize(
    "text",
    [
        json.dumps(CITIES),
        json.dumps(CITIES, indent=2),
        "\n\n  " + json.dumps(CITIES, indent=1),
        "\n".join(json.dumps(city, indent=2) for city in CITIES),
        ",\n".join(json.dumps(city) for city in CITIES),
        json.dumps({"status": "ok", "data": CITIES}),
        json.dumps({"response": {"items": CITIES, "page": 1}}, indent=2),
        json.dumps({"errors": [{"code": 1}], "result": {"rows": CITIES}}),
    ],
)
def test_records_wherever_they_stand(text: str, name: str) -> None:
    assert columns(read(text.encode(), name)) == WANTED


@pytest.mark.parametrize("orient", ["records", "split", "columns", "index"])
def test_what_pandas_writes(orient: str) -> None:
    text = pd.DataFrame(WANTED).to_json(orient=orient)  # type: ignore[call-overload]
    assert columns(read(text.encode())) == WANTED


def test_other_forms_of_pandas() -> None:
    frame = pd.DataFrame(WANTED)
    assert columns(read(frame.to_json(orient="values").encode()))["column_2"] == WANTED["pop"]
    table = columns(read(frame.to_json(orient="table").encode()))
    assert table == {"index": [0, 1], **WANTED}
    named = frame.set_index("city")
    assert columns(read(named.to_json(orient="index").encode())) == {
        "key": WANTED["city"],
        "pop": WANTED["pop"],
    }
    split = columns(read(named.to_json(orient="split").encode()))
    assert split == {"index": WANTED["city"], "pop": WANTED["pop"]}
    assert columns(read(WANTED)) == WANTED


def test_one_level_of_nesting_becomes_columns_and_deeper_ones_text() -> None:
    rows = [{"a": 1, "b": {"c": 2, "d": {"e": 3.50}}, "l": [1, 2]}, {"a": 2, "b": {"c": 5}}]
    data = json.dumps(rows).replace("3.5", "3.50").encode()
    assert columns(read(data)) == {
        "a": [1, 2], "b.c": [2, 5], "b.d": ['{"e": 3.50}', None], "l": ["[1, 2]", None]
    }  # fmt: skip
    assert columns(read([{"a.b": 1, "a": {"b": 2}}])) == {"a.b": [1], "a": ['{"b": 2}']}


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_features_of_geojson() -> None:
    point = {"type": "Point", "coordinates": [12.5, 41.9]}
    features = [feature(point, name="Rome"), feature(None, name="nowhere")]
    read_points = read({"type": "FeatureCollection", "name": "x", "features": features}, "x.geojson")
    assert columns(read_points) == {
        "properties.name": ["Rome", "nowhere"],
        "geometry.type": ["Point", None],
        "lon": [12.5, None],
        "lat": [41.9, None],
    }
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    lines = read({"type": "FeatureCollection", "features": [feature(line, n=1), feature(point, n=2)]})
    assert json.loads(str(columns(lines)["geometry"][0])) == line


def test_lists_of_lists_have_a_header_where_they_have_one() -> None:
    assert columns(read([["city", "pop"], *([c["city"], c["pop"]] for c in CITIES)])) == WANTED
    assert columns(read([1, 2.5, None])) == {"value": [1, 2.5, None]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[]", "empty list"),
        (b"{}", "no list of records"),
        (b"42", "single value"),
        (b'"text"', "single value"),
        (b"null", "single value"),
        (b"", "empty"),
        (b'{"a": {"b": {"c": []}}}', "no list of records"),
        (b"[{}, {}]", "no keys"),
        (b'[{"a": 1}, {"a": 2', "no valid JSON"),
        (b"callback([1])", "no valid JSON"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(TableError, match=said) as caught:
        read(data)
    assert str(caught.value).endswith(".")


def test_one_object_is_one_row_and_said_to_be() -> None:
    table = read(b'{\n "name": "x",\n "size": {"w": 1, "h": 2}\n}')
    assert columns(table) == {"name": ["x"], "size.w": [1], "size.h": [2]}
    assert "one row" in told(table)


def test_the_longest_of_several_lists_is_read_and_the_others_can_be_chosen() -> None:
    data = {"orders": [{"id": i} for i in range(3)], "clients": [{"name": "A"}, {"name": "B"}]}
    table = read(data)
    assert columns(table) == {"id": [0, 1, 2]}
    assert "'clients' with 2" in told(table)
    assert columns(read(data, table=1)) == {"name": ["A", "B"]}
    with pytest.raises(TableError, match="has 2"):
        read(data, table=2)


def test_items_that_are_no_objects_are_told() -> None:
    table = read(b'[{"a": 1}, 3, {"a": 2}]')
    assert columns(table) == {"a": [1, 2]}
    assert "1 of 3 items" in told(table)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("text", ['{"a": "Köln"}\n{"a": "Málaga"}\n', '[{"a": "Köln"}, {"a": "Málaga"}]'])
def test_encodings(text: str, encoding: str) -> None:
    table = read(text.encode(encoding), "x")
    assert columns(table) == {"a": ["Köln", "Málaga"]}
    assert table.report.encoding == {
        "latin-1": "windows-1252", "utf-16": "utf-16-le", "utf-8-sig": "utf-8", "utf-32": "utf-32-le"
    }.get(encoding, encoding)  # fmt: skip


def test_an_encoding_in_doubt_is_asked_about() -> None:
    assert read('[{"a": "Drøbak"}]'.encode("cp865")).report.doubts[0].taken.changes[0][0] == "encoding"


@pytest.mark.parametrize("between", ["\n", ","])
def test_halves_of_characters_become_a_replacement_with_their_line(between: str) -> None:
    rows = ['{"a": "x"}', '{"a": "\\ud83d"}', '{"a": "\\ud83d\\ude00 \\\\ud83d"}', '{"\\udc00b": "\\uDFFF"}']
    data = between.join(rows) if between == "\n" else "[" + ",\n".join(rows) + "]"
    table = read(data.encode(), "x.jsonl" if between == "\n" else "x.json")
    assert columns(table) == {
        "a": ["x", "\ufffd", "😀 \\ud83d", None],
        "\ufffdb": [None, None, None, "\ufffd"],
    }
    (repair,) = table.report.repairs
    assert (repair.line, repair.count) == (2, 3)
    table.frame.to_csv().encode("utf-8")


@pytest.mark.parametrize(
    ("cells", "kind", "other"),
    [
        (['"12.5"', '"13"', '"14"'], "text", "number"),
        (['"12.5"', "13", '"14"'], "text", "number"),
        (["12.5", "13", '"14"'], "number", "text"),
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_numbers_in_quotes_are_a_doubt(cells: list[str], kind: str, other: str, *, lines: bool) -> None:
    rows = [f'{{"p": {cell}}}' for cell in cells]
    data = "\n".join(rows) if lines else "[" + ",\n".join(rows) + "]"
    table = read(data.encode(), "x.jsonl" if lines else "x.json")
    (doubt,) = table.report.doubts
    assert (doubt.column, doubt.taken.label, doubt.alternatives[0].label) == ("p", kind, other)
    assert f"line {1 if cells[0][0] == chr(34) else 3}" in doubt.evidence
    taken = [12.5, 13.0, 14.0] if kind == "number" else ["12.5", "13", "14"]
    assert table.frame["p"].tolist() == taken
    again = read_table(data.encode(), name=table.name, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert again.frame["p"].tolist() == (["12.5", "13", "14"] if kind == "number" else [12.5, 13.0, 14.0])
    assert again.report.doubts == ()


def test_codes_in_quotes_are_no_doubt() -> None:
    table = read([{"zip": "00184", "name": "12 Main St"}, {"zip": "10115", "name": "5"}])
    assert columns(table)["zip"] == ["00184", "10115"]
    assert table.report.doubts == ()


def test_repeated_keys_and_words_that_json_does_not_have_are_told() -> None:
    for data, name in ((b'[{"a": 1, "a": 2},\n{"a": NaN}, {"a": -Infinity}]', "x.json"),
                       (b'{"a": 1, "a": 2}\n{"a": NaN}\n{"a": -Infinity}', "x.jsonl")):  # fmt: skip
        table = read(data, name)
        assert columns(table) == {"a": [2, None, None]}
        kinds = {repair.kind: repair.count for repair in table.report.repairs}
        assert kinds == {"repeated key": 1, "not a number": 2}


def test_long_numbers_stay_exact() -> None:
    rows = '{"a": 123456789012345678901234567890, "b": 1e400, "c": 9007199254740993}'
    for data in (rows + "\n" + rows, f"[{rows}, {rows}]"):
        table = columns(read(data.encode(), "x"))
        assert table == {
            "a": ["123456789012345678901234567890"] * 2, "b": ["1e400"] * 2, "c": [9007199254740993] * 2
        }  # fmt: skip


DEEP = {
    "objects": b'{"a":' * 20_000,
    "closed": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "arrays": b"[" * 100_000 + b"]" * 100_000,
    "inside": b'[{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
    "behind a line": b'{"a": 1}\n{"a":' + b"[" * 50_000,
    "behind a string": b'{"a": "]]]]", "b":' + b'{"a":"]\\"",' * 5000,
}


CHILD = """
import json, sys
from analytics.tables import TableError, read_table
said = {}
for kind, text in json.load(sys.stdin).items():
    try:
        said[kind] = str(read_table(text.encode(), name=sys.argv[1]).frame.shape)
    except TableError as error:
        said[kind] = f"told: {error}"
print(json.dumps(said))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x"])
def test_deep_nesting_ends_no_process(name: str) -> None:
    given = json.dumps({kind: data.decode() for kind, data in DEEP.items()}).encode()
    done = subprocess.run([sys.executable, "-c", CHILD, name], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-300:]
    said = json.loads(done.stdout)
    assert said.keys() == DEEP.keys()
    assert all(said[kind].startswith("told") for kind in ("objects", "closed", "inside"))


def test_a_new_key_in_each_line_is_refused_before_it_fills_the_memory() -> None:
    data = "\n".join(json.dumps({f"k{i}": i}) for i in range(2000)).encode()
    with pytest.raises(TableError, match="2,000 rows of 2,000 columns"):
        read(data, "x.jsonl", max_expanded_bytes=10_000_000)


def test_delimited_text_with_json_in_its_cells_stays_delimited() -> None:
    table = read(b'{"a":1};5\n{"a":2};6\n', "x.csv")
    assert table.report.format == "text"
    assert table.frame.shape[1] == 2


def test_both_ways_of_reading_lines_agree() -> None:
    rows = [{"n": i, "x": i / 7, "t": f"w{i}", "ok": i % 2 == 0} for i in range(50)]
    quick = read("\n".join(json.dumps(row) for row in rows).encode(), "x.jsonl").frame
    careful = read(rows).frame
    pd.testing.assert_frame_equal(quick, careful)
    assert math.isclose(careful["x"][3], 3 / 7, rel_tol=0)


def test_a_bare_power_of_ten_is_a_number_and_no_code() -> None:
    assert columns(read(b'[{"a": 1e3, "b": 2.5E-1}, {"a": 2E2, "b": 1e0}]')) == {
        "a": [1000.0, 200.0],
        "b": [0.25, 1.0],
    }
    assert columns(read(b'[{"a": "1e3"}, {"a": "2e2"}]'))["a"] == ["1e3", "2e2"]


def test_the_records_of_an_answer_that_stands_beside_what_it_says_of_itself() -> None:
    table = read([{"page": 1, "pages": 3, "total": 150}, CITIES])
    assert columns(table) == WANTED
    assert '"pages": 3' in told(table)


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({"class": "dataset", "id": ["geo"], "size": [2], "dimension": {}, "value": [1.5, 2.5]}, "JSON-stat"),
        ({"type": "Topology", "objects": {}, "arcs": [[[0, 0], [1, 1]], [[2, 2], [3, 3]]]}, "TopoJSON"),
        ({"header": {}, "dataSets": [{"series": {"0:0": {}}}], "structure": {}}, "SDMX"),
    ],
)
def test_cubes_and_maps_are_refused_by_their_kind(document: object, what: str) -> None:
    with pytest.raises(TableError, match=what):
        read(document)


@pytest.mark.parametrize(
    "document",
    [
        {"columns": ["city", "pop"], "rows": [["Rome", 2800000], ["Köln", 1087863]]},
        {"fields": [{"name": "city"}, {"name": "pop"}], "data": [["Rome", 2800000], ["Köln", 1087863]]},
        {"result": {"header": ["city", "pop"], "values": [["Rome", 2800000], ["Köln", 1087863]]}},
        {"station": 7, "daily": {"city": ["Rome", "Köln"], "pop": [2800000, 1087863]}},
        {"source": "x", "city": ["Rome", "Köln"], "pop": [2800000, 1087863]},
        [CITIES],
    ],
)
def test_names_and_columns_beside_or_under_other_keys(document: object) -> None:
    assert columns(read(document)) == WANTED


def test_rows_of_numbers_take_the_names_beside_them() -> None:
    assert columns(read({"columns": ["a", "b"], "rows": [[1, 2], [3, 4]]})) == {"a": [1, 3], "b": [2, 4]}


def test_a_list_as_long_as_the_rows_are_wide_is_no_header_by_chance() -> None:
    document = {"tags": ["x", "y"], "rows": [["city", "pop"], ["Rome", 2800000], ["Köln", 1087863]]}
    assert columns(read(document)) == WANTED


def test_values_by_day_are_rows() -> None:
    days = {"2024-01-01": {"USD": 1.1, "GBP": 0.86}, "2024-01-02": {"USD": 1.09, "GBP": 0.87}}
    table = read({"base": "EUR", "rates": days})
    assert table.frame["key"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")]
    assert table.frame["GBP"].tolist() == [0.86, 0.87]
    assert "base = " in told(table)
    one = read({"2024-01-01": 1.5, "2024-01-02": 2.5}).frame
    assert one["value"].tolist() == [1.5, 2.5] and one["key"].dt.day.tolist() == [1, 2]


def test_lines_that_are_left_out_by_the_thousand_are_told_together() -> None:
    table = read_table(b'{"a": 1}\n' + b"{x\n7\n" * 1500 + b'{"a": 2}\n', name="x.jsonl")
    assert table.frame["a"].tolist() == [1, 2]
    told = [repair for repair in table.report.repairs if repair.kind == "bad JSON"]
    assert len(told) == 1001
    assert sum(repair.count for repair in told) == 3000
    assert told[-1].sentence() == "left out, as the lines before: 2,000 more"


def test_lines_that_are_all_too_deep_say_so() -> None:
    with pytest.raises(TableError, match="nested 120 levels deep"):
        read_table((b'{"a":' * 120 + b"1" + b"}" * 120 + b"\n") * 3, name="x.jsonl")


def test_times_and_prices_of_a_chart_stand_in_several_places() -> None:
    chart = {
        "meta": {"currency": "USD", "symbol": "AAPL"},
        "timestamp": [1704205800, 1704292200, 1704378600],
        "indicators": {
            "quote": [{"open": [187.1, None, 182.1], "close": [185.6, 184.25, 181.9]}],
            "adjclose": [{"adjclose": [184.9, 183.5, 181.2]}],
        },
    }
    answer = {"chart": {"result": [chart], "error": None}}
    table = read_table(json.dumps(answer).encode(), name="y.json")
    assert list(table.frame) == ["timestamp", "open", "close", "adjclose"]
    assert table.frame["close"].tolist() == [185.6, 184.25, 181.9]
    assert any("AAPL" in sentence for sentence in table.report.sentences())
    alone = read_table(json.dumps(chart).encode(), name="y.json")
    assert list(alone.frame) == list(table.frame)


def test_a_record_with_two_short_lists_is_a_record() -> None:
    document = {"data": [{"name": "a", "tags": ["x", "y"], "sizes": [1, 2]}]}
    assert read_table(json.dumps(document).encode(), name="y.json").frame.shape == (1, 3)


@pytest.mark.parametrize("where", [("meta", "view", "columns"), ("about", "fields"), ("schema",)])
@pytest.mark.parametrize("rows", [2, 9])
def test_columns_that_are_described_elsewhere_name_the_lists(where: tuple[str, ...], rows: int) -> None:
    described: object = [{"id": -1, "name": "sid"}, {"id": 2, "name": "City"}, {"id": 3, "name": "Pop"}]
    for key in reversed(where):
        described = {key: described}
    assert isinstance(described, dict)
    document = {**described, "data": [[f"r{n}", "Rome", 280 + n] for n in range(rows)]}
    table = read_table(json.dumps(document).encode(), name="rows.json")
    assert list(table.frame) == ["sid", "City", "Pop"]
    assert table.frame["Pop"].tolist() == list(range(280, 280 + rows))


def test_lists_and_objects_within_cells_are_told() -> None:
    records = [{"a": 1, "tags": ["x"], "p": [{"k": 1}]}, {"a": 2, "tags": None, "p": []}]
    lines = "\n".join(map(json.dumps, records)).encode()
    for data in (json.dumps(records).encode(), lines):
        table = read_table(data, name="x.json")
        assert table.frame["tags"].tolist()[0] == '["x"]'
        told = [one.sentence for one in table.report.decisions if one.what == "nested"]
        assert told == ["Lists and objects within cells are kept as JSON text: tags (1 cell), p (2 cells)."]
    plain = read_table(b'[{"a": 1, "b": {"c": 2}}]', name="x.json")
    assert not [one for one in plain.report.decisions if one.what == "nested"]
