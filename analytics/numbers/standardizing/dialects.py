"""How SQL and spreadsheets write a score's pieces: a choice, a missing value, a row's group, a power."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from analytics.numbers.basics.parameters import LabelKind, Part, StandardizeError

_LARGEST_FLOAT = "1.7976931348623157e308"
_EXACT_IN_SHEETS = 10**15  # sheets keep 15 digits: beyond, neighbouring whole numbers are one
_LONGEST_SHEET_TEXT = 255  # Excel refuses a longer text inside a formula
_FIRST_SHEET_YEAR = 1901  # sheets count days from 1900, whose February Excel gives 29 days
_HALF_SECOND = "0.000005"  # of a day: sheets hold moments as days with a fraction


@dataclass(frozen=True)
class Dialect:
    """How a language writes what a score is made of.

    ``name`` stands in messages. ``finite(x, score)`` gives ``score`` where x is an ordinary number and x
    itself where it is missing or infinite. ``is_label(place, label, kind)`` is the condition that the cell
    or column named ``place`` holds a group's label; it raises StandardizeError where it cannot be written.
    ``no_number(place)`` is the condition that a number is missing there.
    """

    name: str
    missing: str
    choose: Callable[[str, str, str], str]
    finite: Callable[[str, str], str]
    is_label: Callable[[str, Part, LabelKind], str]
    no_number: Callable[[str], str]


def number(value: float | int) -> str:
    """A number with all its digits, in brackets where a sign might meet another."""
    return f"({value!r})" if value < 0 else repr(value)


def yeo_johnson(x: str, exponent: float, dialect: Dialect) -> str:
    """Yeo and Johnson's two branches for the value that ``x`` names."""
    above = _bent(x, exponent, dialect)
    below = f"-{_bent(f'(-{x})', 2.0 - exponent, dialect)}"
    return f"({dialect.choose(f'{x} >= 0', above, below)})"


def _bent(x: str, power: float, dialect: Dialect) -> str:
    """``((1 + x)^power - 1) / power`` for x >= 0, exact for tiny x too.

    Written as it stands, 1 + x drops the digits of a small x. The logarithm of 1 + x is
    2 artanh(x / (x + 2)), and e^y - 1 is 2 e^(y/2) sinh(y/2); neither subtracts equals.
    """
    half_log = dialect.choose(f"{x} < 1", f"ATANH({x} / ({x} + 2))", f"LN({x} + 1) / 2")
    half_log = half_log if half_log.startswith("IF") else f"({half_log})"
    if not power:
        return f"(2 * {half_log})"
    half = f"{number(power)} * {half_log}"
    return f"(2 * EXP({half}) * SINH({half}) / {number(power)})"


def _sql_if(condition: str, then: str, otherwise: str) -> str:
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


def _sql_finite(x: str, score: str) -> str:
    # NaN counts as larger than every number in PostgreSQL and DuckDB; NULL is neither.
    return _sql_if(f"ABS({x}) <= {_LARGEST_FLOAT}", score, x)


def _sql_no_number(place: str) -> str:
    # NaN is missing too. No database has a common word for it, but 1 / NaN is not 0 as 1 / infinity is.
    return f"CASE WHEN ABS({place}) > {_LARGEST_FLOAT} THEN 1 / {place} <> 0 ELSE {place} IS NULL END"


def without_backslash(text: str) -> str:
    """The text, refused with a backslash: MySQL and BigQuery take it for the start of an escape, others for
    itself, so that a quote behind it would end the text in one of them and the rest would be run.
    """
    if "\\" in text:
        raise StandardizeError(
            f"{text!r} has a backslash, which databases read in different ways, so there is no SQL for it: "
            "rename it in the file, or use the transform file (JSON)."
        )
    return text


def _sql_is(place: str, label: Part, kind: LabelKind) -> str:
    if label is None:
        return f"{place} IS NULL"
    if kind == "date":
        return f"{place} = TIMESTAMP '{_moment(label).isoformat(' ')}'"
    if kind == "decimal":
        return f"{place} = {_decimal(label)}"
    _refuse_others(place, label, kind, "SQL")
    if isinstance(label, str):
        return f"{place} = '{without_backslash(label).replace(chr(39), chr(39) * 2)}'"
    return f"{place} = {str(label).upper() if isinstance(label, bool) else number(label)}"


