"""Whether the first row of a table names its columns: each column votes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

from analytics.tables.records.cell_kinds import group_of, kind_of
from analytics.tables.records.column_groups import dominant
from analytics.tables.records.records import Row

SAMPLE_COLUMNS = 300  # columns that vote on a header; further ones seldom differ and cost a vote each
_VOTES_AT_COLONS = 0.25  # a column, as words above words give: files with colons (passwd) seldom name columns
_FEWEST_SORTED, _SORTED = 12, 0.8  # texts of a sorted list: a name stands first by chance in one of so many
_FEWEST_KEYS = 50  # different values of a column that holds no value twice
_LONGEST_NAME = 80  # characters; longer texts above a column are remarks
_DIGITS, _CAPITALS, _LETTERS = re.compile(r"\d+"), re.compile(r"[A-Z]+"), re.compile(r"[^\W\dA-Z_]+")
_FEWEST_UNEVEN = 7  # rows and columns: of fewer, hardly any row goes up by even steps anyway
_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
_DECIMAL = re.compile(r"\d+\.\d+")


def has_header(row: Row, body: Sequence[Row]) -> bool:
    """Whether ``row`` names the columns of ``body``, rows of one width, and is not one of its records."""
    cells = [value.strip() for value in row.values[:SAMPLE_COLUMNS]]
    named = [cell for cell in cells if cell]
    if not body:
        return bool(named) and all(group_of(cell) == "other" for cell in named)
    if len(cells) == 1 and _stands_in_order([cells[0], *(other.values[0] for other in body)]):
        return False
    # One doubtful name does not settle it: each column votes, a number above numbers against as strongly as
    # a word above them speaks for a header. Repeated and empty names speak against one.
    repeated = len(named) - len(set(named)) > 0.3 * len(named) and not _in_turn(cells)
    votes = -1.0 * repeated - 0.25 * (len(cells) - len(named) > 1)
    for index, cell in enumerate(cells[: len(body[0].cells)]):
        by_quotes = _quote_vote(row, body, index)
        votes += by_quotes or _vote(cell, [other.values[index].strip() for other in body])
    needed = _VOTES_AT_COLONS * len(named) if row.dialect.delimiter == ":" else 0.0
    return votes > needed or _are_ordered_numbers(cells, [other.values for other in body])


def _stands_in_order(texts: list[str]) -> bool:
    """Whether the first of many sorted texts stands where the order wants it: then it hardly names them."""
    if len(texts) < _FEWEST_SORTED or any(group_of(text) != "other" for text in texts[:_FEWEST_SORTED]):
        return False
    keys = [unicodedata.normalize("NFKD", text.strip().casefold()) for text in texts]
    keys = ["".join(sign for sign in key if sign.isalnum()) for key in keys]
    rising = sum(before <= after for before, after in pairwise(keys))
    half = len(keys) // 2
    middle = sorted(keys)[half]
    low = sum(key <= middle for key in keys[:half])  # not a few texts over and over
    return keys[0] <= min(keys[1:]) and rising >= _SORTED * (len(keys) - 1) and low >= _SORTED * half


def _in_turn(cells: list[str]) -> bool:
    """Whether two or more different names come again and again, as above tables that stand side by side."""
    period = len(set(cells))
    return (
        1 < period < len(cells)
        and len(cells) % period == 0
        and cells == cells[:period] * (len(cells) // period)
    )


def _quote_vote(row: Row, body: Sequence[Row], index: int) -> float:
    """A name is often quoted unlike the values below it."""
    quoted = [other.quoted[index] for other in body if other.cells[index]]
    if not row.cells[index] or not quoted or not row.dialect.quote or any(quoted) != all(quoted):
        return 0.0
    return 2.0 if row.quoted[index] != quoted[0] and (len(quoted) > 1 or quoted[0]) else 0.0


def _vote(cell: str, column: list[str]) -> float:
    """How much one cell speaks for being the name of its column (positive) or a value in it."""
    kinds, own = list(map(group_of, column)), group_of(cell)
    group = dominant(kinds)
    if own == "empty":
        return 0.0
    if group != "other":
        sure = own == "other" and len(column) > 2 and all(kind == group for kind in kinds)
        return -1.0 if own in (group, "missing") else 2.5 if sure else 1.0
    values = [value for value in column if value]
    if not values:
        return 0.1 if own == "other" else -0.1
    # A key names each row once: what stands there already is the name of the column and not one more row.
    if cell in values and (len(values) < _FEWEST_KEYS or len(set(values)) < len(values)):
        return -1.0 if len(values) > 2 else -0.3
    return -0.5 if own != "other" else _vote_by_form(cell, values)


def _vote_by_form(cell: str, values: list[str]) -> float:
    """How unlike the values of a column of text its name looks."""
    form, count = Counter(map(form_of, values)).most_common(1)[0]
    if len(values) > 2 and "9" in form and count >= 0.6 * len(values):
        return -0.75 if form_of(cell) == form else 0.5
    lengths = {len(value) for value in values}
    vote = 0.5 if len(values) > 2 and len(lengths) == 1 and len(cell) not in lengths else 0.25
    return vote - 0.5 * (len(cell) > _LONGEST_NAME)


def form_of(value: str) -> str:
    """The value with runs of digits as 9, of small letters as a and of capitals as A."""
    return _LETTERS.sub("a", _CAPITALS.sub("A", _DIGITS.sub("9", value[:60])))


def _are_ordered_numbers(cells: list[str], body: Sequence[list[str]]) -> bool:
    """Whether numbers above numbers are names: years, or months, hours and sizes that go up, as the rows
    below do not."""
    if _rises(cells) and sum(map(_rises, body)) < 0.2 * len(body):
        return True
    if _are_years(cells) and 2 * sum(map(_are_years, body)) < len(body):
        return True
    return (
        len(body) >= _FEWEST_UNEVEN
        and _rises(cells, evenly=True)
        and not any(_rises(row, evenly=True) for row in body)
    )


def are_years_of_groups(header: Row, row: Row, below: Row) -> bool:
    """Whether a row below the header holds years under the names of groups, each above several columns."""
    names = header.values
    if len(row.values) != len(names) or len(below.values) != len(names):
        return False
    places = [place for place, cell in enumerate(row.values) if _YEAR.fullmatch(cell.strip())]
    others = [group for place, group in enumerate(row.groups) if place not in places]
    grouped = [
        place for place in places if place and (not names[place].strip() or names[place] == names[place - 1])
    ]
    again = any(_YEAR.fullmatch(below.values[place].strip()) for place in places)
    return len(places) > 1 and bool(grouped) and set(others) <= {"other", "empty"} and not again


def are_labels_of_groups(header: Row, row: Row) -> bool:
    """Whether years, numbers or days stand above names, each above several: 2023, 2023, 2024, 2024."""
    labels, names = ([value.strip() for value in one.values] for one in (header, row))
    if len(labels) != len(names) or not set(row.groups) <= {"other", "empty"}:
        return False
    again = [place for place in range(1, len(labels)) if labels[place] and labels[place] == labels[place - 1]]
    pairs = [pair for pair in zip(labels, names, strict=True) if any(pair)]
    return len(again) > 1 and len(set(pairs)) == len(labels) and len(set(names) - {""}) > 1


def _are_years(cells: Sequence[str]) -> bool:
    """Years in a row, each maybe over several columns, with nothing but words beside them."""
    numbers = [
        int(year) for year, _ in groupby(cell.strip() for cell in cells if _YEAR.fullmatch(cell.strip()))
    ]
    others = [cell for cell in cells if not _YEAR.fullmatch(cell.strip())]
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 0
    over_all = len(numbers) == 1 and len(cells) - len(others) > 2  # one year merged over several columns
    return (
        (step != 0 or over_all)
        and all(after - before == step for before, after in pairwise(numbers))
        and all(group_of(cell) in ("other", "empty") for cell in others)
    )


def _rises(cells: list[str], *, evenly: bool = False) -> bool:
    """Years, sizes or other numbers that go up below a first word, as names of columns may."""
    kinds = [kind_of(cell) for cell in cells]
    numbers = [
        float(cell)
        for cell, kind in zip(cells, kinds, strict=True)
        if kind == "integer" or _DECIMAL.fullmatch(cell)
    ]
    return (
        len(numbers) >= 3
        and kinds[0] in ("empty", "code", "words", "text")
        and all(a < b for a, b in pairwise(numbers))
        and (
            not evenly
            or all(math.isclose(b - a, numbers[1] - numbers[0], rel_tol=1e-6) for a, b in pairwise(numbers))
        )
    )
