"""The command line gives the numbers of the package and says what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import analytics
from analytics.cli import app
from analytics.numbers import Standardizer
from analytics.project import Project, save_project
from analytics.recipe import Compare, Drop, DropNumbers, Keep, Recipe, Rename, SetMissing, SetType
from analytics.tables import ReadOptions, read_table, write_csv

ROOT = Path(__file__).parents[2]
EXAMS = ROOT / "sample_data" / "exams.csv"


def invoke(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_standardize_writes_what_the_package_computes(tmp_path: Path) -> None:
    target, saved = tmp_path / "out.parquet", tmp_path / "t.json"
    said = invoke("standardize", EXAMS, target, "--method", "robust", "--by", "school", "--json", saved)
    frame = read_table(EXAMS).frame
    scores = Standardizer("robust", by="school").fit_transform(frame)
    written = pd.read_parquet(target)
    for name in scores:
        np.testing.assert_array_equal(written[f"{name}_z"], scores[name])
    assert f"{len(frame):,} rows, {scores.shape[1]} columns scored" in said
    document = json.loads(saved.read_text(encoding="utf-8"))
    assert document["source"]["name"] == "exams.csv"
    assert document["source"]["sha256"] == read_table(EXAMS).sha256


def test_standardize_takes_a_method_for_each_column(tmp_path: Path) -> None:
    target, saved = tmp_path / "out.parquet", tmp_path / "t.json"
    (tmp_path / "in.csv").write_text("a,b=c,flat\n" + "".join(f"{2**i},{i / 8},5\n" for i in range(40)))
    said = invoke("standardize", tmp_path / "in.csv", target, "--method", "advised", "--column-method",
                  "b=c=robust", "--json", saved)  # fmt: skip
    assert "a: yeo_johnson, skewed to the right" in said and "flat: left out, all values are equal." in said
    assert json.loads(saved.read_text())["methods"] == ["yeo_johnson", "robust"]
    again = invoke("apply", saved, tmp_path / "in.csv", tmp_path / "again.parquet")
    assert "No column has drifted" in again
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "again.parquet"), pd.read_parquet(target))
    invoke("standardize", tmp_path / "in.csv", target, "--column-method", "robust", code=1)


def test_clean_takes_the_steps_of_a_recipe_and_accounts_for_each(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a;b\n1,5;x\n-999;y\n2;soon\n", encoding="utf-8")
    steps = (SetMissing("a", (-999,)), SetType("b", "number"), DropNumbers((1,)), Rename("gone", "c"))
    recipe = Recipe(ReadOptions(delimiter=";"), steps, file="0" * 64)
    (tmp_path / "recipe.json").write_text(recipe.to_json(), encoding="utf-8")
    said = invoke("clean", tmp_path / "recipe.json", tmp_path / "in.csv", tmp_path / "out.csv")
    assert "1. -999 in 'a' means missing: 1 cell changed." in said
    assert "3 cells could not be taken" in said and "row 3: soon" in said
    assert "3. Drop 1 row by number (1): passed over. The row numbers are those of another file." in said
    assert "There is no column 'gone'" in said
    assert read_table(tmp_path / "out.csv").frame["a"].tolist() == pytest.approx(
        [1.5, np.nan, 2], nan_ok=True
    )
    (tmp_path / "recipe.json").write_text("[]", encoding="utf-8")
    invoke("clean", tmp_path / "recipe.json", tmp_path / "in.csv", tmp_path / "out.csv", code=1)


def test_clean_takes_a_project_with_its_table_or_another(tmp_path: Path) -> None:
    recipe = Recipe(ReadOptions(delimiter=";"), (Drop(Compare("a", "==", 2)),))
    saved, result, script = tmp_path / "day.zeta", tmp_path / "out.csv", tmp_path / "again.py"
    saved.write_bytes(save_project(Project("in.csv", b"a;b\n1;x\n2;y\n", recipe)))
    invoke("clean", saved, result, "--script", script)
    assert read_table(result).frame["a"].tolist() == [1]
    assert "SOURCE = 'in.csv'" in script.read_text(encoding="utf-8")
    (tmp_path / "next.csv").write_bytes(b"a;b\n7;x\n2;y\n")
    invoke("clean", saved, tmp_path / "next.csv", result)
    assert read_table(result).frame["a"].tolist() == [7]
    saved.write_bytes(b"PK")
    invoke("clean", saved, result, code=1)
    invoke("open", saved, code=1)


def test_apply_scores_another_file_and_reports(tmp_path: Path) -> None:
    saved, first, second = tmp_path / "t.json", tmp_path / "a.csv", tmp_path / "b.csv"
    invoke("standardize", EXAMS, first, "--columns", "mathematics_of_100, reading_of_800", "--json", saved)
    new = read_table(EXAMS).frame.head(50).assign(mathematics_of_100=lambda f: f["mathematics_of_100"] + 30)
    new.to_csv(tmp_path / "new.csv", index=False)
    said = invoke("apply", saved, tmp_path / "new.csv", second, "--replace")
    assert "mathematics_of_100: the mean went up" in said
    scores = Standardizer.from_json(saved.read_text(encoding="utf-8")).transform(new)
    np.testing.assert_array_equal(pd.read_csv(second)["mathematics_of_100"], scores["mathematics_of_100"])


def test_a_transform_reads_and_treats_the_next_file_as_the_first(tmp_path: Path) -> None:
    first, saved, out = tmp_path / "first.csv", tmp_path / "t.json", tmp_path / "out.csv"
    first.write_text("a;b\n1,5;x\n-999;y\n2;x\n3;x\n", encoding="utf-8")
    steps = (SetMissing("a", (-999,)), DropNumbers((4,)), Keep(Compare("b", "==", "x")))
    recipe = Recipe(ReadOptions(delimiter=";", decimal=","), steps)
    (tmp_path / "recipe.json").write_text(recipe.to_json(), encoding="utf-8")
    invoke("standardize", first, out, "--recipe", tmp_path / "recipe.json", "--json", saved)
    assert read_table(out).frame["a"].tolist() == [1.5, 2.0]
    (tmp_path / "next.csv").write_text("a;b\n2;x\n-999;x\n5;y\n2,25;x\n", encoding="utf-8")
    said = invoke("apply", saved, tmp_path / "next.csv", out)
    assert "2. Drop 1 row by number (4): passed over. The row numbers are those of another file." in said
    scored = read_table(out).frame
    assert scored["a"].tolist() == pytest.approx([2.0, np.nan, 2.25], nan_ok=True)
    assert scored["a_z"].tolist() == pytest.approx([1.0, np.nan, 2.0], nan_ok=True)  # mean 1.75, sd 0.25
    document = json.loads(saved.read_text(encoding="utf-8"))
    assert document["recipe"]["file"] == read_table(first).sha256
    del document["recipe"]  # as transforms were before
    saved.write_text(json.dumps(document), encoding="utf-8")
    said = invoke("apply", saved, tmp_path / "next.csv", out, "--read", "delimiter=;", "--read", "decimal=,")
    assert read_table(out).frame["a_z"].tolist() == pytest.approx([1.0, -4003.0, 13.0, 2.0])
    document["recipe"] = {"zetascope_recipe": 99}
    saved.write_text(json.dumps(document), encoding="utf-8")
    invoke("apply", saved, tmp_path / "next.csv", out, code=1)


@pytest.mark.slow
def test_the_script_beside_it_makes_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(EXAMS.read_bytes())
    command = [sys.executable, "-m", "analytics", "standardize", tmp_path / "in.csv", tmp_path / "out.csv"]
    options = ["--ddof", "1", "--json", tmp_path / "t.json", "--script", tmp_path / "again.py"]
    subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    first = (tmp_path / "out.csv").read_bytes()
    (tmp_path / "out.csv").unlink()
    subprocess.run([sys.executable, "-I", "again.py"], cwd=tmp_path, check=True)
    assert (tmp_path / "out.csv").read_bytes() == first


def test_self_test_prints_the_digits_of_every_set() -> None:
    said = invoke("self-test")
    rows = {line.split()[0]: line.split() for line in said.splitlines()[1:]}
    assert len(rows) == 8
    assert float(rows["Mavro"][-1]) >= 13
    assert float(rows["NumAcc4"][-1]) >= 8.2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["standardize", "absent.csv", "out.csv"], "no file 'absent.csv'"),
        (["standardize", EXAMS, "out.xlsx"], "'out.xlsx' can't be written"),
        (["standardize", EXAMS, "nowhere/out.csv"], "no folder 'nowhere'"),
        (["standardize", EXAMS, "out.csv", "--method", "magic"], "'magic'"),
        (["standardize", EXAMS, "out.csv", "--columns", "pupil,school"], "'pupil' holds text"),
        (["standardize", EXAMS, "out.csv", "--by", "class"], "'class'"),
        (["standardize", EXAMS, "out.csv", "--ddof", "7"], "ddof is 7"),
        (["standardize", EXAMS, "out.csv", "--script", "s.py"], "add --json"),
        (["apply", EXAMS, EXAMS, "out.csv"], "not valid JSON"),
        (["map", EXAMS, "out.csv", "--column", "opinion"], "no column 'opinion'; it has pupil"),
        (["map", EXAMS, "out.csv", "--column", "pupil", "--long", "never"], "beginning, whole, passages"),
        (["map", EXAMS, "out.csv", "--column", "pupil", "--density"], "need the method 'umap-learn'"),
        (
            ["map", EXAMS, "out", "--column", "pupil", "--engine", "duckdb", "--long", "whole"],
            "--long is for tables in memory",
        ),
        (
            ["map", EXAMS, "out", "--column", "pupil", "--engine", "duckdb", "--strip"],
            "--strip is for tables in memory",
        ),
        (
            [
                "map",
                EXAMS,
                "out",
                "--column",
                "pupil",
                "--method",
                "umap-learn",
                "--engine=duckdb",
                "--dimensions",
                "9",
            ],
            "in 2 or 3 dimensions here, not in 9",
        ),
        (
            [
                "map",
                EXAMS,
                "out",
                "--column",
                "pupil",
                "--method",
                "umap-learn",
                "--engine=duckdb",
                "--guided-by",
                "school",
            ],
            "A column cannot guide this map",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_exit_code_1(
    arguments: list, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    from analytics.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["zetascope", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    errors = capsys.readouterr().err
    assert stopped.value.code == 1
    assert said in errors
    assert errors.count("\n") == 1


@pytest.mark.slow
def test_map_writes_what_the_package_computes(tmp_path: Path) -> None:
    from analytics.text import cluster, load_encoder, map_table, project, read_vectors, text_column

    frame = read_table(ROOT / "sample_data" / "opinions.csv").frame.head(60)
    frame.loc[7, "text"] = None
    source, target, saved = tmp_path / "in.csv", tmp_path / "map.parquet", tmp_path / "v.npy"
    write_csv(frame, source)
    said = invoke("map", source, target, "--column", "text", "--n-neighbors", "8", "--vectors", saved)
    column = text_column(frame["text"])
    projection = project(load_encoder().encode(column.texts, role="document"), n_neighbors=8)
    written = pd.read_parquet(target)
    expected = map_table(frame, column.rows, projection, clusters=cluster(projection, column.texts))
    np.testing.assert_array_equal(written["map_x"], expected["map_x"])
    pd.testing.assert_series_equal(written["cluster"], expected["cluster"], check_dtype=False)
    assert len(written) == 60 and written["map_x"].isna().sum() == 1
    vectors = read_vectors(saved.read_bytes(), rows=60)
    np.testing.assert_array_equal(vectors[column.rows], projection.vectors)
    assert not vectors[7].any()
    assert "60 rows, 59 on the map, 1 not on it; trustworthiness 0." in said


@pytest.mark.slow
def test_map_reads_long_texts_by_passages_and_quickly_as_the_page_does(tmp_path: Path) -> None:
    from analytics.text import cut_passages, load_encoder, read_vectors, strip_markup

    source, target, saved = tmp_path / "in.csv", tmp_path / "map.parquet", tmp_path / "v.npy"
    opinions = read_table(ROOT / "sample_data" / "opinions.csv").frame["text"]
    texts = [f"<p>{opinions[row]}</p>" for row in range(20)]
    texts[3] = " ".join(f"<p>{opinion}</p>" for opinion in opinions[:60])
    write_csv(pd.DataFrame({"n": range(20), "text": texts}), source)
    said = invoke("map", source, target, "--column", "text", "--long", "passages", "--strip", "--quick",
                  "--method", "pca", "--vectors", saved)  # fmt: skip
    encoder = load_encoder(backend="quick")
    passages = cut_passages(strip_markup(texts).texts, encoder)
    written = pd.read_parquet(target)
    assert passages.sizes[3] > 3 and len(written) == len(passages.texts)
    assert written["passage_text"].tolist() == list(passages.texts)
    assert written["text_row"].tolist() == (passages.owners + 1).tolist()
    assert {"cluster_finest", "language", "unknown_share"} <= set(written) and (
        written["read_share"] == 1
    ).all()
    vectors = read_vectors(saved.read_bytes(), rows=len(written))
    np.testing.assert_allclose((vectors * encoder.encode(passages.texts)).sum(axis=1), 1, atol=2e-3)
    assert "Measured on 20 of these texts: quick and exact vectors" in said
    assert f"20 rows, 20 on the map as {len(written)} passages; trust" in said


@pytest.mark.slow
def test_the_command_ends_with_the_code_of_its_outcome(tmp_path: Path) -> None:
    for arguments, code in ((["self-test"], 0), (["apply", EXAMS, EXAMS, "out.csv"], 1), (["nonsense"], 2)):
        command = [sys.executable, "-m", "analytics", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == code
        assert done.stdout if code == 0 else done.stderr


def test_the_version_is_that_of_the_package() -> None:
    assert invoke("--version") == f"zetascope {analytics.__version__}\n"


def test_every_command_is_listed() -> None:
    said = invoke("--help")
    for command in ("serve", "standardize", "apply", "map", "profile", "self-test"):
        assert command in said
