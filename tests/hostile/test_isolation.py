"""Files are read in a process of its own: the same table, and one sentence for whatever ends that process."""

import json
import os
import random
import sys
import threading
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import pandas as hp

from analytics import memory
from analytics.apart import ApartError, Limits, client, limits, run_apart
from analytics.apart.files import Writer
from analytics.apart.starting import StartedForker
from analytics.errors import ZetascopeError
from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.standardizing.transform_apart import parameters_apart
from analytics.reproduce import pandas_reading
from analytics.reproduce.reading_apart import pandas_reading_apart
from analytics.tables import ReadOptions, ReadReport, Table, TableError, list_sheets, read_table
from analytics.tables.quick.lane import SMALLEST
from analytics.tables.room import columns_in, new_columns
from analytics.tables.transfer.fields import MalformedError, from_plain, to_plain
from analytics.tables.transfer.frames import read_frame, write_frame
from analytics.text import read_vectors, write_vectors
from benchmarks.fuzz_seeds import seeds
from benchmarks.fuzzing import cases
from tests.conftest import ROOT

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and warm processes are Linux's")
FEW = Limits(memory_mb=300, cpu_seconds=1, seconds=20)
SAMPLES = sorted(path for path in (ROOT / "sample_data").iterdir() if path.suffix in (".csv", ".parquet"))


def same(one: Table, other: Table) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame, check_exact=True, check_freq=False)
    assert one.report == other.report
    assert (one.sha256, one.name) == (other.sha256, other.name)
    if other.lines is None:
        assert one.lines is None
    else:
        np.testing.assert_array_equal(one.lines, other.lines)


