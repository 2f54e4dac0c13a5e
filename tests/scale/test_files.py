"""Folders of files through the command line: equal to one table in memory, whole or not there, resumable."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from analytics.cli import app
from analytics.numbers import Standardizer
from analytics.numbers.standardizing.fitting import apply_parameters
from analytics.recipe import Recipe
from analytics.recipe.conditions import Compare
from analytics.recipe.steps import DropDuplicates, Keep, Rename
from analytics.scale import ScaleError, open_duckdb, writing
from analytics.scale.files import find_files, open_files
from analytics.scale.runs import Engine, apply_files, standardize_files

pytestmark = pytest.mark.slow

ROWS, FILES = 300, 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three Parquet files of one table."""
    rng = np.random.default_rng(0)
    where = tmp_path / "in"
    where.mkdir()
    for part in range(FILES):
        rows = range(part * ROWS, (part + 1) * ROWS)
        frame = pd.DataFrame({"row": rows, "x": rng.normal(size=ROWS), "g": rng.choice(["a", "b"], ROWS)})
        frame.to_parquet(where / f"{part}.parquet", index=False)
    return where


def command(*words: object) -> str:
    """What a command printed; what it raises is raised."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def whole(folder: Path) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))], ignore_index=True)


def test_standardize_and_apply_write_what_memory_would(folder: Path, tmp_path: Path) -> None:
    out, transform = tmp_path / "out", tmp_path / "t.json"
    pattern = folder / "*.parquet"
    said = command(
        "standardize", pattern, out, "--engine", "duckdb", "--method", "robust", "--by", "g",
        "--columns", "x", "--json", transform,
    )  # fmt: skip
    assert "written in 3 pieces." in said and "900 rows, 1 column scored." in said
    frame = whole(folder)
    fitted = Standardizer("robust", columns="x", by="g").fit(frame).parameters_
    expected = apply_parameters(fitted, frame)["x"].to_numpy()
    found = whole(out).sort_values("row")
    assert np.array_equal(found["x_z"], expected)
    assert found[["row", "x", "g"]].reset_index(drop=True).equals(frame)
    assert not (tmp_path / "out.unfinished").exists()
    command("apply", transform, folder, tmp_path / "again", "--engine", "duckdb", "--replace")
    assert np.array_equal(whole(tmp_path / "again").sort_values("row")["x"], expected)
    with pytest.raises(ScaleError, match="out exists: name another folder"):
        command("apply", transform, folder, out, "--engine", "duckdb")


def test_profile_and_outliers_of_many_files(folder: Path, tmp_path: Path) -> None:
    pd.DataFrame({"row": [900], "x": [99.0], "g": ["a"]}).to_parquet(folder / "3.parquet", index=False)
    said = command("profile", folder, "--engine", "duckdb")
    assert "901 rows in 4 files" in said and "identifier" in said
    said = command("outliers", folder, tmp_path / "out", "--columns", "x", "--methods", "modified_zscore")
    assert "Modified z beyond 3.5: " in said and "  x is 99.0: " in said
    assert whole(tmp_path / "out").set_index("row").loc[900, "votes"] == 1


def test_folders_of_csv_have_the_types_of_all_their_cells(tmp_path: Path) -> None:
    where = tmp_path / "in"
    where.mkdir()
    (where / "a.csv").write_text("x,g\n1,a\n2,b\n")
    with gzip.open(where / "b.csv.gz", "wt") as file:
        file.write("x,g\n2.5,c\n,a\n")
    command("standardize", where, tmp_path / "out", "--engine", "duckdb", "--method", "minmax")
    found = whole(tmp_path / "out")
    assert found["x_z"].tolist()[:3] == [0.0, 1 / 1.5, 1.0]
    assert np.isnan(found["x_z"][3])


def test_a_run_that_was_stopped_is_gone_on_with(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first piece is kept, the second is done again from its beginning, and so is nothing else."""
    write, done = writing.write_piece, []

    def stopping(native: Any, piece: Path) -> None:
        if len(done) == 1:
            piece.with_name(piece.name + ".partial").mkdir()
            raise OSError(28, "No space left on device")
        done.append(piece.name)
        write(native, piece)

    choices = {"columns": "x"}
    out = tmp_path / "out"
    monkeypatch.setattr(writing, "write_piece", stopping)
    with pytest.raises(ScaleError, match="the disk is full: make room and give the same command again"):
        standardize_files(str(folder), out, engine=Engine(), choices=choices)
    assert not out.exists()
    monkeypatch.setattr(writing, "write_piece", write)
    with pytest.raises(ScaleError, match="what another command, or one over other files, left unfinished"):
        standardize_files(str(folder), out, engine=Engine(), choices={"columns": "x", "ddof": 1})
    monkeypatch.setattr("analytics.scale.runs.fit_lazy", None)  # what was fitted is not fitted again
    _, written = standardize_files(str(folder), out, engine=Engine(), choices=choices)
    assert (written.pieces, written.kept) == (3, 1)
    frame = whole(folder)
    expected = Standardizer(columns="x").fit_transform(frame)["x"]
    assert np.allclose(whole(out).sort_values("row")["x_z"], expected, rtol=1e-12)
    assert sorted(path.name for path in out.iterdir()) == [f"part-0000{n}-00000.parquet" for n in range(3)]


