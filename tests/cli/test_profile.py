"""``zetascope profile`` tells how a file was read, what is in doubt, and the figures of the profile."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.cli import app, main
from analytics.cli.files import visible
from analytics.cli.profile import lines
from analytics.recipe import Recipe, SetMissing
from analytics.report_file import make_report, report_data
from analytics.tables import Alternative, Doubt, ReadOptions, Table, profile_table, read_table

MESSY = (
    "Messung vom 3. Mai\n\n"
    "größe;wert;tag;leer;fest\n"
    "1,5;1.200;2024-01-05;;x\n2,5;45.100;2024-02-29;;x\n;1.300;2023-12-31;;x\n10,25;7.000;2024-03-01;;x\n"
).encode("cp1252")


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    (tmp_path / "messung.csv").write_bytes(MESSY)
    return tmp_path / "messung.csv"


def printed(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["profile", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_every_sentence_and_every_column_is_told(messy: Path) -> None:
    said = printed(messy).splitlines()
    for sentence in read_table(messy).report.sentences():
        assert sentence in said
    start = next(i for i, line in enumerate(said) if line.startswith("column "))
    assert said[start].split() == ["column", "role", "missing", "distinct", "min", "median", "max"]
    rows = {line.split()[0]: line.split()[1:] for line in said[start + 1 :]}
    assert rows["größe"] == ["number", "1", "3", "1.5", "2.5", "10.25"]
    assert rows["wert"] == ["number", "0", "4", "1,200", "4,150", "45,100"]
    assert rows["tag"] == ["time", "0", "4", "2023-12-31T00:00:00", "2024-03-01T00:00:00"]
    assert rows["leer"] == ["empty", "4", "0"]
    assert rows["fest"] == ["constant", "0", "1"]


def test_figures_stand_under_each_other(messy: Path) -> None:
    said = printed(messy).splitlines()
    start = next(i for i, line in enumerate(said) if line.startswith("column "))
    end = said[start].index("missing") + len("missing")
    assert [line[end - 1] for line in said[start + 1 :]] == ["1", "0", "0", "4", "0"]


def test_json_holds_the_same(messy: Path) -> None:
    data = json.loads(printed(messy, "--json"))
    table = read_table(messy)
    assert data["sha256"] == table.sha256
    assert data["rows"] == 4
    assert data["reading"]["delimiter"] == ";"
    assert tuple(data["reading"]["sentences"]) == table.report.sentences()
    for told, column in zip(data["columns"], profile_table(table.frame).columns.values(), strict=True):
        assert told["name"] == column.name
        assert told["role"] == column.role.kind
        assert told["distinct"] == column.distinct
        for name in ("minimum", "median", "maximum", "mean", "sd"):
            assert told[name] == getattr(column, name)


def with_doubts(table: Table) -> Table:
    taken = Alternative("thousands", (("thousands", "."),), (("1.200", "1200"), ("999", "999")))
    changes = (("decimal", "."), ("column_types", {"wert": "number"}))
    other = Alternative("decimals", changes, (("1.200", "1.2"),))
    doubt = Doubt("Is the point in 'wert' for thousands?", "lines 4 to 7", taken, (other,), column="wert")
    colons = Doubt(
        "Which parts?", "all lines", Alternative(";"), (Alternative("colons", (("delimiter", ":"),)),)
    )
    return replace(table, report=replace(table.report, doubts=(doubt, colons)))


def test_doubts_are_told_with_what_answers_them(messy: Path) -> None:
    table = with_doubts(read_table(messy))
    said = list(lines(table, profile_table(table.frame)))
    first = said.index("In doubt, 1 of 2: Is the point in 'wert' for thousands?")
    assert said[first + 1 : first + 4] == [
        "  lines 4 to 7",
        "  Taken: thousands ('1.200' is 1200; '999' is 999)",
        "  Or: decimals ('1.200' is 1.2): --read decimal=. --read 'column_types={\"wert\": \"number\"}'",
    ]
    second = said.index("In doubt, 2 of 2: Which parts?")
    assert said[second + 2 : second + 4] == ["  Taken: ;", "  Or: colons: --read delimiter=:"]


def test_doubts_are_in_the_json_with_the_options_that_answer_them(messy: Path) -> None:
    table = with_doubts(read_table(messy))
    data = json.loads(json.dumps(report_data(make_report(table)), allow_nan=False))
    (doubt, _) = data["reading"]["doubts"]
    assert doubt["column"] == "wert"
    assert doubt["taken"]["cells"][1] == {"text": "999", "reading": "999"}
    assert doubt["alternatives"][0]["options"] == {"decimal": ".", "column_types": {"wert": "number"}}


@pytest.mark.slow
def test_a_report_is_written_as_a_page_or_as_json(messy: Path, tmp_path: Path) -> None:
    recipe = Recipe(ReadOptions(delimiter=";"), (SetMissing("wert", (1200,)),))
    (tmp_path / "r.json").write_text(recipe.to_json(), encoding="utf-8")
    printed(messy, tmp_path / "out.html", "--recipe", tmp_path / "r.json")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "1,200 in 'wert' means missing" in page
    printed(messy, tmp_path / "out.json", "--read", "decimal=,")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["answers"] == {"decimal": ","}
    printed(messy, tmp_path / "out.txt", code=1)
    printed(messy, "--recipe", tmp_path / "r.json", code=1)
    printed(messy, "--json", "--recipe", tmp_path / "r.json", "--read", "decimal=,", code=2)


def test_a_file_cannot_command_the_terminal(tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_bytes('"a\x1b[31m","b\u202e\nc",d\n1,2,3\n4,5,\n'.encode())
    said = printed(source)
    assert "a\\x1b[31m" in said
    assert "b\\u202e" in said
    assert "\x1b" not in said
    assert visible("größe 手机") == "größe 手机"


def test_a_long_name_is_cut_with_a_mark_and_whole_in_the_json(tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_text(f"{'long name ' * 9},b\n1,2\n3,4\n")
    assert "long name long name long name long name… " in printed(source)
    assert json.loads(printed(source, "--json"))["columns"][0]["name"] == ("long name " * 9).strip()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no file"), (b"", "empty"), (b"PK\x03\x04 no archive", "")],
)
def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(
    content: bytes | None,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    if content is not None:
        (tmp_path / "x.csv").write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["zetascope", "profile", str(tmp_path / "x.csv"), "--json"])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, errors = capsys.readouterr()
    assert stopped.value.code == 2
    assert out == ""
    assert words in errors
    assert errors.startswith("zetascope: ") and errors.count("\n") == 1
