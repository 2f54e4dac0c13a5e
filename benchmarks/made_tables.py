"""Tables as careless programs and people write them, with faults where a look at a few lines misses them."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from analytics.tables import ReadOptions
from analytics.tables.options import COLUMN_TYPES
from benchmarks.made_cells import ODD_CELLS, WORDS, column

_NAMES = [
    "id", "name", "x", "when", "zip", "Größe", "value 2", "2019", "a", "b", "price (EUR)", "Postal Code",
    "1.5",
    "date", "No", "close", "", "x", "temp [°C]", "true", "a,b", 'say "x"', "n/a",
]  # fmt: skip
_UNITS = ["[°C]", "[m3/h]", "kg", "(EUR)", "%", "", "-", "[s]"]


@dataclass
class _Draft:
    """The lines of a file without their ends while they are being spoilt."""

    lines: list[str]
    mark: str
    draw: random.Random

    def place(self) -> int:
        """A line below the first, now and then the first."""
        return self.draw.randrange(
            min(1, len(self.lines) - 1) if self.draw.random() < 0.9 else 0, len(self.lines)
        )

    @property
    def width(self) -> int:
        return self.lines[0].count(self.mark) + 1


def made_table(draw: random.Random, *, rows: int | None = None) -> bytes:
    """One file of ``rows`` rows, by default few enough that reading it takes milliseconds."""
    rows = rows or draw.choice((5, 40, 100, 100, 150, 200))
    mark = draw.choice(",,,,;;;\t\t|")
    columns = [column(draw, rows) for _ in range(draw.choice((1, 2, 2, 2, 2, 3, 3, 4)))]
    names = draw.sample(_NAMES, len(columns))
    if draw.random() < 0.04:  # a name twice
        names[-1] = names[0]
    body = [list(row) for row in zip(*columns, strict=True)]
    header = [names] if draw.random() < 0.92 else []
    draft = _Draft(_lines(draw, [*header, *body], mark), mark, draw)
    for _ in range(draw.choice((0, 0, 0, 0, 0, 1, 1, 1, 2, 3))):
        draw.choice(_SPOILS)(draft)
    return _encoded(draw, _joined(draw, draft.lines))


def _lines(draw: random.Random, rows: list[list[str]], mark: str) -> list[str]:
    style = draw.choice(("needed", "needed", "needed", "all", "text", "text", "some", "columns", "never"))
    fenced = [draw.random() < 0.5 for _ in rows[0]]

    def written(cell: str, place: int) -> str:
        must = style != "never" and (mark in cell or '"' in cell or "\n" in cell)
        wanted = (
            style == "all"
            or (style == "text" and not cell.replace(".", "").replace("-", "").isdigit())
            or (style == "columns" and fenced[place])
            or (style == "some" and draw.random() < 0.02)
        )
        return '"' + cell.replace('"', '""') + '"' if must or wanted else cell

    lines = [mark.join(written(cell, place) for place, cell in enumerate(row)) for row in rows]
    if draw.random() < 0.1:  # names in quotes, or no name in quotes
        lines[0] = mark.join(f'"{name}"' for name in rows[0]) if draw.random() < 0.7 else mark.join(rows[0])
    return lines


def _empty_line(draft: _Draft) -> None:
    blank = draft.draw.choice(("", "", "", " ", "\t", draft.mark * (draft.width - 1)))
    place = draft.place()
    draft.lines[place:place] = [blank] * draft.draw.choice((1, 1, 2))


def _inserted_line(draft: _Draft) -> None:
    """A comment, a rule, a word, a unit row, the header again or another one."""
    draw, mark, width = draft.draw, draft.mark, draft.width
    line = draw.choice(
        [
            "# a comment", "// a comment", "% a comment", "-- a comment", '"# quoted"', "#", "-" * 9, "=" * 9,
            "+---+---+", draw.choice(WORDS), draft.lines[0], draft.lines[0].upper(), f" {draft.lines[0]}",
            draft.lines[0] + mark, mark.join("abcdefghij"[:width]), mark.join(draw.choices(_UNITS, k=width)),
            mark.join(draw.choices(WORDS, k=width)), mark.join(draw.choices(ODD_CELLS, k=width)),
            mark.join(["Total", *["5"] * (width - 1)]), draft.lines[draft.place()], "Table 2", "...",
            "sep=" + mark,
        ]
    )  # fmt: skip
    draft.lines.insert(draft.place(), line)


def _ragged_line(draft: _Draft) -> None:
    """A row of another width."""
    draw, mark, place = draft.draw, draft.mark, draft.place()
    line = draft.lines[place]
    draft.lines[place] = draw.choice(
        [
            line + mark, line + mark * 2, line.replace(mark, "", 1), line.rpartition(mark)[0],
            f"{line}{mark}{draw.choice(ODD_CELLS)}", mark + line, line.replace(mark, mark * 2, 1),
            line + line,
            line.replace(mark, draw.choice(";,\t| :")), line.replace("1", "1,5", 1), line.replace(".", ",",
            1),
        ]
    )  # fmt: skip


def _ragged_rows(draft: _Draft) -> None:
    """All rows from one on, or every so often, end otherwise."""
    draw, mark = draft.draw, draft.mark
    first, step = draft.place(), draw.choice((1, 1, 2, 7))
    change = draw.choice([lambda line: line + mark, lambda line: line.rpartition(mark)[0] or line])
    for place in range(first, len(draft.lines), step):
        draft.lines[place] = change(draft.lines[place])


def _trailing_marks(draft: _Draft) -> None:
    whole = draft.draw.random() < 0.5
    draft.lines[not whole :] = [line + draft.mark for line in draft.lines[not whole :]]


def _odd_quotes(draft: _Draft) -> None:
    """Quotes in one row that the others do not have, lack, or have loose."""
    draw, mark, place = draft.draw, draft.mark, draft.place()
    cells = draft.lines[place].split(mark)
    at = draw.randrange(len(cells))
    cell = cells[at]
    cells[at] = draw.choice(
        [
            f'"{cell}"', cell.strip('"'), f'"{cell}', f'{cell}"', f'{cell[:1]}"{cell[1:]}', f' "{cell}"',
            f'"{cell}" ', f'""{cell}""', f'"{cell}{mark}x"', f'"{cell}\nx"', '""', f"'{cell}'", f'"{cell}"x',
            '"""', f'\\"{cell}\\"',
        ]
    )  # fmt: skip
    draft.lines[place] = mark.join(cells)


