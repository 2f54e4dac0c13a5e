"""The Ask page: an answer with its rows, passages side by side with their reasons, filters, and bad input."""

import pandas as pd
import pytest

from analytics.dashboard.pages.ask import source
from tests.retrieval.tuning.tiny import tiny_encoder_in

pytestmark = pytest.mark.slow

DOCUMENTS = pd.DataFrame(
    {
        "note": [
            "The pump in cellar two was replaced in March. It moves 40 litres a second.",
            "",
            "Visitors may borrow three books at a time. The lending period is four weeks.",
            "Dr. Miller reads on Friday. The reading is in the great hall.",
            "The old pump in the garden is broken and waits for a spare part.",
        ],
        "place": ["cellar", "hall", "library", "hall", "garden"],
        "year": [2021, 2022, 2023, 2024, 2025],
    }
)

THINGS = "pump book river garden engine window letter bridge kitchen forest clock train".split()


def said(at) -> str:
    parts = [*at.subheader, *at.markdown, *at.caption, *at.info, *at.warning, *at.error]
    return " ".join(part.value for part in parts).replace("\\", "")


def opened(open_page, frame: pd.DataFrame = DOCUMENTS):
    at = open_page("data")
    at.file_uploader[0].upload("notes.csv", frame.to_csv(index=False).encode(), "text/csv").run()
    at = at.switch_page("pages/ask.py").run()
    assert not at.exception
    return at


def ask(at, question: str):
    at.text_input(key="ask_question").set_value(question).run()
    assert not at.exception
    return at


def test_an_answer_stands_with_its_row_and_its_reasons(open_page) -> None:
    at = ask(opened(open_page), "How much water does the pump move?")
    assert "**It moves 40 litres a second.** :small[row 1, cosine" in said(at)
    for title in ("By words (BM25)", "By meaning (vectors)", "By both"):
        assert title in said(at)
    assert "BM25" in said(at) and "rank 1 by words" in said(at)
    assert "4 texts searched" in said(at) and "1 row without text is left out" in said(at)
    at.toggle(key="ask_pairs").set_value(True).run()
    assert not at.exception and "sum of all" in said(at)


def test_passages_of_one_row_that_begin_alike_are_all_offered(open_page) -> None:
    long = "the pump in the cellar moves water to the garden and back, " * 60
    at = ask(opened(open_page, pd.DataFrame({"note": [long, "a book"], "place": ["a", "b"]})), "the pump")
    offered = at.selectbox(key="ask_why").options
    of_row = [one for one in offered if one.startswith("row 1: ")]
    assert len(of_row) > 1 and all("…" in one for one in of_row)
    assert len(set(offered)) == len(offered)


def test_nothing_answers_what_is_not_there(open_page) -> None:
    at = ask(opened(open_page), "How do volcanoes erupt?")
    assert "Nothing here answers this" in said(at)
    assert "The nearest, row" in said(at)


def test_rows_are_chosen_by_a_column(open_page) -> None:
    at = opened(open_page)
    at.selectbox(key="ask_filter").set_value("place").run()
    at.multiselect(key="ask_values").set_value(["garden"]).run()
    ask(at, "Where is the pump?")
    assert "1 text searched" in said(at) and "**Row 5**" in said(at) and "**Row 1**" not in said(at)
    at.selectbox(key="ask_filter").set_value("year").run()
    at.number_input(key="ask_to").set_value(2022).run()
    assert not at.exception and "**Row 1**" in said(at) and "**Row 5**" not in said(at)


def test_a_question_without_words_is_told(open_page) -> None:
    at = opened(open_page)
    for question in ("?!", "…"):
        assert "The question has no word in it" in said(ask(at, question))
    assert "Ask in your own words" in said(ask(at, "   "))


def test_a_table_without_texts_offers_the_sample(open_page) -> None:
    at = open_page("ask", data="Stocks")
    at = at if "no column of texts" in said(at) else opened(open_page, DOCUMENTS[["year"]])
    assert "no column of texts" in said(at)


