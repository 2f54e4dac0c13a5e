"""What a file leaves open about whole rows: numbers put together again, and totals at the end."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.tables.formats.asked.columns import Columns
from analytics.tables.formats.asked.empty_rows import empty_row_doubts
from analytics.tables.formats.stand_ins import stand_in_doubts
from analytics.tables.formats.total_rows import inner_totals
from analytics.tables.options import ReadOptions
from analytics.tables.records.footer import names_total
from analytics.tables.records.rows import Joined
from analytics.tables.records.text_lane import TextTable
from analytics.tables.report import Alternative, Doubt

_MEANS = re.compile(
    r"\W*(?:average|avg|mean|mittelwert|mittel|durchschnitt|moyenne|media|média|promedio|średnia|průměr"
    r"|gemiddelde|genomsnitt|medelvärde|gjennomsnitt|gennemsnit|keskiarvo|átlag|ortalama|среднее|μέσος όρος"
    r"|平均|平均値|평균|ø)\W*",
    re.IGNORECASE,
)
"""What begins a row of means, in the languages that exports come in."""
_THREE_BEHIND = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
_SHOWN = 3
"""Cells shown with a question."""
_FEWEST_ROWS = 3
"""Rows above a total: two numbers and their sum occur by chance."""
_MOST_TOTALS = 3
"""Rows at the end, as of sum, mean and share."""


def joined_doubts(table: TextTable, frame: pd.DataFrame, options: ReadOptions) -> tuple[Doubt, ...]:
    """One question for each column with numbers that were put together from two cells."""
    if options.decimal is not None or options.as_text:
        return ()
    joined = [one for one in table.joined if one.text not in (options.na_values or ())]
    columns = dict.fromkeys(one.column for one in joined)
    every = ([one for one in joined if one.column == column] for column in columns)
    return tuple(_joined_doubt(found, frame, table, options) for found in every)


def _joined_doubt(found: list[Joined], frame: pd.DataFrame, table: TextTable, options: ReadOptions) -> Doubt:
    column = found[0].column
    name = table.names[column]
    shown = found[:_SHOWN]
    rows = [int(np.searchsorted(table.lines, one.line)) for one in shown]
    lines = ", ".join(f"{one.line:,}" for one in shown)
    values = [(one.text, str(frame.iloc[row, column])) for one, row in zip(shown, rows, strict=True)]
    comma = "," in shown[0].text and pd.api.types.is_float_dtype(frame.dtypes.iloc[column])
    texts = dict.fromkeys((*(options.na_values or ()), *(one.text for one in found)))
    missing = tuple((one.text, "missing") for one in shown)
    return Doubt(
        f"Is {shown[0].text!r} one value of {name}?",
        f"More cells than names in line {lines}; the parts in {name} were put together as they stand.",
        Alternative("One value", (("decimal", "," if comma else "."),), tuple(values)),
        (Alternative("Missing", (("na_values", tuple(texts)),), missing), *_other_mark(shown, comma=comma)),
        name,
    )


def _other_mark(shown: list[Joined], *, comma: bool) -> tuple[Alternative, ...]:
    """Three digits behind a comma may be thousands or decimals: the reading that was not taken."""
    if not all(_THREE_BEHIND.fullmatch(one.text) for one in shown):
        return ()
    plain = [one.text.replace(",", "" if comma else ".") for one in shown]
    cells = tuple((one.text, f"{float(text):.15g}") for one, text in zip(shown, plain, strict=True))
    label = "Thousands behind the comma" if comma else "Decimals behind the comma"
    return (Alternative(label, (("decimal", "." if comma else ","),), cells),)


def table_doubts(
    frame: pd.DataFrame,
    lines: np.ndarray | None,
    last_line: int | None,
    *,
    footer: int,
    options: ReadOptions,
) -> tuple[Doubt, ...]:
    """What a table as a whole leaves open: values and rows that may stand for none, rows that are totals."""
    columns = Columns(frame)
    totals = inner_totals(columns, lines, options) or total_doubts(
        columns, last_line, footer=footer, options=options
    )
    return (*stand_in_doubts(columns, options), *empty_row_doubts(frame, lines, options), *totals)


def total_doubts(
    table: Columns, last_line: int | None, *, footer: int, options: ReadOptions
) -> tuple[Doubt, ...]:
    """Whether rows at the end are totals, told by what they equal, else by a word that only the
    last row has.

    ``footer`` are the records below the table that were left out, ``last_line`` the line of its last row.
    Options that say how many rows to skip have answered.
    """
    if options.skip_footer is not None or options.skip_rows is not None or options.as_text:
        return ()
    frame = table.frame
    if len(frame) < 2:
        return ()
    counts = range(1, min(_MOST_TOTALS, len(frame) - _FEWEST_ROWS) + 1)
    columns = [_Values(name, values) for name, values in table.numbers.items()]
    for count in counts:
        equals = _totals(frame, columns, len(frame) - count)
        if equals:
            return (_total_doubt(frame, count, equals, footer, last_line),)
    return _called_total(table, columns, footer, last_line)


def _called_total(
    table: Columns, columns: list[_Values], footer: int, last_line: int | None
) -> tuple[Doubt, ...]:
    """The question of a last row that says Total, as no other row does, though its value is not the sum."""
    frame, row = table.frame, len(table.frame) - 1
    said = next((name for name, texts in table.texts.items() if _is_called_total(texts, row)), None)
    known = [column for column in columns if column.is_known(row)] if said is not None else []
    if said is None or not known:
        return ()
    name, word = known[0].name, frame[said].iloc[row]
    line = "" if last_line is None else f" (line {last_line:,})"
    value = frame[name].iloc[row]
    mean = _MEANS.fullmatch(word) is not None
    making = f"{'have the mean' if mean else 'add up to'} {known[0].above(row, mean=mean):.15g}"
    what = f"There {said} is {word!r}, but {name} is {value}, where the rows above {making}"
    shown = f"{name}: {value}"
    record = Alternative(
        "A record like the others", (("skip_footer", footer),), ((shown, "a value like the others"),)
    )
    out = Alternative(
        "A total: leave it out", (("skip_footer", footer + 1),), ((shown, "left out, as a total"),)
    )
    return (Doubt(f"Is the last row{line} a total and no record?", f"{what}.", record, (out,)),)


def _is_called_total(column: pd.Series, row: int) -> bool:
    """Whether the text in a row is a word of totals, and no other text of its column."""
    text = column.array[row]
    if not isinstance(text, str) or not (names_total(text) or _MEANS.fullmatch(text)):
        return False
    return not bool((column.iloc[:row] == text).any())


@dataclass(frozen=True)
class _Values:
    """A column of numbers (n,), NaN for missing."""

    name: str
    values: np.ndarray

    def is_known(self, row: int) -> bool:
        """Whether the value in ``row``, which may be a total, is not missing."""
        return not math.isnan(self._tail[row - self._cut])

    def goes_beyond(self, row: int) -> bool:
        """Whether the value in ``row`` is greater than all above: signed values add up to anything."""
        above = self.values[:row]
        return bool(abs(self.values[row]) > np.nanmax(np.abs(above)))

    def _counts_on(self, row: int) -> bool:
        """Whether the value goes on as those above count: 0, 1, 2 and then 3 is no sum."""
        last = self.values[max(0, row - 3) : row + 1].tolist()
        return len(last) > 3 and last[1] - last[0] == last[2] - last[1] == last[3] - last[2]

    def equals(self, row: int, *, mean: bool) -> bool:
        """Whether the value in ``row`` is the sum or mean of those above to the digits that it has."""
        value, (total, known) = self._tail[row - self._cut], self._head
        rest = [one for one in self._tail[: row - self._cut] if not math.isnan(one)]
        total, known = total + sum(rest), known + len(rest)
        if known < _FEWEST_ROWS or not math.isfinite(value) or not math.isfinite(total):
            return False
        # Nearly all columns end here: half a unit, the widest that rounding allows, is far too little.
        near = 0.5 if mean else 0.5 * math.sqrt(known)
        if abs(value - (total / known if mean else total)) > max(near, 1e-9 * abs(total)) * (1 + 1e-9):
            return False
        above = self.values[:row]
        digits = next((n for n in range(7) if round(value, n) == value), 12)
        target = total / known if mean else total
        slack = 0.5 * 10.0**-digits * (1.0 if mean else math.sqrt(known))
        # A whole number is near the mean of small whole numbers all too often.
        slack = (0.0 if mean else 0.5) if not digits else slack
        if abs(value - target) > max(slack, 1e-9 * abs(target)) * (1 + 1e-9):
            return False
        if self._counts_on(row):
            return False
        return bool(np.count_nonzero(np.nan_to_num(above)) > 1 and np.nanmin(above) < np.nanmax(above))

    def above(self, row: int, *, mean: bool) -> float:
        """The sum or mean of the values above a row."""
        values = self.values[:row].astype(np.float64)
        known = values[~np.isnan(values)]
        with np.errstate(invalid="ignore"):  # infinities of both signs
            return float(known.sum() / max(1, len(known)) if mean else known.sum())

    @property
    def _cut(self) -> int:
        return max(0, len(self.values) - _MOST_TOTALS)

    @cached_property
    def _tail(self) -> list[float]:
        """The values of the rows that may be totals."""
        return self.values[self._cut :].astype(np.float64).tolist()

    @cached_property
    def _head(self) -> tuple[float, int]:
        """Sum and number of the values above all rows that may be totals: added up once."""
        head = self.values[: self._cut]
        with np.errstate(invalid="ignore"):  # infinities of both signs
            total = float(head.sum(dtype=np.float64))
        if math.isfinite(total):
            return total, len(head)
        return float(np.nansum(head)), int(np.count_nonzero(~np.isnan(head)))


def _totals(frame: pd.DataFrame, columns: list[_Values], row: int) -> dict[str, str]:
    """Column to what its cell in ``row`` equals; empty where that row is no total."""
    filled = [column for column in columns if column.is_known(row)]
    sums = _half_that_equal(filled, row, mean=False)
    beyond = any(column.goes_beyond(row) for column in filled if column.name in sums)
    if beyond or (sums and _has_gaps(frame, row)):
        return dict.fromkeys(sums, "the sum")
    means = _half_that_equal(filled, row, mean=True)
    # A mean lies among the values: one may equal it by chance; two, or one in a row with gaps, hardly.
    if means and (len(means) > 1 or _has_gaps(frame, row) or _is_called_mean(frame, row)):
        return dict.fromkeys(means, "the mean")
    return {}


def _half_that_equal(columns: list[_Values], row: int, *, mean: bool) -> list[str]:
    """The columns whose value in ``row`` is a sum or mean, where half of them are such; else none."""
    found: list[str] = []
    for seen, column in enumerate(columns):
        if column.equals(row, mean=mean):
            found.append(column.name)
        elif 2 * (seen + 1 - len(found)) > len(columns):
            return []
    return found


def _has_gaps(frame: pd.DataFrame, row: int) -> bool:
    """Whether a row has nothing where every row above has something."""
    empty = [name for name in frame.columns if pd.isna(frame[name].iloc[row])]
    return any(frame[name].iloc[:row].notna().all() for name in empty)


def _is_called_mean(frame: pd.DataFrame, row: int) -> bool:
    """Whether a text in the row says that it is a mean, which a value that equals one confirms."""
    texts = [value for value in frame.iloc[row] if isinstance(value, str)]
    return any(_MEANS.fullmatch(text) for text in texts)


def _total_doubt(
    frame: pd.DataFrame, count: int, equals: dict[str, str], footer: int, last_line: int | None
) -> Doubt:
    above = len(frame) - count
    row = frame.iloc[above]
    name, what = next(iter(equals.items()))
    others = len(equals) - 1
    more = f", and so in {others} further column{'s' if others > 1 else ''}" if others else ""
    where = "the last row" if count == 1 else f"the row {count} from the end"
    line = "" if last_line is None or count > 1 else f" (line {last_line:,})"
    shown = list(equals.items())[:_SHOWN]
    kept = tuple((f"{column}: {row[column]}", "a value like the others") for column, _ in shown)
    gone = tuple(
        (f"{column}: {row[column]}", f"left out, as {kind} of the rows above") for column, kind in shown
    )
    return Doubt(
        f"Is {where}{line} a total and no record?",
        f"There {name} is {row[name]}, {what} of the {above:,} values above to rounding{more}.",
        Alternative("A record like the others", (("skip_footer", footer),), kept),
        (Alternative("A total: leave it out", (("skip_footer", footer + count),), gone),),
    )
