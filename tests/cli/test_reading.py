"""``--read`` gives every option of a reading, and answers a doubt as ``profile`` spells it."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analytics import tables
from analytics.cli import app
from analytics.cli.reading import asking_for, options_of
from analytics.errors import ZetascopeError
from analytics.tables import Alternative, Doubt, ReadOptions, read_table


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ([], ReadOptions()),
        (["delimiter=1", "decimal=,", "quote="], ReadOptions(delimiter="1", decimal=",", quote="")),
        (["delimiter=="], ReadOptions(delimiter="=")),
        (
            ["header=2", "day_first=false", "as_text=true"],
            ReadOptions(header=2, day_first=False, as_text=True),
        ),
        (["sheet=1"], ReadOptions(sheet=1)),
        (["sheet=Q1 2024"], ReadOptions(sheet="Q1 2024")),
        (['na_values=["-", "n. v."]'], ReadOptions(na_values=("-", "n. v."))),
        (['column_types={"a=b": "text"}'], ReadOptions(column_types={"a=b": "text"})),
        (["max_rows=10"], ReadOptions(max_rows=10)),
    ],
)
def test_options_are_read_by_their_kind(asked: list[str], options: ReadOptions) -> None:
    assert options_of(asked) == options
    changes = {name: held for name, held in vars(options).items() if held != getattr(ReadOptions(), name)}
    words = shlex.split(asking_for(changes))
    assert words[::2] == ["--read"] * len(changes)
    assert options_of(words[1::2]) == options


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("separator=;", "no 'separator': choose from encoding, delimiter"),
        ("header=first", "header=first can't be read"),
        ("decimal=ab", "must be one character"),
    ],
)
def test_what_is_no_option_is_said(asked: str, words: str) -> None:
    with pytest.raises(ZetascopeError, match=words):
        options_of([asked])


def test_every_command_reads_the_table_as_asked(tmp_path: Path) -> None:
    source, scored = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text("a|b\n1|9\n2|9\n4|3\n")
    told = ["--read", 'na_values=["9"]', "--read", "delimiter=|"]
    frame = read_table(source, options=ReadOptions(na_values=("9",), delimiter="|")).frame
    shown = CliRunner().invoke(app, ["profile", str(source), "--json", *told])
    assert (
        [one["missing"] for one in json.loads(shown.output)["columns"]]
        == frame.isna().sum().tolist()
        == [0, 2]
    )
    assert CliRunner().invoke(app, ["standardize", str(source), str(scored), *told]).exit_code == 0
    assert pd.read_parquet(scored)["b"].isna().sum() == 2


@pytest.mark.parametrize(
    ("count", "words"), [(0, ""), (1, "1 reading is in doubt"), (2, "2 readings are in doubt")]
)
def test_other_commands_say_that_something_is_in_doubt(
    count: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.csv").write_text("a,b\n1,2\n3,5\n")
    plain = read_table(tmp_path / "in.csv")
    doubt = Doubt("Is it so?", "line 2", Alternative("yes"), (Alternative("no"),))
    doubtful = replace(plain, report=replace(plain.report, doubts=(doubt,) * count))
    monkeypatch.setattr(tables, "read_table", lambda *given, **named: doubtful)
    result = CliRunner().invoke(app, ["standardize", str(tmp_path / "in.csv"), str(tmp_path / "out.csv")])
    assert result.exit_code == 0
    assert words in result.stderr
    assert result.stderr.count("\n") == min(count, 1)
    assert "doubt" not in result.stdout