def test_finding_is_measured_on_titles_and_on_a_file(open_page) -> None:
    titled = DOCUMENTS.assign(
        title=["The water pump", "Gone", "Borrowing books", "A reading", "A broken pump"]
    )
    at = opened(open_page, titled)
    at.segmented_control(key="ask_view").set_value("Measure").run()
    assert not at.exception
    at.selectbox(key="ask_titles").set_value("title").run()
    assert not at.exception and "On 4 questions" in said(at) and "differ" in said(at)
    assert len(at.get("plotly_chart")) == 2
    at.toggle(key="ask_lengths").set_value(True).run()
    assert not at.exception and any("passages" in frame.value for frame in at.dataframe)
    at.selectbox(key="ask_measured_on").set_value("a file of questions").run()
    questions = b"question,rows\nHow much water moves?,1\nWhere is the reading?,4\nWhat pumps?,1;5\n"
    at.file_uploader(key="ask_questions").upload("q.csv", questions, "text/csv").run()
    assert not at.exception and "On 3 questions" in said(at) and "Narrow and broad" in said(at)
    at.file_uploader(key="ask_questions").upload("q.csv", b"question\nonly one\n", "text/csv").run()
    assert not at.exception and "Two columns are needed" in said(at)


def test_an_answer_is_written_only_where_the_owner_allows_and_is_checked(open_page, monkeypatch) -> None:
    from analytics.dashboard.pages.ask import written

    at = ask(opened(open_page), "How much water does the pump move?")
    assert not [button for button in at.button if button.key == "ask_write"]
    monkeypatch.setenv("ZETASCOPE_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("ZETASCOPE_LLM_KEY", "a secret")
    at.run()
    at.button(key="ask_write").click().run()
    assert not at.exception and "cannot be reached" in said(at)
    told = ["The pump moves 40 litres a second [1]. ", "It is **gold** ![x](http://x.example/a) [1]."]
    monkeypatch.setattr(written, "write_answer", lambda endpoint, prompt: iter(told))
    at.toggle(key="ask_alone").set_value(True).run()
    at.button(key="ask_write").click().run()
    assert not at.exception and ":small[supported: row 1;" in said(at)
    assert "**not supported**: row 1" in said(at) and "Without the passages" in said(at)
    assert r"\!\[x\]" in " ".join(part.value for part in at.markdown)
    assert "a secret" not in str(at.main) and "passage-" in at.code[0].value
    monkeypatch.setenv("ZETASCOPE_LLM_URL", "")
    monkeypatch.setenv("ZETASCOPE_LLM_FOLDER", "models/absent")
    at.toggle(key="ask_alone").set_value(False).run()
    assert "absent writes it on this server" in said(at) and "nothing leaves it" in said(at)
    at.button(key="ask_write").click().run()
    assert not at.exception and "is no folder with a transformers model" in said(at)
    monkeypatch.setenv("ZETASCOPE_LLM_URL", "http://127.0.0.1:9/v1")
    hosting = at.switch_page("pages/hosting.py").run()
    shown = hosting.dataframe[0].value.set_index("variable")["here"]
    assert shown["ZETASCOPE_LLM_KEY"] == "(set)" and shown["ZETASCOPE_LLM_URL"].endswith("/v1")


def test_finding_is_measured_with_an_encoder_tuned_on_the_questions(open_page, monkeypatch, tmp_path) -> None:
    encoder = tiny_encoder_in(tmp_path)
    monkeypatch.setattr(source, "shared_encoder", lambda name: encoder)
    rooms = pd.DataFrame({"title": [f"the {word} in its room" for word in THINGS]})
    rooms["note"] = [f"The {word} stands there. Nobody moves it for a year." for word in THINGS]
    at = opened(open_page, rooms)
    at.segmented_control(key="ask_view").set_value("Measure").run()
    at.selectbox(key="ask_column").set_value("note").run()
    at.selectbox(key="ask_titles").set_value("title").run()
    at.button(key="ask_tune").click().run()
    assert not at.exception and not at.error and "Tuned on 8 questions" in said(at)
    (table,) = [one.value for one in at.dataframe if "tuned" in one.value.columns]
    assert table["method"].tolist() == ["By meaning (vectors)", "By both"]
    assert "tuned_encoder_" in said(at)
