"""Rows with a cell too many or too few, put right by what the cells of the other rows look like.

The pieces of a bad row are dealt to the columns in order, by dynamic programming: pieces may be joined
again (a separator too many), columns may stay empty (one too few), and quotes that are not in order cost.
A column's liking for a value is the negative logarithm of how often its cells are of that kind.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import accumulate

from analytics.tables.records.cell_kinds import NUMERIC, TYPED, fine_kind, kind_of, shape_of
from analytics.tables.records.grammar import Dialect

MODEL_ROWS = 400  # sound rows that a column is learnt from: a kind in one of 100 cells is still seen
_MOST_SURPLUS, _MOST_MISSING, _MOST_WAYS = 30, 60, 50_000  # bounds on the ways to deal one row
_KINDS = 13  # of cell_kinds, over which unseen ones share what smoothing gives
_WORST, _RARE = 4.0, 2.0  # nats: as surprising as one cell of 55, and of 7 (a missing value where none was)
# Nats for each thing done to a row: a cell left out at the end is likelier than a separator too many, that
# likelier than one too few in the middle; all are dearer than a stray quote and cheaper than a value of the
# wrong kind in two columns (test_reading, "one bad row is mended").
_JOIN, _DROP, _SKIP, _SKIP_END, _ODD_QUOTE = 1.2, 0.8, 2.0, 0.6, 0.5
_MIXED = 2.0  # nats: a word and a number are two cells e^2 times likelier than the halves of one (zz,12)
_CUT, _CLEARLY, _LONGEST_CUT = 1.4, 0.7, 80  # a cut must be twice as likely as the next: e^0.7
_OTHER_QUOTES = ("'", '"', "`")
_OTHER_DELIMITERS = (", ", ";", "\t", "|", ",", " ", ":")


@dataclass(frozen=True)
class Column:
    """What the sound cells of a column look like."""

    kinds: dict[str, float]
    values: frozenset[str]
    shortest: int
    longest: int
    shapes: dict[str, float]
    costs: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_typed(self) -> bool:
        """Whether most cells are numbers, dates or the like."""
        return min(self.kinds, key=self.kinds.__getitem__, default="text") in TYPED

    @property
    def is_mixed(self) -> bool:
        """Whether some cells hold words and numbers, as addresses do."""
        return any("a" in shape and "9" in shape for shape in self.shapes)

    def cost(self, value: str) -> float:
        """Surprise, in nats, at finding ``value`` here."""
        known = self.costs.get(value)
        if known is None:
            known = self.costs[value] = self._cost(value)
        return known

    def _cost(self, value: str) -> float:
        kind = fine_kind(value)
        cost = self.kinds.get(kind, _RARE if kind in ("missing", "empty") else _WORST)
        # The shape only breaks ties between values of one kind.
        cost += 0.3 * self.shapes.get(shape_of(value), _WORST)
        if self.values:
            cost += -0.5 if value in self.values else 1.5
        elif value and not 0.5 * self.shortest <= len(value) <= 2 * self.longest:
            cost += 1.0
        return min(cost, _WORST + 1)


@dataclass(frozen=True)
class Fix:
    """Raw cells of the right number, what was done in words, and how doubtful it is (lower is better).

    ``numbers`` are (column from 0, text) of cells put together from parts that are, or may be, of a number.
    """

    cells: list[str]
    kind: str
    detail: str
    cost: float
    numbers: tuple[tuple[int, str], ...] = ()


def learn_columns(rows: list[list[str]], dialect: Dialect, width: int) -> list[Column]:
    """One model per column from rows that have exactly ``width`` cells."""
    sound = [row for row in rows if len(row) == width]
    sound = sound[:: max(1, len(sound) // MODEL_ROWS)]
    columns = zip(*sound, strict=True) if sound else [()] * width
    return [_learn([dialect.value(cell) for cell in column]) for column in columns]


def _learn(cells: list[str]) -> Column:
    counts = Counter(map(fine_kind, cells))
    kinds = _surprise(counts, len(cells))
    distinct = set(cells)
    shapes = Counter(map(shape_of, cells))
    # A column of few words is a list of choices: what is none of them is suspicious.
    few = (
        len(cells) >= 8
        and len(distinct) <= max(2, len(cells) // 4)
        and max(counts, key=counts.__getitem__) not in NUMERIC
    )
    lengths = [len(cell) for cell in cells if cell] or [0]
    return Column(
        kinds,
        frozenset(distinct) if few else frozenset(),
        min(lengths),
        max(lengths),
        _surprise(shapes, len(cells)),
    )


def _surprise(counts: Counter[str], total: int) -> dict[str, float]:
    """Negative logarithm of each smoothed share."""
    smoothed = total + 0.2 * _KINDS
    return {key: min(_WORST, -math.log((count + 0.2) / smoothed)) for key, count in counts.items()}


def fix_row(line: str, cells: list[str], dialect: Dialect, columns: list[Column], *, broken: bool) -> Fix:
    """The most likely cells of a bad row, given its text and the cells that plain splitting gave."""
    width = len(columns)
    fixes = _with_other_delimiter(line, dialect, columns) + _with_other_quote(line, dialect, columns)
    if len(cells) == width - 1 and not broken:
        fixes += _with_one_other_delimiter(cells, dialect, columns) + _with_cut_cell(cells, dialect, columns)
    own = _deal(cells, dialect, columns, dialect.delimiter, broken=broken)
    fixes.append(own or Fix(cut(cells, width, dialect), "separator", "cells were cut to fit", 1e9))
    return min(fixes, key=lambda fix: fix.cost)


def resplit(row: list[str], dialect: Dialect, width: int) -> list[str] | None:
    """The cells of a row that another delimiter cuts into exactly ``width``, or ``None``."""
    line = dialect.delimiter.join(row)
    for mark in _OTHER_DELIMITERS:
        if mark == dialect.delimiter or line.count(mark) < width - 1 or width < 2:
            continue
        other = Dialect(mark, dialect.quote, dialect.escape)
        cells = other.split_quoted(line) if dialect.quote and dialect.quote in line else other.split(line)
        if cells is not None and len(cells) == width and not any(map(dialect.parts_words, cells)):
            return [other.value(cell) for cell in cells]
    return None


def pad(cells: list[str], width: int) -> list[str]:
    """Missing cells at the end."""
    return cells + [""] * (width - len(cells))


def cut(cells: list[str], width: int, dialect: Dialect) -> list[str]:
    """Exactly ``width`` cells without a look at what they hold: padded, or the last ones joined."""
    if len(cells) <= width:
        return pad(cells, width)
    rest = dialect.delimiter.join(dialect.value(cell) for cell in cells[width - 1 :])
    return [*cells[: width - 1], dialect.raw(rest, quoted=True)]


def _with_other_delimiter(line: str, dialect: Dialect, columns: list[Column]) -> list[Fix]:
    """The row read with each delimiter it may have been written with instead."""
    if len(columns) < 2:
        return []
    fixes = []
    for mark in _OTHER_DELIMITERS:
        if mark == dialect.delimiter or mark not in line:
            continue
        other = Dialect(mark, dialect.quote, dialect.escape)
        pieces = other.split_quoted(line) if dialect.quote in line and dialect.quote else other.split(line)
        if pieces is None or len(pieces) < len(columns):
            continue
        fix = _deal(pieces, other, columns, mark, broken=False)
        if fix is not None:
            shown = "a tab" if mark == "\t" else "a space" if mark == " " else f"“{mark}”"
            penalty = 1.5 + (0.0 if len(pieces) == len(columns) else 2.0)
            cells = [dialect.raw(other.value(cell), quoted=other.is_quoted(cell)) for cell in fix.cells]
            fixes.append(Fix(cells, "delimiter", f"the cells are separated by {shown}", fix.cost + penalty))
    return fixes


def _with_one_other_delimiter(cells: list[str], dialect: Dialect, columns: list[Column]) -> list[Fix]:
    """The row with one cell cut at a mark that stands where the delimiter should."""
    others, best = _costs_but_one(cells, dialect, columns), math.inf
    found: list[tuple[int, str, tuple[str, ...]]] = []
    marks = [mark for mark in _OTHER_DELIMITERS if mark != dialect.delimiter]
    for index, cell in enumerate(cells):
        for mark in () if dialect.is_quoted(cell) else filter(cell.__contains__, marks):
            for parts in {tuple(cell.split(mark, 1)), tuple(cell.rsplit(mark, 1))}:
                values = [dialect.value(part).strip() for part in parts]
                both = zip(columns[index : index + 2], values, strict=True)
                cost = others[index] + sum(column.cost(value) for column, value in both)
                if cost < best:
                    best, found = cost, [(index, mark, parts)]
    return [
        Fix(
            [*cells[:index], *parts, *cells[index + 1 :]],
            "delimiter",
            f"“{mark}” stands where the separator should, after column {index + 1}",
            best + _JOIN,
        )
        for index, mark, parts in found
    ]


def _costs_but_one(cells: list[str], dialect: Dialect, columns: list[Column]) -> list[float]:
    """For each cell, what all others cost where those behind it stand one column further on."""
    values = [dialect.value(cell).strip() for cell in cells]
    before = list(accumulate(map(Column.cost, columns, values), initial=0.0))
    after = list(accumulate(map(Column.cost, columns[:0:-1], values[::-1]), initial=0.0))[::-1]
    return [before[i] + after[i + 1] for i in range(len(cells))]


def _with_other_quote(line: str, dialect: Dialect, columns: list[Column]) -> list[Fix]:
    """The row read with each mark that may stand around its cells instead of the usual quote."""
    fixes = []
    for mark in _OTHER_QUOTES:
        if mark == dialect.quote or line.count(mark) < 2 or not dialect.delimiter:
            continue
        other = Dialect(dialect.delimiter, mark)
        pieces = other.split_quoted(line)
        if pieces is None or len(pieces) != len(columns) or not any(map(other.is_quoted, pieces)):
            continue
        values = [other.value(piece).strip() for piece in pieces]
        cost = sum(column.cost(value) for column, value in zip(columns, values, strict=True))
        cells = [dialect.raw(value, quoted=True) for value in values]
        fixes.append(Fix(cells, "quote", f"cells stand between {mark} and {mark}", cost + _JOIN))
    return fixes


def _with_cut_cell(cells: list[str], dialect: Dialect, columns: list[Column]) -> list[Fix]:
    """The row with one cell cut in two where both parts look like their columns and no other cut does."""
    others = _costs_but_one(cells, dialect, columns)
    tried: list[tuple[float, int, str, str]] = []
    for index, cell in enumerate(cells):
        for first, second in _cuts(cell, dialect):
            own = columns[index].cost(dialect.value(first)) + columns[index + 1].cost(dialect.value(second))
            tried.append((others[index] + own, index, first, second))
    tried.sort(key=lambda trial: trial[0])
    if not tried or (len(tried) > 1 and tried[1][0] - tried[0][0] < _CLEARLY):
        return []
    cost, index, first, second = tried[0]
    whole = [*cells[:index], first, second, *cells[index + 1 :]]
    detail = f"no separator after column {index + 1}; the cell was cut where both parts fit their columns"
    return [Fix(whole, "separator", detail, cost + _CUT)]


def _cuts(cell: str, dialect: Dialect) -> list[tuple[str, str]]:
    """Ways to cut a raw cell in two: between two quotes where it has them, else anywhere."""
    quote, text = dialect.quote, cell.strip(" ")
    if dialect.is_quoted(cell):
        parts = text[1:-1].split(quote * 2)
        return [(f"{quote}{parts[0]}{quote}", f"{quote}{parts[1]}{quote}")] if len(parts) == 2 else []
    if len(cell) > _LONGEST_CUT or (quote and quote in cell):
        return []
    return [(cell[:i], cell[i:]) for i in range(1, len(cell))]


def _deal(
    pieces: list[str], dialect: Dialect, columns: list[Column], mark: str, *, broken: bool
) -> Fix | None:
    """Deal ``pieces`` to ``columns`` in order at the least cost; ``None`` where there are too many."""
    count, width = len(pieces), len(columns)
    surplus = max(0, count - width) + (2 if broken else 0)
    missing = max(0, width - count) + surplus
    ways = width * (surplus + missing + 1) * (surplus + 1)
    if surplus > _MOST_SURPLUS or missing > _MOST_MISSING or ways > _MOST_WAYS:
        return None
    best: defaultdict[tuple[int, int], float] = defaultdict(lambda: math.inf, {(0, 0): 0.0})
    come: dict[tuple[int, int], tuple[int, str]] = {}
    for column in range(width):
        for taken in range(max(0, column - missing), min(count, column + surplus) + 1):
            before = best[taken, column]
            if before == math.inf:
                continue
            skip = before + columns[column].cost("") * 0.25 + (_SKIP_END if taken == count else _SKIP)
            if skip < best[taken, column + 1]:
                best[taken, column + 1] = skip
                come[taken, column + 1] = (taken, "")
            for stop in range(taken + 1, min(count, taken + 1 + surplus) + 1):
                raw, extra = _group(pieces[taken:stop], dialect, mark, columns[column])
                total = before + extra + columns[column].cost(dialect.value(raw).strip())
                if total < best[stop, column + 1]:
                    best[stop, column + 1] = total
                    come[stop, column + 1] = (taken, raw)
    if best[count, width] == math.inf:
        return None
    return _trace(pieces, columns, come, best[count, width], broken=broken)


def _trace(
    pieces: list[str],
    columns: list[Column],
    come: dict[tuple[int, int], tuple[int, str]],
    cost: float,
    *,
    broken: bool,
) -> Fix:
    cells: list[str] = []
    joined: list[int] = []
    empty: list[int] = []
    numbers: list[tuple[int, str]] = []
    taken = len(pieces)
    for column in range(len(columns), 0, -1):
        before, raw = come[taken, column]
        cells.append(raw)
        if taken - before > 1:
            joined.append(column)
            if _may_be_number(pieces, before, taken):
                numbers.append((column - 1, raw))
        elif taken == before:
            empty.append(column)
        taken = before
    cells.reverse()
    return Fix(cells, *_in_words(joined[::-1], empty[::-1], broken=broken), cost, tuple(numbers[::-1]))


def _may_be_number(pieces: list[str], first: int, end: int) -> bool:
    """Whether joined pieces are parts of a number, or the last one may be: zz,12,5 may be zz and 12.5."""
    kinds = [kind_of(piece) for piece in pieces[first : end + 1]]
    if all(kind in NUMERIC for kind in kinds[: end - first]):
        return True
    around = pieces[end - 1 : end + 1]
    return len(around) == 2 and kinds[-2:] == ["integer"] * 2 and not any(p[:1] == " " for p in around)


def _in_words(joined: list[int], empty: list[int], *, broken: bool) -> tuple[str, str]:
    where = ", ".join(map(str, joined[:5])), ", ".join(map(str, empty[:5]))
    if broken:
        return "quote", "a quote is not closed or not doubled; it was read as part of the text"
    if joined:
        return "separator", f"a separator too many; the parts in column {where[0]} were joined again"
    if empty:
        return "separator", f"a separator too few; column {where[1]} is missing"
    return "separator", "the cells were dealt to the columns by their kind"


def _group(pieces: list[str], dialect: Dialect, mark: str, column: Column) -> tuple[str, float]:
    """(raw cell, cost) of taking several pieces as one cell."""
    if len(pieces) == 1:
        return _mend_quotes(pieces[0], dialect, column)
    filled = [piece for piece in pieces if piece.strip()]
    if len(filled) <= 1:
        raw, cost = _mend_quotes(filled[0] if filled else "", dialect, column)
        return raw, cost + _DROP * (len(pieces) - 1)
    together, apart = "".join(pieces), mark.join(pieces)
    # The parts of a number are never put together without the mark between them: 12,5 is not 125.
    if column.is_typed and kind_of(together) not in NUMERIC and _fits(column, together, apart):
        return together, _JOIN * (len(pieces) - 1) + _DROP / 2
    raw, cost = _mend_quotes(apart, dialect, column)
    if dialect.quote and dialect.is_quoted(raw) and pieces[0].lstrip().startswith(dialect.quote):
        return raw, cost + 0.1 * (len(pieces) - 1)
    prose = sum(piece.startswith(" ") for piece in pieces[1:])
    mixed = kind_of(pieces[-1]) == "integer" != kind_of(pieces[0]) and not prose and not column.is_mixed
    return raw, cost + _JOIN * (len(pieces) - 1) - 0.6 * prose + _MIXED * mixed


def _mend_quotes(raw: str, dialect: Dialect, column: Column) -> tuple[str, float]:
    """(sound raw cell, cost): quotes inside are doubled, one that stands alone at an edge is taken away."""
    quote = dialect.quote
    if not quote or quote not in raw:
        return raw, 0.0
    text = raw.strip(" ")
    if text[0] != quote and text[-1] != quote:
        return _without_stray(raw, quote, column)
    if len(text) > 1 and text[0] == quote == text[-1]:
        inner = text[1:-1]
        sound = dialect.split_quoted(text)
        if sound is not None and len(sound) == 1:
            return text, 0.0
        value = _undoubled(inner, quote)
        return dialect.raw(_without_odd_quote(value, quote), quoted=True), _ODD_QUOTE
    value = _undoubled(text, quote)
    bare = (
        value[1:]
        if value[0] == quote
        else value[:-1]
        if text[0] == quote or _fits(column, value[:-1], value)
        else value
    )
    return dialect.raw(bare, quoted=text[0] == quote and bare != value), 2 * _ODD_QUOTE


def _without_odd_quote(value: str, quote: str) -> str:
    """A quote at either edge is taken away where the number of quotes is odd, a pair around all of it too."""
    if value.count(quote) == 2 and value[0] == quote == value[-1]:
        return value[1:-1]
    if value.count(quote) % 2 == 0:
        return value
    return value.removeprefix(quote) if value.startswith(quote) else value.removesuffix(quote)


def _undoubled(text: str, quote: str) -> str:
    return text.replace(quote * 2, quote) if len(text) > 2 else text


def _without_stray(raw: str, quote: str, column: Column) -> tuple[str, float]:
    bare = raw.replace(quote, "")
    return (bare, _ODD_QUOTE) if _fits(column, bare, raw) else (raw, 0.0)


def _fits(column: Column, better: str, worse: str) -> bool:
    return column.cost(better) + 1 < column.cost(worse)
