"""Signs that no cell was meant to hold: marks of byte order, quotes round lines, UTF-8 written twice."""

import pytest

from analytics.tables import ReadOptions, read_table
from benchmarks.both_ways import both_ways, difference

MARK = "\ufeff"


def test_files_put_together_hold_marks_of_byte_order_in_front_of_lines() -> None:
    table = read_table(f"{MARK}a,b\n1,2\n3,4\n{MARK}a,b\n5,6\n".encode())
    assert table.frame["a"].tolist() == [1, 3, 5]
    assert "Line 4: a mark of byte order was taken off" in " ".join(table.report.sentences())


def test_two_marks_begin_a_file_either_way() -> None:
    quick, careful = both_ways((MARK * 2 + "a,b\n" + "1,2\n" * 300).encode())
    assert not difference(quick, careful)
    assert list(careful.frame.columns) == ["a", "b"]  # type: ignore[union-attr]


def test_a_mark_far_down_is_seen_either_way() -> None:
    lines = [f"{n},é{n % 7}" for n in range(400)]
    lines[300] = MARK + lines[300]
    quick, careful = both_ways(("n,w\n" + "\n".join(lines) + "\n").encode())
    assert not difference(quick, careful)
    assert careful.frame["n"].tolist() == list(range(400))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('"a,b"\n"1,2"\n"3,4"\n', [[1, 2], [3, 4]]),
        ('"a;b;c"\n"1;2,5;x"\n"3;4,5;y"\n', [[1, 2.5, "x"], [3, 4.5, "y"]]),
        (
            'n,city\n"1,""Rome, IT"""\n"2,""Oslo, NO"""\n3,Bonn\n',
            [[1, "Rome, IT"], [2, "Oslo, NO"], [3, "Bonn"]],
        ),
        ('"n;city";\n"1;Rome";\n"2;Oslo";\n', [[1, "Rome"], [2, "Oslo"]]),
        ('"n,city"\n"1,""Rome, IT"""\n"2,Oslo"\n', [[1, "Rome, IT"], [2, "Oslo"]]),
    ],
)
def test_quotes_round_whole_lines_are_taken_off(text: str, rows: list[list[object]]) -> None:
    table = read_table(text.encode())
    assert table.frame.to_numpy().tolist() == rows
    assert "wrapped line" in [repair.kind for repair in table.report.repairs]
    quick, careful = both_ways(text.encode())
    assert not difference(quick, careful)


@pytest.mark.parametrize(
    "text",
    [
        '"name"\n"Smith, John"\n"Doe, Jane"\n',
        '"City, State"\n"Rome, IT"\n"Oslo, NO"\n',
        '"v"\n"1,5"\n"2,5"\n',
        '"a","b"\n"1","2"\n"3","4"\n',
        'k,v\n"x,y",\n"z,w",\nq,r\n',
        'a,b\n1,2\n3,4\n"Source: Bank, OECD"\n',
    ],
)
def test_quotes_round_texts_stay(text: str) -> None:
    assert "wrapped line" not in [repair.kind for repair in read_table(text.encode()).report.repairs]


@pytest.mark.parametrize("code_page", ["cp1252", "cp1250", "cp1251"])
@pytest.mark.parametrize(
    "words",
    [
        ["Größe", "Übung", "Spaß – gut"],
        ["Łódź", "żółć", "świt"],
        ["Москва", "Тула", "ёж"],
        ["it’s", "don’t", "ok"],
    ],
)
def test_letters_written_as_utf8_twice_are_read_once(words: list[str], code_page: str) -> None:
    text = "word,n\n" + "".join(f"{word},{n}\n" for n, word in enumerate(words))
    signs = (bytes([byte]).decode(code_page, errors="ignore") or chr(byte) for byte in text.encode())
    data = "".join(signs).encode()
    table = read_table(data)
    assert table.frame["word"].tolist() == words
    assert "written as UTF-8 twice" in " ".join(table.report.sentences())
    kept = read_table(data, options=ReadOptions(encoding="utf-8"))
    assert kept.frame["word"].tolist() != words


@pytest.mark.parametrize(
    "word", ["NÃO", "“AMANHÃ”", "É…", "Spaß“", "Größe", "naïve", "à côté", "Ünï", "Рим", "MÃ¼ller é"]
)
def test_letters_written_once_stay(word: str) -> None:
    assert read_table(f"word,n\n{word},1\n{word},2\n".encode()).frame["word"].tolist() == [word, word]


def test_letters_written_twice_in_a_large_file_are_read_once_either_way() -> None:
    lines = "".join(f"{n},MÃ¼ller{n % 7}\n" for n in range(400))
    quick, careful = both_ways(f"n,w\n{lines}".encode())
    assert not difference(quick, careful)
    assert careful.frame["w"].iloc[0] == "Müller0"  # type: ignore[union-attr]
