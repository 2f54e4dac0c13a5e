"""``zetascope compare`` says what changed, as text and as JSON."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import invoke

OLD = "id;name;price\n1;a;1,5\n2;b;2,5\n3;c;3,5\n4;d;4,5\n"
NEW = "id;label;price\n1;a;1,5\n3;c;9,5\n4;d;4,5\n5;e;5,5\n"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    for name, text in (("old.csv", OLD), ("new.csv", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / "old.csv", tmp_path / "new.csv"]


def test_text_names_columns_rows_and_cells(files: list[Path], tmp_path: Path) -> None:
    said = invoke("compare", *files, "--key", "id", "--renamed", "name=label", "--cells", tmp_path / "c.csv")
    assert "Matched by id: 1 row added, 1 row gone, 1 row of 3 changed in 1 cell." in said
    assert "row 2: price: 3.5 -> 9.5" in said
    assert "added: label" not in said
    assert (tmp_path / "c.csv").read_text(encoding="utf-8").replace(chr(34), "").splitlines()[
        1
    ] == "3,3,2,price,3.5,9.5,6.0"
    assert "1 column added: label" in invoke("compare", *files)


def test_json_holds_the_same(files: list[Path]) -> None:
    data = json.loads(invoke("compare", *files, "--key", "id", "--json"))
    assert data["columns"]["added"] == ["label"] and data["columns"]["gone"] == ["name"]
    assert data["rows"]["cells"][0]["now"] == "9.5"
    assert json.loads(invoke("compare", *files, "--by-place", "--json"))["rows"]["matched"] == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--key", "absent"], "no column 'absent'"),
        (["--renamed", "name"], "names no pair"),
        (["--cells", "x.xlsx"], "can't be written"),
        (["--tolerance", "5"], "tolerance is 5"),
    ],
)
def test_what_is_wrong_is_told(files: list[Path], arguments: list[str], said: str) -> None:
    assert said in invoke("compare", *files, *arguments, code=2)
