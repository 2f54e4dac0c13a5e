"""A file beyond the limit of rows: it waits, is looked over, and a part of it is opened."""

import pytest

pytestmark = pytest.mark.slow

ROWS = 1_200
LARGE = "n,town,x\n" + "".join(f"{n},{'Rome' if n % 4 else 'Oslo'},{n / 8}\n" for n in range(ROWS))


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_MAX_ROWS", "500")


def text_of(at) -> str:
    said = [*at.markdown, *at.caption, *at.error, *at.sidebar.caption]
    return " ".join(part.value for part in said).replace("\\", "")


def by_label(widgets, label: str):
    return next(one for one in widgets if one.label == label)


def test_a_part_of_it_is_opened(few_rows, open_page) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("large.csv", LARGE.encode(), "text/csv").run()
    assert not at.exception
    assert "large.csv** is too large to be opened whole" in text_of(at)
    assert f"It holds {ROWS:,} rows and 3 columns" in text_of(at)
    assert "wine.csv" in text_of(at)  # what was open stays
    assert by_label(at.number_input, "Rows, drawn at random").max == 500

    by_label(at.number_input, "Rows, drawn at random").set_value(100)
    by_label(at.selectbox, "Out of").set_value("town")
    by_label(at.text_input, "value").set_value("Paris")
    by_label(at.button, "Open this part").click().run()
    assert f"None of the {ROWS:,} rows" in text_of(at)
    assert "large.csv** is too large" in text_of(at)  # nothing is lost

    by_label(at.text_input, "value").set_value("Oslo")
    by_label(at.button, "Open this part").click().run()
    assert not at.exception
    assert "part of large.parquet · 100 rows, 3 columns" in text_of(at)
    assert "which has 1,200 rows: of 300 rows where town is 'Oslo', 100 drawn at random" in text_of(at)
    assert "is too large" not in text_of(at)


def test_it_can_be_left(few_rows, open_page) -> None:
    at = open_page("data")
    at.file_uploader[0].upload("large.csv", LARGE.encode(), "text/csv").run()
    by_label(at.button, "Leave it").click().run()
    assert "is too large" not in text_of(at)
    assert "wine.csv" in text_of(at)


def test_a_kind_that_duckdb_does_not_read_is_refused_as_before(few_rows, open_page) -> None:
    at = open_page("data")
    lines = "".join(f'{{"n": {n}}}\n' for n in range(ROWS))
    at.file_uploader[0].upload("large.jsonl", lines.encode(), "application/json").run()
    assert "is too large" not in text_of(at)
    assert "the limit is 500" in " ".join(error.value for error in at.error)
