"""``zetascope ask`` and ``zetascope evaluate`` say what the package finds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.cli import app
from tests.cli.test_commands import invoke
from tests.retrieval.tuning.tiny import tiny_encoder_in

TEXTS = (
    "id,title,text\n"
    'a,Pump,"The pump in cellar two was replaced in March. It moves 40 litres a second."\n'
    "b,,\n"
    'c,Lending,"Visitors may borrow three books at a time. The lending period is four weeks."\n'
    'd,Reading,"Dr. Miller reads on Friday in the great hall."\n'
)
QUESTIONS = "question,rows\nHow much water does the pump move?,1\nHow long may I borrow a book?,3\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("texts.csv", TEXTS), ("questions.csv", QUESTIONS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "texts.csv", tmp_path / "questions.csv"


@pytest.mark.slow
def test_a_question_is_answered_with_its_row(files: tuple[Path, Path]) -> None:
    asked = ("ask", files[0], "How much water does the pump move?", "--column", "text")
    said = invoke(*asked)
    assert "row 1 (" in said and "It moves 40 litres a second." in said
    assert "1. row 1, BM25" in said and "1 document without text cannot be found." in said
    printed = CliRunner().invoke(app, [str(part) for part in (*asked, "--json")]).stdout
    data = json.loads(printed)
    assert data["passages"][0]["row"] == 1 and data["answer"][0]["row"] == 1
    nothing = invoke("ask", files[0], "How do volcanoes erupt?", "--column", "text")
    assert "Nothing here answers this" in nothing


@pytest.mark.slow
def test_methods_are_measured_on_questions_and_on_titles(files: tuple[Path, Path]) -> None:
    texts, questions = files
    said = invoke("evaluate", texts, "--column", "text", "--questions", questions)
    assert "On 2 questions" in said and "hybrid: nDCG@10 1.000" in said
    assert "On 3 questions" in invoke("evaluate", texts, "--column", "text", "--title", "title")


@pytest.mark.slow
def test_an_encoder_tuned_on_the_questions_is_measured_too(tmp_path: Path) -> None:
    things = "pump book river garden engine window letter bridge kitchen forest clock train".split()
    rows = "".join(f"The {thing} stands in room {number}.\n" for number, thing in enumerate(things))
    asked = "".join(f"where is the {thing}?,{number}\n" for number, thing in enumerate(things, 1))
    (tmp_path / "texts.csv").write_text(f"text\n{rows}", encoding="utf-8")
    (tmp_path / "questions.csv").write_text(f"question,rows\n{asked}", encoding="utf-8")
    tiny_encoder_in(tmp_path)
    parts = (
        "evaluate",
        tmp_path / "texts.csv",
        "--column",
        "text",
        "--questions",
        tmp_path / "questions.csv",
    )
    asking = [str(part) for part in (*parts, "--model", tmp_path / "model", "--tune", "--json")]
    tuned = json.loads(CliRunner().invoke(app, asking).stdout)["tuned"]
    assert tuned["answer"].startswith("Tuned on 8 questions") and tuned["pairs"] == 8
    assert [one["method"] for one in tuned["methods"]] == ["vectors", "hybrid"]
    assert tuned["train_seconds"] > 0


def test_what_is_wrong_is_told(files: tuple[Path, Path]) -> None:
    assert "no word in it" in invoke_failing("ask", files[0], "?!", "--column", "text")
    assert "no column 'absent'" in invoke_failing("ask", files[0], "why", "--column", "absent")


def invoke_failing(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 1
    return str(result.exception)
