"""Sound but odd files of every kind: a table that can be used, or one sentence."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import ZetascopeError
from analytics.tables import TableError, profile_table, read_table, write_csv, write_parquet
from analytics.text import read_vectors
from benchmarks.fuzz_structures import KINDS, structure_outcome, structures
from tests.tables.workbooks import open_document, sheet_xml, workbook


def test_a_seed_makes_the_same_files_again() -> None:
    first = [
        case.data for case in structures(50, seed=3) if case.name.endswith((".csv", ".json", ".parquet"))
    ]
    again = [
        case.data for case in structures(50, seed=3) if case.name.endswith((".csv", ".json", ".parquet"))
    ]
    assert first == again


@pytest.mark.slow
def test_files_of_every_kind_are_read_and_refused() -> None:
    told = {(case.seed, structure_outcome(case).kind) for case in structures(40 * len(KINDS), seed=1)}
    assert {said for _, said in told} == {"Table", "TableError"}
    assert {kind for kind, said in told if said == "Table"} == set(KINDS)
    # Text without any sense is still a table of one column.
    assert {kind for kind, said in told if said == "TableError"} >= set(KINDS) - {"text"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [21, 22])
def test_six_hundred_odd_files(seed: int) -> None:
    faults = [
        (number, case.seed, told.message)
        for number, case in enumerate(structures(300, seed=seed))
        if not (told := structure_outcome(case)).allowed
    ]
    assert not faults


@pytest.mark.parametrize(
    "data",
    [
        workbook({"s": sheet_xml([["", ""], ["", ""]])}),
        workbook({"s": sheet_xml([])}),
        workbook({"s": sheet_xml([[" ", "\t"], ["\n", " "]])}),
        open_document([["", ""], ["", ""]]),
        open_document([]),
    ],
    ids=["empty texts", "nothing", "blanks", "document of empty texts", "document of nothing"],
)
def test_a_sheet_without_a_value_is_told(data: bytes) -> None:
    with pytest.raises(TableError, match="no cell with a value"):
        read_table(data)


@pytest.mark.parametrize(
    "merged", ["A1:XFD1", "B1:A2", "Z90:Z99", "A1:A1", "C1:C20", "A2:B2", "B2:C9", "A0:B0"]
)
def test_merged_cells_beyond_the_sheet_do_no_harm(merged: str) -> None:
    data = workbook({"s": sheet_xml([["name", "n", "m"], ["a", "b", 1], ["c", 2, 3]], [merged])})
    try:
        assert read_table(data).frame.shape[1] >= 2
    except TableError as error:
        assert str(error).endswith(".")


def used(data: bytes, name: str) -> object:
    frame = read_table(data, name=name).frame
    write_csv(frame, io.BytesIO())
    write_parquet(frame, io.BytesIO())
    return profile_table(frame).to_frame()


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":"\\ud800"}\n{"a":"x"}\n',
        b'{"\\ud800":1}\n',
        b'["\\ud800"]',
        b'"\\ud800"',
        b'{"a":{"\\udfff":"\\ud800"}}',
        b'{"a":[["\\udc00"]], "b": "\\ud83d"}',
    ],
)
def test_halves_of_characters_are_read_or_told(text: bytes) -> None:
    for name in ("x.json", "x.jsonl"):
        try:
            used(text, name)
        except TableError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize(
    "offset", ["+25:00", "-25:00", "+24:00", "+99:99", "+1:00", "+100000", "Z+1", "+00:60", "+2500", "+25"]
)
def test_offsets_that_no_place_has(offset: str) -> None:
    lines = "".join(f"2024-01-{day:02d}T03:04:05{offset},{day}\n" for day in range(1, 12))
    used(f"t,n\n{lines}".encode(), "x.csv")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "+25:00", "Mars/X", "Etc/GMT+12", "+1:00", None])
@pytest.mark.parametrize("count", [0, 2**52, 2**62, -(2**62), 253402300800 * 10**6, -62135596800 * 10**6])
def test_moments_beyond_the_calendar(zone: str | None, count: int) -> None:
    target = io.BytesIO()
    pq.write_table(pa.table({"t": pa.array([count, None], pa.timestamp("us", zone)), "n": [1, 2]}), target)
    used(target.getvalue(), "x.parquet")


def test_moments_beyond_the_calendar_lose_their_zone_and_that_is_told() -> None:
    target = io.BytesIO()
    pq.write_table(pa.table({"t": pa.array([2**62], pa.timestamp("us", "Europe/Paris")), "n": [1]}), target)
    table = read_table(target.getvalue())
    assert table.frame["t"].astype("int64").tolist() == [2**62]
    assert "without their zone" in table.report.column_readings[0].sentence


NPY = b"\x93NUMPY\x01\x00"


@pytest.mark.parametrize(
    "header",
    [
        "(" * 4,
        "(" * 5000,
        "[" * 9000,
        "-" * 5000 + "1",
        "",
        "{}",
        "1+1",
        "None",
        "\x00",
        "__import__('os')",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 384)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5, 2)}",
        "{'descr': '<f99', 'fortran_order': False, 'shape': (1, 2)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1, 2)}",
        "{'descr': '|V0', 'fortran_order': False, 'shape': (10000000000, 2)}",
    ],
)
def test_headers_of_numpy_files(header: str) -> None:
    told = header.encode("latin-1") + b"\n"
    with pytest.raises(ZetascopeError, match=r"npy|vectors"):
        read_vectors(NPY + len(told).to_bytes(2, "little") + told + bytes(64))
