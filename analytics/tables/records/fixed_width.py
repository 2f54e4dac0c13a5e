"""Tables of columns of fixed width: where in every line the same places hold a blank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from analytics.tables.records.cell_kinds import group_of

_FEWEST_LINES, _MOST_LINES = 6, 300
"""Lines that show by their blanks where columns end, and lines looked at for it."""
_FITTING = 0.95
"""Share of the lines that hold a blank in every gap; the others are titles, rules and notes."""
_FEWEST_COLUMNS = 3
_FEWEST_FILLED = 0.1
"""Share of the lines with a value in a column that has a name: a title above a table is no row of names."""
_TYPED = 0.8
"""Share of numbers, dates and such in a column, one of which there must be: prose may leave gaps too."""


def find_cuts(texts: Sequence[str]) -> tuple[int, ...]:
    """The places (from 0) at which lines are cut into cells; empty where columns have no fixed width."""
    lines = [line.rstrip() for line in texts if line.strip()]
    looked = lines[: _MOST_LINES // 2] + lines[max(_MOST_LINES // 2, len(lines) - _MOST_LINES // 2) :]
    if len(looked) < _FEWEST_LINES or any("\t" in line for line in looked):
        return ()
    cuts = _joined_again(looked, _gaps(looked))
    rows = [cells for line in lines if len(cells := split_at(line, cuts)) > 1]
    if len(cuts) + 1 < _FEWEST_COLUMNS or len(rows) < max(_FEWEST_LINES, _FITTING * len(lines)):
        return ()
    columns = list(zip(*rows[1:], strict=True))
    return cuts if any(_share_typed(column) >= _TYPED for column in columns) else ()


def split_at(line: str, cuts: Sequence[int]) -> list[str]:
    """The cells of a line, or the line as one where a word stands across a cut."""
    if any(line[cut : cut + 1].strip() for cut in cuts):
        return [line.strip()]
    return [line[first:last].strip() for first, last in pairwise((0, *cuts, len(line)))]


def notes_only(texts: Sequence[str], cuts: Sequence[int], count: Callable[[str], int]) -> bool:
    """Whether only notes above differ in their number of cells, which ``count`` tells: no cuts are needed.

    The second half of the lines is alike, and the first line names no columns between the cuts.
    """
    lines = [line for line in texts if line.strip()]
    first = split_at(lines[0], cuts)
    alike = len({count(line) for line in lines[-_MOST_LINES:][min(len(lines), _MOST_LINES) // 2 :]}) == 1
    return alike and (len(first) == 1 or not all(first))


def _gaps(lines: list[str]) -> list[int]:
    """The last place of each run of blanks that all lines but for a few have in common."""
    width = max(map(len, lines))
    filled = [0] * width
    for line in lines:
        for place, sign in enumerate(line):
            filled[place] += sign != " "
    few = (1 - _FITTING) * len(lines)
    blank = [count <= few for count in filled]
    first = next((place for place, own in enumerate(blank) if not own), width)
    return [place for place in range(first, width - 1) if blank[place] and not blank[place + 1]]


def _joined_again(lines: list[str], cuts: list[int]) -> tuple[int, ...]:
    """The cuts without those within texts: there one blank stands in every line, or one side has no name."""
    kept: list[int] = []
    fitting = [line for line in lines if len(split_at(line, cuts)) > 1]
    for cut in cuts:
        around = [line[max(0, cut - 1) : cut + 2].ljust(3) for line in fitting]
        padded = any(sides[0] == " " or sides[2] == " " for sides in around[1:])
        if padded or _parts_numbers(fitting, cut, kept[-1] if kept else 0):
            kept.append(cut)
    return tuple(cut for place, cut in enumerate(kept) if _is_named_or_full(fitting, kept, place))


def _is_named_or_full(lines: list[str], cuts: list[int], place: int) -> bool:
    """Whether the column right of a cut has a name, or values in half of the lines: else texts end in it."""
    last = cuts[place + 1] if place + 1 < len(cuts) else None
    filled = [bool(line[cuts[place] : last].strip()) for line in lines]
    return 2 * sum(filled) >= len(filled) or (
        filled[0] and sum(filled) >= max(2, _FEWEST_FILLED * len(filled))
    )


def _parts_numbers(lines: list[str], cut: int, last: int) -> bool:
    """Whether numbers end at a cut below the end of one name, and words begin below that of another."""
    if not lines or not lines[0][last:cut].strip() or not lines[0][cut:].strip():
        return False
    before = [line[last:cut].strip() for line in lines[1:]]
    return all(group_of(text) == "number" for text in before) and lines[0][cut + 1 : cut + 2].isalpha()


def _share_typed(column: Sequence[str]) -> float:
    groups = [group_of(cell) for cell in column]
    own = [group for group in groups if group not in ("empty", "missing")]
    return sum(group != "other" for group in own) / len(own) if own else 0.0
