"""The scripts people download, run in a clean process away from this package, and compared byte by byte."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers import Standardizer, with_scores
from analytics.numbers.standardizing.methods import METHODS
from analytics.reproduce import PandasReading, pandas_reading, standardize_script
from analytics.tables import Table, read_table
from analytics.tables.writing.writing import write_csv, write_parquet

SAMPLES = Path(__file__).parents[2] / "sample_data"

AWKWARD = (
    "name;größe;sold;rate;day;flag\n"
    '"Müller; & ""Co""";1,5;1200;0,1;2024-01-05;true\n'
    "=SUM(A1);-2,25;;1e-9;2024-02-29;false\n"
    "-;12345678901,5;7;NA;2024-03-01;true\n"
    "  x;-0,0;-3;12,5;;false\n"
    "O'Neil;0,000001;999999;3,0;2023-12-31;true\n"
).encode("cp1252")


def run(script: str, folder: Path) -> None:
    (folder / "again.py").write_text(script, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-I", "again.py"], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def made_again(
    table: Table, source: bytes, fitted: Standardizer, folder: Path, *, mode: str, target: str = "scored.csv"
) -> tuple[bytes, bytes, PandasReading]:
    """The download, and what the script writes from the same folder of files."""
    fitted.fit(table.frame)
    result = with_scores(table.frame, fitted.transform(table.frame), mode=mode)
    download = io.BytesIO()
    (write_csv if target.endswith(".csv") else write_parquet)(result, download)
    reading = pandas_reading(table, source, file_name="data.csv")
    if reading.original:
        (folder / reading.file_name).write_bytes(source)
    else:
        write_parquet(table.frame, folder / reading.file_name)
    (folder / "transform.json").write_text(fitted.to_json(), encoding="utf-8")
    script = standardize_script(fitted, reading=reading, transform="transform.json", target=target, mode=mode)
    assert "analytics" not in script
    run(script, folder)
    return download.getvalue(), (folder / target).read_bytes(), reading


QUICK = ("zscore", "yeo_johnson")


@pytest.mark.slow
@pytest.mark.parametrize(
    "method", [m if m in QUICK else pytest.param(m, marks=pytest.mark.slow) for m in METHODS]
)
def test_every_method_is_made_again_byte_for_byte(method: str, tmp_path: Path) -> None:
    source = (SAMPLES / "wine.csv").read_bytes()
    fitted = Standardizer(method, by="cultivar")
    download, again, reading = made_again(
        read_table(source, name="wine.csv"), source, fitted, tmp_path, mode="add"
    )
    assert reading.original
    assert again == download


@pytest.mark.slow
def test_methods_of_their_own_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    source = (SAMPLES / "wine.csv").read_bytes()
    own = {"alcohol": "rank_gauss", "ash": "yeo_johnson", "hue": "minmax"}
    fitted = Standardizer("robust", methods=own, by="cultivar")
    download, again, _ = made_again(read_table(source, name="wine.csv"), source, fitted, tmp_path, mode="add")
    assert again == download


@pytest.mark.parametrize("sample", ["cars", "exams", "stocks", "opinions"])
@pytest.mark.slow
def test_every_sample_is_made_again_byte_for_byte(sample: str, tmp_path: Path) -> None:
    source = (SAMPLES / f"{sample}.csv").read_bytes()
    table = read_table(source, name="data.csv")
    download, again, _ = made_again(table, source, Standardizer(ddof=1), tmp_path, mode="replace")
    assert again == download


@pytest.mark.slow
def test_number_commas_words_dates_and_formulas_come_out_alike(tmp_path: Path) -> None:
    table = read_table(AWKWARD, name="data.csv")
    fitted = Standardizer("yeo_johnson", columns=["größe", "sold", "rate"])
    download, again, _ = made_again(table, AWKWARD, fitted, tmp_path, mode="add")
    assert "'=SUM(A1)" in download.decode()
    assert again == download


@pytest.mark.slow
def test_lengths_of_time_and_empty_columns_come_out_alike(tmp_path: Path) -> None:
    source = b"t,=n,e,w\n1 days 02:03:04,1.5,,a\n-1 days +23:59:59.5,2.25,,'-b\n,4.0,,c\n"
    table = read_table(source, name="data.csv")
    assert table.frame["t"].dtype == "timedelta64[us]"
    fitted = Standardizer(columns=["=n"])
    download, again, _ = made_again(table, source, fitted, tmp_path, mode="add")
    assert again == download
    assert read_table(download).frame.columns.tolist() == ["t", "=n", "e", "w", "=n_z"]


@pytest.mark.slow
def test_a_mended_file_is_made_again_from_its_parquet_copy(tmp_path: Path) -> None:
    source = b"a,b,c\n1,2.5,x\n3,4.5,y,surplus\n5,,z\n7,6.5,\n" + b"9,8.25,w\n" * 20
    table = read_table(source, name="data.csv")
    assert table.report.repairs
    fitted = Standardizer(columns=["a", "b"])
    download, again, reading = made_again(table, source, fitted, tmp_path, mode="add")
    assert not reading.original
    assert reading.file_name == "data_as_read.parquet"
    assert again == download


@pytest.mark.slow
def test_parquet_is_made_again_with_equal_columns(tmp_path: Path) -> None:
    source = (SAMPLES / "exams.csv").read_bytes()
    table = read_table(source, name="data.csv")
    fitted = Standardizer(by="school")
    download, again, _ = made_again(table, source, fitted, tmp_path, mode="add", target="scored.parquet")
    first, second = (pd.read_parquet(io.BytesIO(data)) for data in (download, again))
    for name in first:
        np.testing.assert_array_equal(first[name].isna(), second[name].isna())
        kept = first[name].notna()
        assert (first[name][kept] == second[name][kept]).all()


@pytest.mark.slow
def test_names_cannot_break_out_of_the_script(tmp_path: Path) -> None:
    source = b'"x""; import os #",g\n1.5,"""\n""\\"\n2.5,b\n4,b\n'
    table = read_table(source, name="data.csv")
    name = table.frame.columns[0]
    download, again, _ = made_again(table, source, Standardizer(columns=[name], by="g"), tmp_path, mode="add")
    assert again == download
    reading = PandasReading("pd.DataFrame()", 'f".csv"""\\', original=True)
    code = standardize_script(
        Standardizer().fit(table.frame[[name]]), reading=reading, transform='t".json', target='a".csv'
    )
    compile(code, "script", "exec")


def test_what_no_script_can_repeat_is_said() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "part": pd.interval_range(0, 2)})
    table = Table(frame=frame, report=read_table(b"x\n1\n", name="d.csv").report, sha256="", name="d.csv")
    with pytest.raises(ZetascopeError, match="'part' holds interval"):
        pandas_reading(table, b"", file_name="d.csv")
    with pytest.raises(ZetascopeError, match=r"scored\.xlsx"):
        standardize_script(
            Standardizer().fit(frame), reading=PandasReading("", "", True), transform="", target="scored.xlsx"
        )
