"""Comments above, inside and below a table, commented headers, and rules of dashes."""

import pytest

from analytics.tables import ReadOptions, Table, read_table


def read(text: str) -> Table:
    return read_table(text.encode(), options=ReadOptions(as_text=True))


def cells(table: Table) -> list[list[str]]:
    return table.frame.fillna("").to_numpy().tolist()


ABOVE = {
    "hash": "# made by a logger\n# all times in UTC, not local; see notes\nt,x\n1,2.5\n2,3.5\n3,4.5\n",
    "percent": "% made by a logger\n%\nt,x\n1,2.5\n2,3.5\n3,4.5\n",
    "slashes": "// made by a logger, v1\nt,x\n1,2.5\n2,3.5\n3,4.5\n",
    "with a gap": "# made by a logger\n\n\nt,x\n1,2.5\n2,3.5\n3,4.5\n",
    "inside": "# made by a logger\nt,x\n1,2.5\n# the pump was off, then on, again\n2,3.5\n3,4.5\n",
    "at the end": "t,x\n1,2.5\n2,3.5\n3,4.5\n# end of file\n",
    "header too": "# made by a logger\n# t,x\n1,2.5\n2,3.5\n3,4.5\n",
    "blanks between": "# made by a logger\nt x\n1 2.5\n2 3.5\n3 4.5\n",
    "header too, blanks between": "# made by a logger\n# t x\n1 2.5\n2 3.5\n3 4.5\n",
}


@pytest.mark.parametrize("name", ABOVE)
def test_comments_are_no_records(name: str) -> None:
    table = read(ABOVE[name])
    assert list(table.frame.columns) == ["t", "x"]
    assert cells(table) == [["1", "2.5"], ["2", "3.5"], ["3", "4.5"]]


def test_comments_stay_in_the_report() -> None:
    table = read(ABOVE["hash"])
    assert table.report.preamble == tuple(ABOVE["hash"].split("\n")[:2])
    (repair,) = read(ABOVE["inside"]).report.repairs
    assert (repair.kind, repair.line, repair.count) == ("comment", 4, 1)


ROWS = {
    "hashtags": ("tag,n\n#love,12\n#hate,3\n", ["tag", "n"], [["#love", "12"], ["#hate", "3"]]),
    "colours": ("name,colour\nred,#ff0000\n#,#00ff00\nblue,#0000ff\n", ["name", "colour"], 3),
    "rank": ("#,name,score\n1,Ann,3.5\n2,Bo,4.5\n", ["#", "name", "score"], 2),
    "sample": ("#SampleID\tcol\n s1\t1\ns2\t2\n", ["#SampleID", "col"], 2),
    "quoted lines": ('id,remark\n1,"first\n# second\nthird"\n2,x\n', ["id", "remark"], 2),
    "numbers below a mark": ("#1;2.5\n#2;3.5\n#3;4.5\n", None, 3),
}


@pytest.mark.parametrize("name", ROWS)
def test_cells_that_begin_like_a_comment_are_kept(name: str) -> None:
    text, names, rows = ROWS[name]
    table = read(text)
    if names:
        assert list(table.frame.columns) == names
    if isinstance(rows, list):
        assert cells(table) == rows
    else:
        assert len(table.frame) == rows


def test_rules_below_a_header_and_around_a_printed_table() -> None:
    dashes = read("name   size\n------ ----\nann       5\nbo       12\n")
    assert cells(dashes) == [["ann", "5"], ["bo", "12"]]
    rule = "+-----+------+\n"
    printed = read(f"{rule}| who | size |\n{rule}| ann |    5 |\n| bo  |   12 |\n{rule}")
    assert [[cell.strip() for cell in row if cell.strip()] for row in cells(printed)] == [
        ["ann", "5"],
        ["bo", "12"],
    ]
    assert [repair.kind for repair in printed.report.repairs if repair.kind == "rule"] == ["rule"]


@pytest.mark.parametrize("text", ["a|b\n--|--\n1|2\n", "a,b\n-- , :--\n1,2\n", "a b\n-- --\n1 2\n"])
def test_two_dashes_in_each_cell_below_the_names_are_a_rule(text: str) -> None:
    assert cells(read(text)) == [["1", "2"]]


def test_missing_values_written_as_dashes_are_no_rule() -> None:
    assert cells(read("a,b\n1,2\n--,--\n3,4\n")) == [["1", "2"], ["--", "--"], ["3", "4"]]
    assert cells(read("a,b\n1,2\n-,-\n3,4\n")) == [["1", "2"], ["-", "-"], ["3", "4"]]


def test_semicolons_begin_comments_where_they_part_no_cells() -> None:
    table = read(
        "; made by a satellite\n" + "; units: W/m^2\n" * 9 + "; HHMM  x  y\n0001  2.5  3.5\n0002  4.5  5.5\n"
    )
    assert cells(table) == [["0001", "2.5", "3.5"], ["0002", "4.5", "5.5"]]
    assert list(table.frame.columns) == ["HHMM", "x", "y"]


def test_empty_first_cells_between_semicolons_are_no_comments() -> None:
    table = read(";a;b\n;1;2\nx;3;4\ny;5;6\n")
    assert table.report.delimiter == ";"
    assert cells(table)[-1] == ["y", "5", "6"]
    assert len(table.frame) == 3


def test_a_mark_that_all_comments_above_have_is_no_part_of_the_first_name() -> None:
    above = "# zones of the world\n#\n# one a line\n"
    table = read_table(f"{above}#codes\tplace\tzone\nAD\t+4230+00131\tEurope/Andorra\n".encode())
    assert list(table.frame.columns) == ["codes", "place", "zone"]
    assert table.report.header_row == 4
    assert "taken off the first name" in " ".join(table.report.sentences())


def test_a_mark_that_no_comment_above_has_stays() -> None:
    table = read_table(b"#codes\tplace\tn\nAD\tx\t1\nAE\ty\t2\n")
    assert table.frame.columns[0] == "#codes"