def _tail(draft: _Draft) -> None:
    """Totals, notes and torn ends."""
    draw, mark, width = draft.draw, draft.mark, draft.width
    word = draw.choice(("Total", "Summe", "Average", "Sum:", "", "TOTAL"))
    draft.lines += draw.choice(
        [
            [mark.join([word, *["12"] * (width - 1)])],
            [mark.join([word, *[""] * (width - 2), "254.623,72"][:width])],
            ["", draw.choice(("Total", "Source: survey", "(c) 2020", mark.join(["Sum", "12"])))],
            ["Source: survey"], ["# end"], ["\x1a"], ["", ""], [draft.lines[-1][: len(draft.lines[-1]) // 2]],
            ["", draft.lines[0], *draft.lines[1:4]], [f"{len(draft.lines)} rows"],
        ]
    )  # fmt: skip


def _head(draft: _Draft) -> None:
    """Titles, comments and further rows of names above or below the header."""
    draw, mark, width = draft.draw, draft.mark, draft.width
    above = draw.random() < 0.6
    rows = draw.choice(
        [
            ["Report 2020"], ["Report 2020", ""], ["# made by hand"], ["#" + draft.lines[0]],
            [f"sep={mark}"], [""],
            [mark.join(draw.choices(_UNITS, k=width))], [mark.join(draw.choices(WORDS, k=width))],
            [f"Station{mark}Berlin"], [mark * (width - 1)],
        ]
    )  # fmt: skip
    draft.lines[not above : not above] = rows


def _late_cells(draft: _Draft) -> None:
    """One column has something else from one row on, every so often."""
    draw, mark = draft.draw, draft.mark
    at, first, step, odd = (
        draw.randrange(draft.width),
        draft.place(),
        draw.choice((1, 3, 10)),
        draw.choice(ODD_CELLS),
    )
    for place in range(first, len(draft.lines), step):
        cells = draft.lines[place].split(mark)
        if at < len(cells):
            cells[at] = odd
            draft.lines[place] = mark.join(cells)


_SPOILS: tuple[Callable[[_Draft], None], ...] = (
    _empty_line, _inserted_line, _inserted_line, _ragged_line, _ragged_line, _ragged_rows, _trailing_marks,
    _odd_quotes, _odd_quotes, _tail, _head, _late_cells,
)  # fmt: skip


def _joined(draw: random.Random, lines: list[str]) -> str:
    end = draw.choice(("\n",) * 7 + ("\r\n",) * 2)
    text = end.join(lines) + draw.choice((end,) * 8 + ("",) * 3 + (end * 2,))
    if draw.random() < 0.04:  # a line ends otherwise
        other = draw.choice(("\r", "\r\n", "\n", "\n\r", "\r\r\n", "\x85", "\u2028"))
        place = draw.randrange(len(text))
        text = text[:place] + text[place:].replace(end, other, draw.choice((1, 1, -1)))
    if draw.random() < 0.02:
        place = draw.randrange(len(text) + 1)
        text = text[:place] + draw.choice(("\0", "\ufeff", "\x1a", "\x1b$B", "\ufffd")) + text[place:]
    return text


def _encoded(draw: random.Random, text: str) -> bytes:
    chance = draw.random()
    if chance < 0.9:
        return text.encode("utf-8-sig" if chance < 0.08 else "utf-8")
    if chance < 0.95:  # one letter far down that is not of the file's encoding
        data = text.encode()
        place = draw.randrange(len(data) + 1)
        return data[:place] + draw.choice((b"\xe9", b"\xff", b"\x80", b"\xc3", b"\xe2\x80")) + data[place:]
    wanted = draw.choice(
        ("cp1252", "cp1250", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "shift_jis", "utf-8")
    )
    return text.encode(wanted, errors="replace")


def made_options(draw: random.Random, data: bytes) -> ReadOptions:
    """Something that a reader of this file may be told, mostly of a column that it has."""
    first = re.split(
        '[,;|\t"]+', data.lstrip(b"\xef\xbb\xbf").split(b"\n")[0].decode(errors="replace").strip()
    )
    column = draw.choice([*first, "column_1", "column_2"])
    return draw.choice(
        [
            ReadOptions(column_types={column: draw.choice(COLUMN_TYPES)}),
            ReadOptions(column_types={column: draw.choice(("number:,", "number:.", "date:%d/%m/%Y"))}),
            ReadOptions(encoding=draw.choice(("utf-8", "UTF_8", "ascii"))),
            ReadOptions(delimiter=draw.choice(",;\t|")),
            ReadOptions(decimal="."),
            ReadOptions(quote=draw.choice(('"', "", "'"))),
            ReadOptions(header=draw.choice((0, -1))),
            ReadOptions(day_first=draw.random() < 0.5),
            ReadOptions(defused=draw.random() < 0.5),
        ]
    )
