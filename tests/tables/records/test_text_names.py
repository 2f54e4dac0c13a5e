"""Tables of texts only: the first row names the columns, or is asked about where nothing says so."""

import pytest

from analytics.tables import ReadOptions, read_table
from benchmarks.both_ways import difference, where_taken
from tests.tables.workbooks import sheet_xml, workbook

PEOPLE = "Anna,Rome\nTom,Paris\nJohn,Berlin\nMary,Oslo\n"


@pytest.mark.parametrize(
    "text",
    [
        PEOPLE,
        PEOPLE.replace(",", ";"),
        "house\tHaus\ntree\tBaum\ncar\tAuto\nsun\tSonne\n",
        "Fach,Lehrer\nMathe,Meier\nBio,Klein\nArt,Gro\u00df\n",
        "Fach,Lehrer\nMathe,Meier\nBio,Klein\nArt,Franz\n",
        "AB,CD\nEF,GHI\nJK,LM\n",
    ],
)
def test_a_first_row_like_all_others_is_asked_about(text: str) -> None:
    data = text.encode()
    table = read_table(data)
    (doubt,) = table.report.doubts
    assert "line 1" in doubt.question and len(table.frame) == text.count("\n") - 1
    assert table.frame.equals(read_table(data, options=doubt.taken.chosen(ReadOptions())).frame)
    other = read_table(data, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert len(other.frame) == text.count("\n") and not other.report.doubts
    assert other.frame.iloc[0].tolist() == table.frame.columns.tolist()


@pytest.mark.parametrize(
    "head",
    [
        "name,city", "Name,City", "Vorname,Stadt", "first_name,home", "firstName,Home",
        "\u540d\u524d,X", "who,where", "WHO,WHERE",
        "Person [ID],Place", '"Who","Where"',
    ],
)  # fmt: skip
def test_names_that_look_like_names_are_not(head: str) -> None:
    assert not read_table(f"{head}\n{PEOPLE}".encode()).report.doubts


@pytest.mark.parametrize(
    "text",
    [
        "Who,Dept\n"
        + "".join(f"P{chr(97 + n)}q,{'Sales' if n % 2 else 'Works'}\n" for n in range(8)),  # repeats
        "Ab,Cd\nRome,XX\nParis,YY\nOslo,ZZ\n".replace("Cd", "Cde"),  # codes of one length
        "Ab,Cd\nRome,A 12\nParis,B 1\nOslo,C 123\n",  # with digits
        f"Ab,Cd\nRome,{'A long story. ' * 5}\nParis,{'Another of them. ' * 4}\n",
        "English,French\nThread the needle.,Enfilez une aiguille.\nPin it to it.,Piquez au bord.\n",
        "Anna,1\nTom,2\nJohn,3\n",
    ],
)
def test_columns_that_their_names_do_not_fit_are_not(text: str) -> None:
    assert not [
        doubt for doubt in read_table(text.encode()).report.doubts if "first record" in doubt.question
    ]


def test_both_ways_ask_alike() -> None:
    letters = "abcdefghij"
    words = [f"{a}{b}{c}".capitalize() for a in letters for b in letters for c in letters[:4]]
    rows = "".join(
        f"{one},{two}x\n" if i % 3 else f"{one}y,{two}\n"
        for i, (one, two) in enumerate(zip(words, words[::-1], strict=True))
    )
    readings = where_taken(("Anna,Rome\n" + rows).encode())
    assert readings is not None and not difference(*readings)
    assert ["first record" in doubt.question for doubt in readings[0].report.doubts] == [True]


def test_a_sheet_is_asked_about_as_well() -> None:
    rows: list[list[object]] = [line.split(",") for line in PEOPLE.splitlines()]
    (doubt,) = read_table(workbook({"s": sheet_xml(rows)}), name="x.xlsx").report.doubts
    assert "first record" in doubt.question