def test_clean_takes_the_steps_of_a_recipe(folder: Path, tmp_path: Path) -> None:
    steps = (Keep(Compare("g", "==", "a")), Rename("x", "height"))
    (tmp_path / "recipe.json").write_text(Recipe(steps=steps).to_json())
    command("clean", tmp_path / "recipe.json", folder, tmp_path / "out", "--engine", "duckdb")
    frame = whole(folder)
    expected = frame[frame["g"] == "a"].rename(columns={"x": "height"})
    assert whole(tmp_path / "out").equals(expected.reset_index(drop=True))


def test_a_transform_takes_the_steps_that_it_was_fitted_after(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text(Recipe(steps=(Keep(Compare("g", "==", "a")),)).to_json())
    transform = tmp_path / "t.json"
    command(
        "standardize", folder, tmp_path / "out", "--engine", "duckdb", "--columns", "x",
        "--recipe", tmp_path / "recipe.json", "--json", transform,
    )  # fmt: skip
    kept = whole(folder).query("g == 'a'")
    expected = Standardizer(columns="x").fit_transform(kept)["x"]
    assert np.allclose(whole(tmp_path / "out")["x_z"], expected, rtol=1e-12)
    command("apply", transform, folder, tmp_path / "again", "--engine", "duckdb")
    assert whole(tmp_path / "again").equals(whole(tmp_path / "out"))


def test_rows_alike_are_found_across_files(folder: Path, tmp_path: Path) -> None:
    (folder / "again.parquet").write_bytes((folder / "1.parquet").read_bytes())
    (tmp_path / "recipe.json").write_text(Recipe(steps=(DropDuplicates(),)).to_json())
    said = command("clean", tmp_path / "recipe.json", folder, tmp_path / "out", "--engine", "duckdb")
    assert "written in 1 piece." in said
    assert sorted(whole(tmp_path / "out")["row"]) == list(range(FILES * ROWS))


def spoil(folder: Path, how: str) -> str:
    """Make the middle file bad; what will be said of it."""
    path = folder / "1.parquet"
    data = path.read_bytes()
    if how == "empty":
        path.write_bytes(b"")
        return "it is empty"
    if how == "cut":
        path.write_bytes(data[: len(data) // 2])
        return "it is no whole Parquet file"
    if how.startswith("damaged"):
        held = 400 if how == "damaged beside" else len(data) // 2  # of the first column, or of all
        path.write_bytes(data[:4] + bytes(held) + data[4 + held :])
        return "can't be read"
    frame = pd.read_parquet(path)
    if how == "other type":
        frame.assign(x=frame["x"].astype(str)).to_parquet(path, index=False)
        return "column 'x' is large_string there and double in the other files"
    frame.drop(columns="g").to_parquet(path, index=False)
    return "it has no column 'g'"


BAD = ("empty", "cut", "damaged", "damaged beside", "other type", "column absent")


@pytest.mark.parametrize("how", BAD)
def test_a_bad_file_is_named_or_left_out(how: str, folder: Path, tmp_path: Path) -> None:
    said = spoil(folder, how)
    with pytest.raises(ScaleError, match=r"1\.parquet") as refused:
        standardize_files(str(folder), tmp_path / "out", engine=Engine(), choices={"columns": "x"})
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()
    engine = Engine(skip_bad=True)
    parameters, written = standardize_files(
        str(folder), tmp_path / "rest", engine=engine, choices={"columns": "x"}
    )
    assert parameters.rows == (3 if how == "damaged beside" else 2) * ROWS
    assert len(whole(tmp_path / "rest")) == 2 * ROWS
    (left,) = written.left_out
    assert "1.parquet: " in left
    assert ("what could be read of it was measured" in left) == (how == "damaged beside")


def test_a_file_without_rows_is_a_piece_without_rows(folder: Path, tmp_path: Path) -> None:
    schema = pq.read_schema(folder / "0.parquet")
    pq.write_table(schema.empty_table(), folder / "3.parquet")
    parameters, written = standardize_files(
        str(folder), tmp_path / "out", engine=Engine(), choices={"columns": "x"}
    )
    assert (parameters.rows, written.pieces) == (FILES * ROWS, 4)
    assert pq.read_schema(tmp_path / "out" / "part-00003-00000.parquet").names == ["row", "x", "g", "x_z"]


def test_what_names_no_table_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ScaleError, match="names no Parquet or CSV file"):
        find_files(str(tmp_path / "none*"))
    (folder / "more.csv").write_text("x\n1\n")
    with pytest.raises(ScaleError, match=r"files of several kinds \(csv, parquet\)"):
        find_files(str(folder))
    with pytest.raises(ScaleError, match="no engine 'hadoop': choose duckdb or spark"):
        command("profile", folder, "--engine", "hadoop")
    with pytest.raises(ScaleError, match="--master and --connect say where Spark runs"):
        command("profile", folder, "--engine", "duckdb", "--master", "local[2]")
    with pytest.raises(ValueError, match="--memory is for an engine: add --engine"):
        command("profile", folder, "--memory", "4GB")


@pytest.mark.parametrize(
    ("mark", "kind"), [("_delta_log/0.json", "delta"), ("metadata/v1.metadata.json", "iceberg")]
)
def test_what_reads_a_table_of_a_lake_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str, kind: str
) -> None:
    (tmp_path / "t" / mark).parent.mkdir(parents=True)
    (tmp_path / "t" / mark).write_text("{}")
    found = find_files(str(tmp_path / "t"))
    assert found.kind == kind

    def lacking(*_: object) -> None:
        raise OSError(f"An error occurred while trying to install the required extension '{kind}'")

    monkeypatch.setattr("analytics.scale.files._by_duckdb", lacking)
    with pytest.raises(ScaleError, match=f"table of {kind.title()}. DuckDB reads it once .* INSTALL {kind} "):
        open_files(None, found)


def test_a_folder_called_metadata_is_no_lake(folder: Path) -> None:
    (folder / "metadata").mkdir()
    assert find_files(str(folder)).kind == "parquet"


def test_addresses_go_to_the_engine_as_they_are() -> None:
    assert find_files("s3://bucket/in/*.parquet").paths == ("s3://bucket/in/*.parquet",)
    assert find_files(str(Path("s3://bucket/in/*.parquet"))).paths == ("s3://bucket/in/*.parquet",)


def test_spark_writes_what_memory_would(
    folder: Path, tmp_path: Path, spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many files in one piece, one of them without rows; the session outlives the command."""
    from contextlib import nullcontext

    monkeypatch.setattr(Engine, "opened", lambda self: nullcontext(spark))
    pq.write_table(pq.read_schema(folder / "0.parquet").empty_table(), folder / "3.parquet")
    frame = whole(folder)
    fitted = Standardizer("iqr", columns="x", by="g").fit(frame).parameters_
    written = apply_files(fitted, str(folder / "*.parquet"), tmp_path / "out", engine=Engine("spark"))
    assert written.pieces == 1
    found = whole(tmp_path / "out").sort_values("row").reset_index(drop=True)
    assert np.array_equal(found["x_z"], apply_parameters(fitted, frame)["x"])
    assert pa.Table.from_pandas(found[["row", "x", "g"]]).num_rows == FILES * ROWS


def csv_files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def rows_of(folder: Path, session: Any) -> list[list[Any]]:
    native = open_files(session, find_files(str(folder)))
    arrow = native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()
    return [arrow.column_names, *(list(row.values()) for row in arrow.to_pylist())]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("y,x\n30,3\n", r"its columns are in another order \(y, x\)"),
        ("x,w\n3,30\n", "it has no column 'y'"),
        ("x,y,z\n3,30,300\n", "it has a column 'z' that the others lack"),
        ("x;y\n3;30\n", "its cells are parted or quoted in another way"),
        ("x,y\n3,\u00e9\n".encode("latin-1"), "it is not in UTF-8, which engines read"),
        ("# by hand\nx,y\n3,30\n", "it has 1 line above its table"),
        ("\u00ff\u00fe\u00e9,y\n3,30\n".encode("latin-1"), "it is written in .*: engines read UTF-8"),
    ],
)
def test_a_csv_file_that_does_not_fit_the_others_is_named(
    other: str | bytes, said: str, tmp_path: Path
) -> None:
    """DuckDB would take its columns by their places, whatever its header says."""
    csv_files(tmp_path, a="x,y\n1,10\n", b="x,y\n2,20\n")
    (tmp_path / "c.csv").write_bytes(other if isinstance(other, bytes) else other.encode())
    with pytest.raises(ScaleError, match=rf"c\.csv can't be read with the others: {said}"):
        find_files(str(tmp_path))
    assert [Path(path).name for path in find_files(str(tmp_path), skip_bad=True).paths] == ["a.csv", "b.csv"]


def folders_of_parquet(where: Path) -> Path:
    for number, name in enumerate(
        ("code=007/run=a b", "code=1/run=c", "code=__HIVE_DEFAULT_PARTITION__/run=c")
    ):
        (where / name).mkdir(parents=True)
        pd.DataFrame({"x": [float(number)]}).to_parquet(where / name / "rows.parquet", index=False)
    return where


def check_folders(session: Any, tmp_path: Path) -> None:
    names, *rows = rows_of(folders_of_parquet(tmp_path / "day=3" / "in"), session)
    assert names == ["x", "code", "run"]
    assert sorted(rows, key=str) == [[0.0, "007", "a b"], [1.0, "1", "c"], [2.0, None, "c"]]


def test_folders_name_columns(tmp_path: Path) -> None:
    with open_duckdb() as connection:
        check_folders(connection, tmp_path)
    standardize_files(str(tmp_path), tmp_path / "out", engine=Engine(), choices={"by": "run"})
    assert set(whole(tmp_path / "out")["day"]) == {"3"}


def test_folders_name_columns_on_spark(tmp_path: Path, spark: Any) -> None:
    check_folders(spark, tmp_path)


@pytest.mark.parametrize(
    ("frame", "folder", "said"),
    [
        ({"x": [1.0]}, "", "its folders name no column, those of the others 'code' and 'run'"),
        ({"x": [1.0], "run": ["c"]}, "code=1/run=d", "it has a column 'run' that the others lack"),
        ({"x": [1.0], "X": [2.0]}, "code=1/run=d", "it has columns 'x' and 'X', which engines take for one"),
        ({"x": [1.0], "": [2.0]}, "code=1/run=d", "it has a column without a name"),
    ],
)
def test_columns_that_engines_would_rename_or_drop_are_told(
    frame: dict[str, list[Any]], folder: str, said: str, tmp_path: Path
) -> None:
    where = folders_of_parquet(tmp_path / "in")
    (where / folder).mkdir(exist_ok=True)
    pd.DataFrame(frame).to_parquet(where / folder / "odd.parquet", index=False)
    with pytest.raises(ScaleError, match=f"odd.parquet can't be read with the others: {said}"):
        find_files(str(where))
    assert len(find_files(str(where), skip_bad=True).paths) == 3


def test_a_column_that_a_folder_names_too_is_told(tmp_path: Path) -> None:
    (tmp_path / "code=1").mkdir()
    pd.DataFrame({"code": [2]}).to_parquet(tmp_path / "code=1" / "a.parquet")
    with pytest.raises(ScaleError, match="it has a column 'code', which its folder names too"):
        find_files(str(tmp_path))


CELLS = 'x,t,code,x\n1,"say ""hi"", you\nthere",007,a\\\n2,"",010,#\n,c,1,"d"\n'


def check_cells(session: Any, folder: Path) -> None:
    csv_files(folder, a=CELLS, b="x,t,code,x\n")  # b has no row
    assert rows_of(folder, session) == [
        ["x", "t", "code", "x_2"],
        [1, 'say "hi", you\nthere', "007", "a\\"],
        [2, None, "010", "#"],
        [None, "c", "1", "d"],
    ]


def test_cells_of_csv_are_read_as_the_pages_read_them(tmp_path: Path) -> None:
    with open_duckdb() as connection:
        check_cells(connection, tmp_path)


def test_cells_of_csv_on_spark(tmp_path: Path, spark: Any) -> None:
    check_cells(spark, tmp_path)


def test_csv_without_a_header_or_without_rows(tmp_path: Path) -> None:
    with open_duckdb() as connection:
        assert rows_of(csv_files(tmp_path, a="1,2\n3,4\n"), connection) == [
            ["column_1", "column_2"],
            [1, 2],
            [3, 4],
        ]
        assert rows_of(csv_files(tmp_path, a="x,t\n"), connection) == [["x", "t"]]
        with pytest.raises(ScaleError, match="a row has not the 2 cells of the header"):
            rows_of(csv_files(tmp_path, a="x,t\n1,2\n3,4,5\n"), connection)