def through_plain_data(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as another process would send it."""
    target = BytesIO()
    plain = json.loads(json.dumps(write_frame(frame, target)))
    return read_frame(plain, bytearray(target.getvalue()))[0]


# The same table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(seeds()))
def test_a_file_of_every_format_is_read_alike(name: str) -> None:
    file = f"file.{name.rsplit(' ', 1)[-1]}"
    same(read_table(seeds()[name], name=file, isolated=True), read_table(seeds()[name], name=file))


ROWS = range(20_000)
LARGE = {
    "numbers alone": ["a,b", *(f"{i},{i / 8}" for i in ROWS)],
    "and words": ["a,b,c", *(f"{i},{i / 8},word {i % 7}" for i in ROWS)],
    "one is missing": ["a,b,c", *(f"{i},{i / 8},{'' if i == 9_000 else i}" for i in ROWS)],
    "one is a word after all": ["a,b", *(f"{i},{'x' if i == 9_001 else i}.25" for i in ROWS)],
    "a code far down": ["a,b", *(f"{'007' if i == 9_001 else i},{i / 8}" for i in ROWS)],
    "a second table, which needs a closer look": [
        "a,b",
        *(f"{i},{i / 8}" for i in ROWS),
        "",
        "Sum",
        "x,y",
        "1,2",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("lines", LARGE.values(), ids=list(LARGE))
def test_large_files_are_read_alike_whose_numbers_are_handed_over_where_they_grew(lines: list[str]) -> None:
    data = "\n".join([*lines, ""]).encode()
    assert len(data) > SMALLEST
    table = read_table(data, name="a.csv", isolated=True)
    same(table, read_table(data, name="a.csv"))
    table.frame.iloc[0] = table.frame.iloc[1]  # it is ours to change


@pytest.mark.parametrize("free", ["Node 0, zone Normal" + " 0" * 11, "Node 0, zone Normal" + " 9999" * 11])
def test_a_column_grows_in_pages_of_any_size(
    free: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "free").write_text(free)
    monkeypatch.setattr(memory, "_FREE", tmp_path / "free")
    (column,) = new_columns([np.dtype("float64")])
    assert column is not None
    for start in range(0, 900_000, 300_000):
        column.add(np.arange(start, start + 300_000.0), 550_000)
    assert np.array_equal(column.array(), np.arange(900_000.0))
    column.array()[0] = 1  # it is ours to change


@LINUX
def test_a_column_moves_on_in_its_file_where_its_room_ends(tmp_path: Path) -> None:
    with (tmp_path / "target").open("w+b") as file, Writer(file.fileno()) as target, columns_in(target):
        one, none, other = new_columns([np.dtype("int64"), None, np.dtype("float64")])
        assert one is not None
        assert none is None
        assert other is not None
        for start in range(0, 9_000, 1_000):
            one.add(np.arange(start, start + 1_000), 2_500)
            other.add(np.arange(start, start + 1_000) / 4, 9_000)
        frame = pd.DataFrame({"one": one.array(), "other": other.array()}, copy=False)
        plain = write_frame(frame, target)
        assert [form["form"] for form in plain["forms"]] == ["placed", "placed"]
        found, _ = read_frame(plain, bytearray((tmp_path / "target").read_bytes()))
    pd.testing.assert_frame_equal(found, pd.DataFrame({"one": range(9_000), "other": np.arange(9_000) / 4}))


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_samples_are_read_alike_from_a_path(path: Path) -> None:
    same(read_table(path, isolated=True), read_table(path))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_read_or_refused_alike(seed: int) -> None:
    for case in cases(60, seed=seed):
        try:
            plain: Any = read_table(case.data, name=case.name)
        except TableError as error:
            plain = (str(error), error.line)
        try:
            apart: Any = read_table(case.data, name=case.name, isolated=True)
        except TableError as error:
            apart = (str(error), error.line)
        same(plain, apart) if isinstance(plain, Table) else None
        assert isinstance(plain, Table) or plain == apart


OPTIONS = [
    ReadOptions(as_text=True),
    ReadOptions(column_types={"b": "category", "a": "text"}),
    ReadOptions(missing_words={"b": ["x", "y"]}, na_values=("2",), header=False),
    ReadOptions(delimiter=",", quote="", decimal=",", sheet=0, max_rows=10),
]


@pytest.mark.parametrize("options", OPTIONS, ids=range(len(OPTIONS)))
def test_options_arrive(options: ReadOptions) -> None:
    assert from_plain(ReadOptions, json.loads(json.dumps(to_plain(options)))) == options
    data = b"a,b\n1,x\n2,y\n3,x\n"
    same(read_table(data, options=options, isolated=True), read_table(data, options=options))


@pytest.mark.slow
def test_sources_of_every_kind_and_large_ones(tmp_path: Path) -> None:
    rows = "".join(f"{i},word {i % 7},{i / 8},2020-01-{i % 28 + 1:02}\n" for i in range(60_000))
    path = tmp_path / "large.csv"
    path.write_text("id,word,share,day\n" + rows)
    expected = read_table(path)
    same(read_table(path, isolated=True), expected)
    same(read_table(path.read_bytes(), name="large.csv", isolated=True), expected)
    with path.open("rb") as file:
        same(read_table(file, isolated=True), expected)


def test_errors_are_the_same_with_their_lines() -> None:
    files = ((b"", "a.csv"), (b"PAR1", "a.parquet"), (b"PK\x03\x04", "a.xlsx"), (b"x\n", "a.jsonl"))
    for data, name in files:
        with pytest.raises(TableError) as plain:
            read_table(data, name=name)
        with pytest.raises(TableError) as apart:
            read_table(data, name=name, isolated=True)
        assert (str(apart.value), apart.value.line) == (str(plain.value), plain.value.line)
    with pytest.raises(TableError, match="cannot be opened"):
        read_table("no/such/file.csv", isolated=True)


def test_what_comes_back_may_be_written_to() -> None:
    frame = read_table(b"a,b\n1,0.5\n2,1.5\n", isolated=True).frame
    frame.loc[0, "a"] = 7
    assert frame["a"].tolist() == [7, 2]


@pytest.mark.slow
def test_sheets_vectors_transforms_and_scripts_are_opened_alike(tmp_path: Path) -> None:
    book = seeds()["book xlsx"]
    assert list_sheets(book, isolated=True) == list_sheets(book) == ["One"]
    vectors = np.random.default_rng(0).normal(size=(30, 8)).astype("f4")
    np.testing.assert_array_equal(
        read_vectors(write_vectors(vectors), rows=30, isolated=True), read_vectors(write_vectors(vectors))
    )
    frame = pd.DataFrame({"x": [1.0, 2, 4], "g": ["a", "b", "a"]})
    saved = Standardizer("robust", columns=["x"]).fit(frame).to_json().encode()
    assert parameters_apart(saved, limits=Limits()) == Standardizer.from_json(saved).parameters_
    source = b"a,b\n1,x\n2,y\n3,x\n"
    assert pandas_reading_apart(source, file_name="t.csv", options=ReadOptions(), limits=Limits()) == (
        pandas_reading(read_table(source), source, file_name="t.csv")
    )


@pytest.mark.slow
def test_their_errors_are_sentences_too() -> None:
    with pytest.raises(StandardizeError, match="not valid JSON"):
        parameters_apart(b"[" * 100_000, limits=Limits())
    with pytest.raises(ZetascopeError, match="3 vectors, the table 2 rows"):
        read_vectors(write_vectors(np.ones((3, 2))), rows=2, isolated=True)


# Frames and reports as plain data ------------------------------------------------------------------------

MOMENTS = pd.DatetimeIndex(["1677-09-22", "2020-02-29 12:00:00.123456", None])
KINDS = {
    "nullable": pd.array([1, None, 3], "Int64"),
    "small nullable": pd.array([1, None, 3], "UInt8"),
    "nullable truth": pd.array([True, None, False], "boolean"),
    "truth": np.array([True, False, True]),
    "text": pd.array(["a", None, "\U0001f600"], "str"),
    "seconds": MOMENTS.as_unit("s").array,
    "nanoseconds": MOMENTS.as_unit("ns").array,
    "utc": MOMENTS.tz_localize("UTC").as_unit("us").array,
    "zone": MOMENTS[1:].append(MOMENTS[1:2]).tz_localize("Europe/Rome").array,
    "offset": MOMENTS.tz_localize("UTC").tz_convert("-03:30").array,
    "span": pd.array([1, None, -3], "timedelta64[s]"),
    "category": pd.Categorical(["b", None, "a"], categories=["b", "a", "unused"], ordered=True),
    "numbers as categories": pd.Categorical([5, None, 7]),
    "no categories": pd.Categorical([None, None, None]),
    "single": np.array([1.5, np.nan, -0.0], "f4"),
    "short": np.array([1, 2, 3], "i1"),
    "unsigned": np.array([1, 2, 2**64 - 1], "u8"),
    "infinite": np.array([np.inf, -np.inf, np.nan]),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("rows", [3, 0])
def test_every_kind_of_column_comes_back_as_it_was(kind: str, rows: int) -> None:
    frame = pd.DataFrame({"x": KINDS[kind], "y": 1})[:rows].reset_index(drop=True)
    frame.columns = pd.Index(frame.columns, dtype="str")
    pd.testing.assert_frame_equal(through_plain_data(frame), frame, check_exact=True, check_freq=False)


COLUMNS = hp.columns(["a", "b"], dtype=float) + hp.columns(["c"], dtype="int64")


FRAMES = hp.data_frames(COLUMNS, index=hp.range_indexes(max_size=20))


@pytest.mark.slow
@given(FRAMES, st.lists(st.text(max_size=4), min_size=20, max_size=20))
@settings(max_examples=50, deadline=None)
def test_any_numbers_and_texts_come_back(frame: pd.DataFrame, texts: list[str]) -> None:
    frame = frame.assign(t=pd.array(texts[: len(frame)], "str"))
    frame.columns = pd.Index(frame.columns, dtype="str")
    pd.testing.assert_frame_equal(through_plain_data(frame), frame, check_exact=True)


@pytest.mark.slow
def test_reports_of_many_files_come_back_and_no_field_is_taken_on_trust() -> None:
    for case in cases(42, seed=1):
        try:
            report = read_table(case.data, name=case.name).report
        except TableError:
            continue
        plain = json.loads(json.dumps(to_plain(report), default=lambda number: number.item()))
        assert from_plain(ReadReport, plain) == report
        for name in plain:
            for wrong in ({"": []}, [{}], 1.5j, object(), [[1]]):
                with pytest.raises(MalformedError):
                    from_plain(ReadReport, {**plain, name: wrong})
            with pytest.raises(MalformedError):
                from_plain(ReadReport, {key: value for key, value in plain.items() if key != name})


def test_a_spoilt_answer_is_a_frame_or_refused() -> None:
    frame = pd.DataFrame({kind: KINDS[kind] for kind in sorted(KINDS)})
    target = BytesIO()
    plain = write_frame(frame, target)
    draw = random.Random(0)
    refused = 0
    for _ in range(300):
        spoilt = bytearray(target.getvalue())
        for _ in range(draw.choice((1, 3, 9))):
            spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
        try:
            read_frame(plain, spoilt)[0].to_csv()
        except MalformedError:
            refused += 1
        except (ValueError, OverflowError, pd.errors.OutOfBoundsDatetime):
            continue  # moments beyond what pandas can print
    assert refused > 20


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": 4},
        {"rows": "3"},
        {"names": [1, "y"]},
        {"names": ["x"]},
        {"forms": []},
        {"forms": [{"form": "numbers", "detail": "O", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "numbers", "detail": "<c16", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "numbers", "detail": "<f4", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "zoned", "detail": "us dateutil//x", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "zoned", "detail": "us No/Where", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "text", "detail": "", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "pickle", "detail": "", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "placed", "detail": "<f8 99999", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "placed", "detail": "<f8 -8", "ordered": False, "categories": None}] * 2},
        {"forms": [{"form": "placed", "detail": "O 0", "ordered": False, "categories": None}] * 2},
        {"start": 99_999},
        {"start": "0"},
    ],
    ids=range(17),
)
def test_forms_that_do_not_fit_are_refused(changes: dict[str, Any]) -> None:
    target = BytesIO()
    plain = write_frame(pd.DataFrame({"x": [1, 2, 3], "y": [1.5, 2, 3]}), target)
    with pytest.raises(MalformedError):
        read_frame({**plain, **changes}, bytearray(target.getvalue()))


def test_an_answer_that_is_no_table_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.Answer({"frame": {"rows": 1, "names": ["a"], "forms": [{}], "lines": 1}}, bytearray(8))
    monkeypatch.setattr("analytics.tables.sending.run_apart", lambda *_, **__: answer)
    with pytest.raises(TableError, match="gave no table"):
        read_table(b"a\n1\n", isolated=True)


# Deaths --------------------------------------------------------------------------------------------------


def told(task: str, given: Limits = FEW) -> str:
    """The sentence that a task ends in; afterwards files are read as before."""
    with pytest.raises(ApartError) as caught:
        run_apart(f"tests.hostile.deaths:{task}", b"data", {}, limits=given)
    assert read_table(b"a\n1\n", isolated=True).frame["a"].tolist() == [1]
    return str(caught.value)


@pytest.mark.slow
@LINUX
@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ("abort", "ended by it (SIGABRT)"),
        ("crash", "ended by it (SIGSEGV)"),
        ("leave", "the fault is ours"),
        ("leave_badly", "the fault is ours"),
        ("be_killed", "more than 300 MB of memory"),
        ("fill", "more than 300 MB of memory"),
        ("write_on", "more than 300 MB of memory"),
        ("fail", "the fault is ours"),
        ("recurse", "the fault is ours"),
        ("odd_answer", "the fault is ours"),
        ("no_such_task", "the fault is ours"),
    ],
)
def test_the_end_of_a_task_is_one_sentence(
    task: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = told(task)
    assert sentence in said
    assert said.endswith(".")
    assert "secret cell" not in said + caplog.text
    if task == "fail":
        assert "IndexError in " in caplog.text


@LINUX
@pytest.mark.slow
def test_time_ends_a_task() -> None:
    assert "more than 1 seconds of processor time" in told("compute")
    assert "more than 1 seconds;" in told("sleep", replace(FEW, seconds=1))


@LINUX
def test_the_warm_process_may_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    forker = StartedForker()
    monkeypatch.setattr(client, "_forker", forker)
    assert run_apart("tests.hostile.deaths:size", b"data", {}, limits=FEW).document[0] == 4
    assert forker._process is not None
    first = forker._process.pid
    forker._process.kill()
    forker._process.wait()
    assert run_apart("tests.hostile.deaths:size", b"data", {}, limits=FEW).document[0] == 4
    assert forker._process.pid != first
    forker.stop()
    assert forker._process.wait(60) == 0


@LINUX
def test_tasks_see_no_secrets_and_no_files_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_SECRET", "s")
    monkeypatch.setenv("HF_TOKEN", "s")
    forker = StartedForker()
    monkeypatch.setattr(client, "_forker", forker)
    seen = run_apart("tests.hostile.deaths:environment", b"", {}, limits=FEW).document
    assert "PATH" in seen
    assert not {"ZETASCOPE_SECRET", "HF_TOKEN"} & seen.keys()
    kept = [os.open(__file__, os.O_RDONLY) for _ in range(40)]
    assert run_apart("tests.hostile.deaths:size", b"", {}, limits=FEW).document[1] < 20
    for descriptor in kept:
        os.close(descriptor)
    forker.stop()


@LINUX
@pytest.mark.slow
def test_many_at_once_and_none_disturbs_another() -> None:
    said: dict[int, str] = {}

    def one(number: int) -> None:
        try:
            if number % 3:
                frame = read_table(f"a\n{number}\n".encode(), isolated=True).frame
                said[number] = str(frame["a"].tolist())
            else:
                run_apart("tests.hostile.deaths:abort", b"", {}, limits=FEW)
        except ApartError as error:
            said[number] = str(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(said[n] == f"[{n}]" if n % 3 else "SIGABRT" in said[n] for n in range(12))


# Systems that do not fork ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_where_nothing_forks_each_file_has_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "can_fork", lambda: False)
    data = seeds()["book xlsx"]
    same(read_table(data, name="a.xlsx", isolated=True), read_table(data, name="a.xlsx"))
    assert "SIGABRT" in told("abort")
    assert "300 MB" in told("fill")
    monkeypatch.setattr("analytics.apart.starting._SECONDS_TO_START", 1)
    assert "more than 1 seconds;" in told("sleep", replace(FEW, seconds=1))


def test_without_limits_of_the_system_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.limits_hold() or sys.platform != "linux"
    monkeypatch.setattr(limits, "resource", None)
    assert not limits.limits_hold()
    limits.limit_this_process(FEW)


def test_arrow_reads_in_a_fork_what_its_threads_read_before() -> None:
    """The forking process has used Arrow's threads; those of the fork are its own."""
    target = BytesIO()
    pa.parquet.write_table(pa.table({f"c{i}": np.arange(50_000) for i in range(8)}), target)
    same(
        read_table(target.getvalue(), name="a.parquet", isolated=True),
        read_table(target.getvalue(), name="a.parquet"),
    )
