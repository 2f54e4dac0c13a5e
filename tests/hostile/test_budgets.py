"""What a small file would become is counted before it is made: a table within the budget, or one sentence."""

import json
import re
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from analytics.errors import ZetascopeError
from analytics.tables import ReadOptions, TableError, read_table
from analytics.tables.row_count import RowCount
from analytics.text import read_vectors
from tests.conftest import ROOT
from tests.hostile.expanding import LARGE, SMALL, packed_lines, parquet

SERVER = {
    "max_bytes": 200 << 20,
    "max_expanded_bytes": 800 << 20,
    "max_table_bytes": 600 << 20,
    "max_rows": 2_000_000,
    "max_columns": 10_000,
}
"""What a server allows by default."""

MEASURE = """
import json, resource, sys
from analytics.memory import give_back
from analytics.tables import ReadOptions, TableError, read_table
from tests.hostile.expanding import LARGE

def held(what):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(what)) / 1024

limit = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, limit))
options = ReadOptions(**json.loads(sys.argv[1]))
read_table(b"a,b\\n1,2\\n")
for name in sys.argv[2:]:
    file, data = LARGE[name]()
    give_back()
    open("/proc/self/clear_refs", "w").write("5")
    before = held("VmRSS")
    print(json.dumps([name, "begins", 0, 0]), flush=True)
    try:
        said = f"Table of {read_table(data, name=file, options=options).frame.shape}."
    except TableError as error:
        said = str(error)
    print(json.dumps([name, said, len(data), held("VmHWM") - before]), flush=True)
"""


@pytest.mark.parametrize("name", sorted(SMALL))
def test_what_expands_beyond_the_budget_is_refused_with_the_number(name: str) -> None:
    file, data = SMALL[name]()
    with pytest.raises(TableError) as caught:
        read_table(data, name=file, options=ReadOptions(max_table_bytes=20_000_000))
    assert re.search(r"[\d,]+ MB.* 20 MB", str(caught.value))
    assert "max_table_bytes" in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured through /proc")
@pytest.mark.parametrize("start", range(4))
def test_nothing_takes_more_memory_than_a_few_times_the_budget(start: int) -> None:
    """A quarter of the files in a process of its own: what ends that fails the file that was being read."""
    names = sorted(LARGE)[start::4]
    command = [sys.executable, "-c", MEASURE, json.dumps(SERVER), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (told[-1:], done.stderr[-500:])
    for name, said, size, grown in told:
        if said == "begins":
            continue
        assert said.endswith("."), name
        assert size < 4_000_000, name
        assert grown < 1.7 * 600, (name, said, grown)  # the table, and one more copy of most of it on the way


def full_rows(count: int) -> bytes:
    """So many rows of 50 cells."""
    line, names = ",".join(["1234567"] * 50), ",".join(f"n{i}" for i in range(50))
    return "\n".join([names, *[line] * count]).encode()


def test_cells_that_stand_in_the_file_count_as_what_they_become() -> None:
    options = ReadOptions(max_table_bytes=1_000_000)
    assert read_table(full_rows(2000), options=options).frame.shape == (2000, 50)
    with pytest.raises(TableError, match="3,000 rows of 50 columns, which fill 2 MB"):
        read_table(full_rows(3000), options=options)


def test_text_that_a_parquet_file_repeats_within_the_budget_is_read() -> None:
    file, data = SMALL["parquet texts"]()
    frame = read_table(data, name=file).frame
    assert frame["t"].str.len().eq(100_000).all()
    assert len(frame) == 300


@pytest.mark.parametrize("pack", ["gz", "zst", "bz2"])
@pytest.mark.parametrize("line", [b"1\n", b'"1"\n', b"1\r\n"], ids=["bare", "quoted", "crlf"])
def test_the_limit_of_rows_ends_the_unpacking(
    pack: str, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, data = packed_lines(600_000, line, pack)
    unpacked: list[int] = []
    monkeypatch.setattr("analytics.tables.containers.bytes_seen", unpacked.append, raising=False)
    with pytest.raises(TableError, match="more than 1,000 rows"):
        read_table(data, name=file, options=ReadOptions(max_rows=1000, max_expanded_bytes=1_150_000))


@pytest.mark.parametrize("step", [7, 1000])
def test_lines_inside_quotes_are_no_rows_while_a_file_is_unpacked(step: int) -> None:
    cell = "a note\n" * 400
    text = ("n,t\n" + "".join(f'{i},"{cell}"\n\n' for i in range(50))).encode()
    rows = RowCount(ReadOptions(max_rows=100))
    for start in range(0, len(text), step):
        rows.take(text[start : start + step])
    with pytest.raises(TableError, match="more than 100 rows"):
        rows.take(b"1\n" * 1100)


@pytest.mark.parametrize(
    "head", [b"PAR1", b"PK\x03\x04", b"[\n", b'{\n "a": [', b"<table>\n", b"a\0\n", b"it's\n"]
)
def test_what_may_have_other_rows_than_lines_is_not_counted_by_lines(head: bytes) -> None:
    RowCount(ReadOptions(max_rows=100)).take(head + b"\n1" * 5000)


def npy(header: str, body: bytes = b"") -> bytes:
    """A NumPy file with any header."""
    text = header.ljust(118 - 1) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin-1") + body


HEADERS = {
    "claims": "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 384), }",
    "columns": "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 99999999999999), }",
    "negative": "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 2), }",
    "many digits": "{'descr': '<f4', 'fortran_order': False, 'shape': (2, " + "9" * 4000 + "), }",
    "huge": "{'descr': '<f4', 'fortran_order': False, 'shape': (2, " + "9" * 60 + "), }",
    "brackets": "(" * 110,
    "minus signs": "-" * 110,
    "open": "{'descr': '<f4', 'shape': (2,",
    "no dictionary": "[1, 2]",
    "truth": "{'descr': '<f4', 'fortran_order': False, 'shape': (True, 2), }",
    "record": "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }",
    "object": "{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }",
    "nothing": "{'descr': '|V0', 'fortran_order': False, 'shape': (2, 2), }",
    "indented": "  \n \t{'descr'",
    "binary": "\x00\xff\x81",
}


@pytest.mark.parametrize("name", sorted(HEADERS))
@pytest.mark.parametrize("rows", [2, None])
def test_headers_of_vector_files_are_believed_only_as_far_as_bytes_follow(
    name: str, rows: int | None
) -> None:
    with pytest.raises(ZetascopeError) as caught:
        read_vectors(npy(HEADERS[name], bytes(16)), rows=rows)
    assert len(str(caught.value)) < 300


def test_vectors_are_counted_before_they_are_made() -> None:
    constants = pa.FixedSizeListArray.from_arrays(np.zeros(10_000_000, np.float32), 100)
    data = parquet(pa.table({"v": constants}))
    assert len(data) < 50_000
    with pytest.raises(ZetascopeError, match=r"100,000 vectors.*200 rows"):
        read_vectors(data, rows=200)
    with pytest.raises(ZetascopeError, match="100,000 vectors of 100 numbers, 40 MB; the limit is 10 MB"):
        read_vectors(data, rows=100_000, max_bytes=10_000_000)
    assert read_vectors(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }",
                            np.array([3, 0, 4, 1], "<f4").tobytes())).tolist() == [
        [np.float32(0.6), np.float32(0.8)], [0, 1]]  # fmt: skip
