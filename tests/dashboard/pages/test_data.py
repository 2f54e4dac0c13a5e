"""The Data page: what was read is told, guesses can be overridden, a bad file loses nothing."""

import io
import zipfile

import pytest

MESSY = """Report of 2024;;
name;score;price
Anna;3,5;1.200,50 €
Bernd;4,0;980,00 €
Clara;n/a;1.010,25 €
""".encode("cp1252")


def upload(at, name: str, content: bytes):
    at.file_uploader[0].upload(name, content, "text/csv").run()
    return at


def sidebar_text(at) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in at.sidebar.caption)


def page_text(at) -> str:
    return " ".join(part.value for part in at.markdown).replace("\\", "")


def test_an_upload_becomes_the_open_data_set(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", b"a,b\n1,2\n3,4\n5,6\n")
    assert not at.exception
    assert "mine.csv · 3 rows, 2 columns" in sidebar_text(at)
    assert "Cells are separated by comma" in page_text(at)


def test_a_messy_export_is_read_and_explained(open_page) -> None:
    at = upload(open_page("data"), "messy.csv", MESSY)
    assert not at.exception
    text = page_text(at)
    assert "semicolon" in text
    assert "decimal comma" in text
    rows = at.dataframe[-1].value
    assert list(rows.columns) == ["name", "score", "price"]
    assert rows["price"].tolist() == [1200.5, 980.0, 1010.25]
    assert rows["score"].isna().tolist() == [False, False, True]


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


def test_a_zip_with_two_files_says_what_to_do(open_page) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "x\n1\n")
        archive.writestr("b.csv", "x\n2\n")
    at = upload(open_page("data"), "two.zip", packed.getvalue())
    assert len(at.error) == 1


def test_changing_the_delimiter_reads_the_file_again_and_back(open_page) -> None:
    at = upload(open_page("data"), "mine.csv", b"a;b,c\n1;2,3\n4;5,6\n7;8,9\n")
    at.session_state["data_other_reading"] = True
    at.run()
    for mark, columns in [(",", ["a;b", "c"]), (";", ["a", "b,c"]), (",", ["a;b", "c"])]:
        at.selectbox(key="data_Delimiter_mine.csv").select(mark).run()
        if list(at.dataframe[-1].value.columns) != columns:
            at.button(key="data_use_reading").click().run()
        assert not at.exception
        assert list(at.dataframe[-1].value.columns) == columns


def test_the_oldest_of_many_files_is_let_go(open_page) -> None:
    at = open_page("data")
    for number in range(5):
        upload(at, f"file{number}.csv", f"a,b\n{number},2\n3,4\n".encode())
    offered = at.sidebar.selectbox[0].options
    assert "file4.csv" in offered
    assert "file0.csv" not in offered
    assert sum(name.startswith("file") for name in offered) == 3
