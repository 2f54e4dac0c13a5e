"""Questions about the row of names: a list without one, and rows above that look like one."""

import pytest

from analytics.tables import Doubt, ReadOptions, Table, read_table

LIST = "ain\naisne\nallier\naube\n"
ABOVE = "0,Burlington,NA,-5,,\nYear,Month,Day,Hour,T,W\n" + "2024,1,1,1,0.5,1.5\n2024,1,1,2,0.5,2.5\n" * 5


def asked(text: str, options: ReadOptions = ReadOptions()) -> tuple[Table, list[Doubt]]:
    table = read_table(text.encode(), options=options)
    return table, [doubt for doubt in table.report.doubts if "header" in dict(doubt.taken.changes)]


def test_a_list_of_texts_asks_whether_the_first_is_a_name() -> None:
    table, (doubt,) = asked(LIST)
    assert doubt.question == "Is 'ain' the name of the column, or its first value?"
    assert doubt.evidence == "Every line is one text, and line 1 looks like those below it."
    (other,) = doubt.alternatives
    answered, left = asked(LIST, other.chosen(ReadOptions()))
    assert {len(table.frame), len(answered.frame)} == {3, 4}
    assert not left
    again, left = asked(LIST, doubt.taken.chosen(ReadOptions()))
    assert again.frame.equals(table.frame) and not left


@pytest.mark.parametrize(
    "text", ["n\n1\n2\n3\n", "1\n2\n3\n", "a,b\nc,D\nE,F\n", '"name"\nx\ny\n', "name\nx\n"]
)
def test_other_files_do_not_ask(text: str) -> None:
    assert not asked(text)[1]


def test_a_row_above_with_half_of_its_cells_filled_is_asked_about() -> None:
    table, (doubt,) = asked(ABOVE)
    assert table.report.header_row == 2
    assert doubt.question == "Which line names the columns?"
    assert "Line 1 has 4 of 6 cells filled and line 2 6" in doubt.evidence
    (other,) = doubt.alternatives
    answered, left = asked(ABOVE, other.chosen(ReadOptions()))
    assert answered.report.header_row == 1
    assert not left


def test_notes_of_two_cells_above_a_wide_table_are_certain() -> None:
    assert not asked("Station,Bern,,,,\n" + ABOVE.split("\n", 1)[1])[1]


def test_a_sorted_list_begins_with_a_value() -> None:
    words = "ain aisne allier ardèche ardennes aube aude aveyron bouches calvados cantal cher".split()
    table, (doubt,) = asked("\n".join(words) + "\n")
    assert table.frame.iloc[:, 0].tolist() == words
    assert doubt.taken.label == "The first value"
    named, _ = asked("département\n" + "\n".join(words) + "\n")
    assert list(named.frame.columns) == ["département"]


def test_names_for_few_columns_above_a_row_that_names_more_are_asked_about() -> None:
    text = (
        "database,batteries,,,,\nActivity,a market,,,,\ncomment,some,,,,\nname,amount,unit,place,type,what\n"
    )
    text += "steel,x,kilogram,GLO,technosphere,note\nzinc,y,gram,RER,biosphere,more\n" * 3
    table, (doubt,) = asked(text)
    lines = {
        table.report.header_row,
        asked(text, doubt.alternatives[0].chosen(ReadOptions()))[0].report.header_row,
    }
    assert lines == {1, 4}


def test_a_few_texts_over_and_over_are_no_sorted_list() -> None:
    table, _ = asked("a key\n" + "".join(f"w{n % 7}\n" for n in range(60)))
    assert list(table.frame.columns) == ["a key"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a\na\na\na\na\n", ["a"] * 5),
        ("ok\nok\nok\nfail\nok\nok\n", ["ok", "ok", "ok", "fail", "ok", "ok"]),
        ("red\nblue\nred\nred\ngreen\nred\n", ["red", "blue", "red", "red", "green", "red"]),
    ],
)
def test_a_first_value_that_comes_often_names_nothing(text: str, values: list[str]) -> None:
    table = read_table(text.encode())
    assert table.frame.iloc[:, 0].tolist() == values
    assert any("or its first value" in doubt.question for doubt in table.report.doubts)


@pytest.mark.parametrize(
    "text", ["name,n\nname,n\nAnna,1\nBert,2\n", "name,n\nAnna,1\nname,n\nBert,2\nname,n\nCleo,3\n"]
)
def test_names_that_a_script_writes_again_are_still_names(text: str) -> None:
    table = read_table(text.encode())
    assert [*table.frame.columns] == ["name", "n"]
    assert table.frame["n"].tolist() == [*range(1, len(table.frame) + 1)]


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize("rows", [3, 12])
def test_a_smaller_table_above_the_names_is_not_left_out_without_a_question(gap: str, rows: int) -> None:
    text = f"id,v\n1,10\n2,20\n{gap}name,score,grade\n" + "".join(f"n{i},{i},x\n" for i in range(rows))
    table, (doubt,) = asked(text)
    assert [*table.frame] == ["name", "score", "grade"] and len(table.frame) == rows
    assert doubt.question == "Are lines 1 to 3 a table of their own?"
    (other,) = doubt.alternatives
    answered, left = asked(text, other.chosen(ReadOptions()))
    assert answered.frame.to_dict("list") == {"id": [1, 2], "v": [10, 20]} and not left
    again, left = asked(text, doubt.taken.chosen(ReadOptions()))
    assert again.frame.equals(table.frame) and not left


@pytest.mark.parametrize(
    "above", ["Device:,X100\nSerial:,12\nChannel:,3\n\n", "Sales,2024\n\n", "A list of,things\nby,us\n"]
)
def test_settings_and_remarks_above_the_names_are_no_table(above: str) -> None:
    table, found = asked(above + "name,score,grade\nA,5,x\nB,6,y\nC,7,z\n")
    assert [*table.frame] == ["name", "score", "grade"] and not found
