"""The Data page: what was read is told, guesses can be overridden, a bad file loses nothing."""

import io
import json
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from analytics.dashboard.pages.data.columns import columns_frame
from analytics.dashboard.pages.data.doubts import cells_in_words
from analytics.dashboard.server import datasets
from analytics.dashboard.server.opening import open_table
from analytics.dashboard.server.settings import Settings
from analytics.reproduce import pandas_reading
from analytics.tables import Alternative, Doubt, ReadOptions, Table, profile_table

MESSY = """Report of 2024;;
name;score;price
Anna;3,5;1.200,50 €
Bernd;4,0;980,00 €
Clara;n/a;1.010,25 €
""".encode("cp1252")


def upload(at, name: str, content: bytes):
    at.file_uploader[0].upload(name, content, "text/csv").run()
    return at


def delimiter(at):
    return next(one for one in at.selectbox if one.label == "Delimiter")


def sidebar_text(at) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in at.sidebar.caption)


def page_text(at) -> str:
    return " ".join(part.value for part in at.markdown).replace("\\", "")


@pytest.mark.slow
def test_an_upload_becomes_the_open_data_set(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", b"a,b\n1,2\n3,4\n5,6\n")
    assert not at.exception
    assert "mine.csv · 3 rows, 2 columns" in sidebar_text(at)
    assert "Cells are separated by comma" in page_text(at)


@pytest.mark.slow
def test_a_messy_export_is_read_and_explained(open_page) -> None:
    at = upload(open_page("data"), "messy.csv", MESSY)
    assert not at.exception
    text = page_text(at)
    assert "semicolon" in text
    assert "decimal comma" in text
    rows = at.dataframe[-1].value
    assert list(rows.columns) == ["name", "score", "price"]
    assert rows["price"].tolist() == ["1200.5", "980.0", "1010.25"]
    assert rows["score"].isna().tolist() == [False, False, True]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("broken.parquet", b"PAR1 this is not parquet"),
        ("bad.zip", b"PK\x03\x04 not a zip"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence_and_loses_nothing(open_page, name: str, content: bytes) -> None:
    at = upload(open_page("data", data="Exams"), name, content)
    assert not at.exception
    assert len(at.error) == 1
    assert "Traceback" not in at.error[0].value
    assert "exams.csv" in sidebar_text(at)


@pytest.mark.slow
def test_a_zip_with_two_files_says_what_to_do(open_page) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "x\n1\n")
        archive.writestr("b.csv", "x\n2\n")
    at = upload(open_page("data"), "two.zip", packed.getvalue())
    assert len(at.error) == 1


def test_no_figure_is_cut_and_texts_are_cut_visibly() -> None:
    long = "a text that is longer than any cell of a table should be"
    frame = pd.DataFrame(
        {
            "people": [1_318_683_096, 4, 5],
            "share": [7023600.25, 0.123456789, 2e15],
            "since": pd.to_datetime(["2024-01-01", "2024-02-03", "2024-02-03"]),
            "note": [long] * 3,
        }
    )
    shown = columns_frame(profile_table(frame)).set_index("column")
    assert shown.loc["people", "largest"] == "1,318,683,096"
    assert shown.loc["share", ["smallest", "typical", "largest"]].tolist() == [
        "0.123456789",
        "7,023,600.25",
        "2e+15",
    ]
    assert shown.loc["since", ["smallest", "largest"]].tolist() == ["2024-01-01", "2024-02-03"]
    assert shown.loc["note", "typical"] == long[:17] + "…"


@pytest.mark.slow
def test_columns_are_as_wide_as_their_content(open_page) -> None:
    at = upload(open_page("data"), "wide.csv", b"n,m\n1318683096,1\n1318683095,2\n3,3\n")
    grid = at.dataframe[0].proto
    widths = {name: one.get("width") for name, one in json.loads(grid.columns).items()}
    # The grid's letters: 14 pixels high, digits half as wide, as measured in the browser.
    assert widths["largest"] >= 7 * len("1,318,683,096")
    assert widths["because"] > widths["largest"]


@pytest.mark.slow
def test_rows_are_counted_from_one_beside_their_lines(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", b"a,b\n1,2\n\n3,4\n5,6\n")
    assert at.dataframe[-1].value.index.names == ["row", "line"]
    assert at.dataframe[-1].value.index.tolist() == [(1, 2), (2, 4), (3, 5)]


@pytest.mark.slow
def test_changing_the_delimiter_reads_the_file_again_and_back(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", b"a;b,c\n1;2,3\n4;5,6\n7;8,9\n")
    at.session_state["data_other_reading"] = True
    at.run()
    for mark, columns in [(",", ["a;b", "c"]), (";", ["a", "b,c"]), (",", ["a;b", "c"])]:
        delimiter(at).select(mark).run()
        if list(at.dataframe[-1].value.columns) != columns:
            at.button(key="data_use_reading").click().run()
        assert not at.exception
        assert list(at.dataframe[-1].value.columns) == columns


@pytest.mark.slow
def test_another_file_under_the_same_name_starts_with_its_own_guesses(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", b"a;b,c\n1;2,3\n4;5,6\n7;8,9\n")
    at.session_state["data_other_reading"] = True
    at.run()
    delimiter(at).select(",").run()
    texts = "Columns to keep as text"
    next(one for one in at.multiselect if one.label == texts).select("a").run()
    upload(at, "mine.csv", b"a;b\n1;2\n4;5\n7;8\n")
    at.session_state["data_other_reading"] = True
    at.run()
    assert not at.exception
    assert delimiter(at).value.startswith("as detected")
    assert next(one for one in at.multiselect if one.label == texts).value == []
    assert "data_use_reading" not in [one.key for one in at.button]


@pytest.mark.slow
def test_the_oldest_of_many_files_is_let_go(open_page) -> None:
    at = open_page("data")
    for number in range(5):
        upload(at, f"file{number}.csv", f"a,b\n{number},2\n3,4\n".encode())
    offered = at.sidebar.selectbox[0].options
    assert "file4.csv" in offered
    assert "file0.csv" not in offered
    assert sum(name.startswith("file") for name in offered) == 3


def test_a_file_that_would_push_others_out_waits_until_that_is_agreed(open_page, monkeypatch) -> None:
    sizes = {"big.csv": 900.0}
    monkeypatch.setattr(datasets, "_megabytes", lambda one: sizes.get(one.name, 100.0))
    monkeypatch.setattr(datasets, "read_settings", lambda: Settings(uploads_kept=9, session_mb=1_000))
    at = open_page("data")
    for name in ("one.csv", "two.csv", "three.csv"):
        upload(at, name, f"a,b\n{len(name)},2\n3,4\n".encode())
    assert datasets_of(at) == ["one.csv", "two.csv", "three.csv"] and "room_agreed" not in keys(at)
    upload(at, "big.csv", b"a,b\n9,2\n3,4\n")
    assert datasets_of(at) == ["one.csv", "two.csv", "three.csv"]  # nothing has gone yet
    assert "big.csv** needs the place of **one.csv**, **two.csv**" in shown(at)
    at.button(key="room_agreed").click().run()
    assert not at.exception
    assert datasets_of(at) == ["three.csv", "big.csv"] and "room_agreed" not in keys(at)
    assert at.session_state[datasets.CHOICE] == "big.csv"


def datasets_of(at) -> list[str]:
    return list(at.session_state["zetascope_uploads"])


def keys(at) -> set[str]:
    return {one.key for one in at.button}


def shown(at) -> str:
    return " ".join(one.value for one in at.markdown).replace("\\", "")


DECIMAL = Doubt(
    question="Is the comma in 1,5 a decimal mark?",
    evidence="Line 2 has 1,5 and line 4 has <b>3,25</b>.",
    taken=Alternative(
        "comma between thousands", (("decimal", "."), ("thousands", ",")), (("1,5", "15"), ("", "missing"))
    ),
    alternatives=(
        Alternative(
            "decimal comma", (("decimal", ","), ("thousands", "")), (("1,5", "1.5"), ("3,25", "3.25"))
        ),
        Alternative("text", (("column_types", {"price": "text"}),), (("1,5", "1,5"),)),
    ),
    column="price",
)
PRICES = b"item;price\na;1,5\nb;2,5\nc;3,25\n"


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reading that does not say what the decimal mark is, or that a column is text, is in doubt."""

    def read(*arguments, options: ReadOptions, **settings) -> Table:
        table = open_table(*arguments, options=options, **settings)
        if options.decimal or options.column_types:
            return table
        return replace(table, report=replace(table.report, doubts=(DECIMAL,)))

    monkeypatch.setattr(datasets, "open_table", read)


@pytest.mark.slow
def test_a_doubt_is_asked_with_its_evidence_and_real_cells(open_page, doubtful) -> None:
    at = upload(open_page("data"), "prices.csv", PRICES)
    assert not at.exception
    assert "1 reading in doubt" in [one.value for one in at.subheader]
    assert "Is the comma in 1,5 a decimal mark?" in page_text(at)
    evidence = next(one.value for one in at.caption if "Line 2" in one.value)
    assert "<b>" not in evidence
    (asked,) = at.radio
    assert [option.replace("\\", "") for option in asked.options] == [
        "comma between thousands",
        "decimal comma",
        "text",
    ]
    assert cells_in_words(DECIMAL.taken).replace("\\", "") == "1,5 → 15 · (empty) → missing"
    assert list(asked.proto.captions) == [
        cells_in_words(one) for one in (DECIMAL.taken, *DECIMAL.alternatives)
    ]


@pytest.mark.slow
def test_an_alternative_is_previewed_then_used_and_goes_into_the_script(open_page, doubtful) -> None:
    at = upload(open_page("data"), "prices.csv", PRICES)
    at.radio[0].set_value(1).run()
    assert not at.exception
    preview = at.dataframe[0].value
    assert preview["price"].tolist() == [1.5, 2.5, 3.25]
    use = next(button for button in at.button if button.label == "Use this reading")
    use.click().run()
    assert not at.exception
    assert not at.radio
    assert at.dataframe[-1].value["price"].tolist() == ["1.5", "2.5", "3.25"]
    opened = at.session_state["zetascope_uploads"]["prices.csv"]
    assert (opened.options.decimal, opened.options.thousands) == (",", "")
    script = pandas_reading(opened.table, opened.source, file_name="prices.csv")
    assert not isinstance(script, str)
    assert "decimal=','" in script.code


@pytest.mark.slow
def test_what_is_taken_can_be_kept_so_that_it_is_asked_once(open_page, doubtful) -> None:
    at = upload(open_page("data"), "prices.csv", PRICES)
    next(button for button in at.button if button.label == "Keep this reading").click().run()
    assert not at.exception
    assert not at.radio
    assert at.session_state["zetascope_uploads"]["prices.csv"].options.decimal == "."


@pytest.mark.slow
def test_a_file_without_doubts_is_asked_nothing(open_page) -> None:
    at = open_page("data")
    assert not at.radio
    assert not any("in doubt" in one.value for one in at.subheader)


@pytest.mark.slow
def test_every_encoding_is_offered_with_its_languages_and_a_doubt_is_asked(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", "name;n\nDrøbak;1\nEva;2\n".encode("cp865"))
    assert "make sense in more than one encoding" in page_text(at) + " ".join(c.value for c in at.caption)
    at.session_state["data_other_reading"] = True
    at.run()
    box = next(box for box in at.selectbox if box.label == "Encoding")
    assert {"windows-1250 · Central European", "koi8-u · Cyrillic", "johab · Korean"} <= set(box.options)
    box.select("cp865 · Western European").run()
    assert at.dataframe[-2].value["name"].tolist() == ["Drøbak", "Eva"]