def _sqlite_is(place: str, label: Part, kind: LabelKind) -> str:
    """SQLite has no dates, only texts of them, with or without a time."""
    if kind != "date" or label is None:
        return _sql_is(place, label, kind)
    moment = _moment(label)
    if moment.microsecond % 1000:
        raise StandardizeError(f"SQLite compares moments to the millisecond, and {label} is a group: {_ELSE}")
    return f"strftime('%Y-%m-%d %H:%M:%f', {place}) = '{moment.isoformat(' ', 'milliseconds')}'"


def _sheet_if(condition: str, then: str, otherwise: str) -> str:
    return f"IF({condition},{then},{otherwise})"


def _sheet_is(place: str, label: Part, kind: LabelKind) -> str:
    if label is None or label == "":
        return f'{place}=""'
    if kind == "date":
        return _sheet_moment(place, _moment(label))
    if kind == "decimal":
        return f"AND(ISNUMBER({place}),{place}={_decimal(label)})"
    _refuse_others(place, label, kind, "spreadsheet formula")
    if isinstance(label, str):
        if len(label) > _LONGEST_SHEET_TEXT:
            raise StandardizeError(
                f"A formula holds texts of at most {_LONGEST_SHEET_TEXT} characters, and the group "
                f"{label[:40]!r}... has {len(label):,}: use SQL."
            )
        doubled = label.replace('"', '""')
        return f'EXACT({place},"{doubled}")'  # = would take "a" for "A"
    if isinstance(label, bool):
        return f'AND({place}<>"",{place}={str(label).upper()})'  # an empty cell equals FALSE
    if abs(label) >= _EXACT_IN_SHEETS:
        raise StandardizeError(f"Sheets keep 15 digits, and the group {label} needs more: use SQL.")
    return f"AND(ISNUMBER({place}),{place}={label!r})"  # an empty cell equals 0


def _sheet_moment(place: str, moment: datetime) -> str:
    if moment.year < _FIRST_SHEET_YEAR:
        raise StandardizeError(
            f"Sheets count days from 1900, and the group {moment:%Y-%m-%d} is earlier: use SQL."
        )
    if moment.microsecond:
        raise StandardizeError(f"Sheets hold moments to the second, and {moment} is a group: use SQL.")
    day = f"DATE({moment.year},{moment.month},{moment.day})"
    if moment == datetime.combine(moment.date(), datetime.min.time()):
        return f"AND(ISNUMBER({place}),{place}={day})"
    clock = f"TIME({moment.hour},{moment.minute},{moment.second})"
    return f"AND(ISNUMBER({place}),ABS({place}-{day}-{clock})<{_HALF_SECOND})"


_ELSE = "use the transform file (JSON) or the script."


def _moment(label: Part) -> datetime:
    try:
        return datetime.fromisoformat(str(label))
    except ValueError as error:  # before year 1 or after 9999, or to the nanosecond
        raise StandardizeError(f"The group {label} is no date that SQL and sheets write: {_ELSE}") from error


def _decimal(label: Part) -> str:
    try:
        float(str(label))
    except ValueError as error:
        raise StandardizeError(f"The group {label!r} is no number: {_ELSE}") from error
    return str(label)


def _refuse_others(place: str, label: Part, kind: LabelKind, what: str) -> None:
    infinite = isinstance(label, float) and abs(label) == float("inf")
    if kind == "other" or infinite:
        raise StandardizeError(
            f"Groups such as {label} in {place} have no {what}: they are neither texts, finite numbers, "
            f"yes or no, nor dates without a time zone; {_ELSE}"
        )


SQL = Dialect("SQL", "NULL", _sql_if, _sql_finite, _sql_is, _sql_no_number)
SQLITE = replace(SQL, name="SQL of SQLite", is_label=_sqlite_is)
SHEET = Dialect(
    "spreadsheet formula", '""', _sheet_if, lambda _x, score: score, _sheet_is, lambda place: f'{place}=""'
)
DIALECTS = {"standard": SQL, "sqlite": SQLITE}
"""Of SQL: what PostgreSQL and DuckDB share (and SQLite too, but for dates), and SQLite's own."""
