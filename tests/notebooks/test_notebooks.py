"""The notebooks run from their folder, and what they find is what the pages show of the same data."""

import ast
import json
import pprint
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NOTEBOOKS = ROOT / "notebooks"


def run(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], list[Any]]:
    """What the cells leave, and what stands below each of them; all of them in this process."""
    monkeypatch.chdir(NOTEBOOKS)
    cells = json.loads(Path(f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": "__main__"}
    shown: list[Any] = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), names)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), name, "eval"), names))  # noqa: S307 - our own
            assert cell["outputs"] == outputs_of(shown[-1], name), shown[-1]
    return names, shown


def outputs_of(value: object, name: str) -> list[dict[str, Any]]:
    """What is kept below a cell: texts. Figures are large, and a map's places differ between processors."""
    texts = isinstance(value, str) or (isinstance(value, list | tuple) and all(type(v) is str for v in value))
    if not texts or name == "map":
        return []
    shown = repr(value) if isinstance(value, str) else pprint.pformat(value, width=200)
    lines = shown.splitlines(keepends=True)
    return [
        {
            "data": {"text/plain": lines},
            "execution_count": None,
            "metadata": {},
            "output_type": "execute_result",
        }
    ]


def said(at) -> str:
    parts = [*at.subheader, *at.markdown, *at.caption, *at.info]
    return " ".join(part.value for part in parts).replace("\\", "")


def uploaded(open_page, file: str, page: str):
    at = open_page("data")
    at.file_uploader[0].upload(file, (ROOT / "sample_data" / file).read_bytes(), "text/csv").run()
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    return at


def test_numbers(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    names, shown = run("numbers", monkeypatch)
    at = open_page("standardize", data="Wine")
    assert at.metric[0].value == f"{names['z']:.2f}"
    assert names["column"] in at.subheader[0].value.replace("\\", "")
    assert at.number_input(key="standardize_row").value == names["row"] + 1
    at.switch_page("pages/outliers.py").run()
    assert f"At least one method flags {names['flagged']}" in said(at)
    listed = next(table.value for table in at.dataframe if "Why" in table.value.columns).set_index("Row")
    assert listed.loc[names["first"] + 1, "Sentence"] == shown[-1]


def test_map(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    names, shown = run("map", monkeypatch)
    assert shown[0] == (90, 384)
    at = uploaded(open_page, "sewing_pairs.csv", "text_map")
    at.selectbox(key="text_map_column").select("English").run()
    assert at.subheader[0].value.replace("\\", "").startswith(shown[1])
    assert names["trust"] in said(at)
    assert len(names["column"].texts) == 90


def test_retrieve(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    names, _ = run("retrieve", monkeypatch)
    at = uploaded(open_page, "sewing_pairs.csv", "ask")
    at.selectbox(key="ask_column").select("English").run()
    at.text_input(key="ask_question").set_value(names["question"]).run()
    assert not at.exception
    (first, *_) = names["found"].sentences
    assert f"**{first.text}** :small[row {first.document + 1}, cosine {first.cosine:.2f}" in said(at)
    at.text_input(key="ask_question").set_value("How do volcanoes erupt?").run()
    assert "Nothing here answers this" in said(at)
    assert not names["nothing"].sentences
