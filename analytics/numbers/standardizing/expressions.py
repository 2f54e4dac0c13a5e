"""A fitted transform as a SQL statement and as spreadsheet formulas."""

from collections.abc import Callable, Sequence
from typing import Literal

from analytics.numbers.basics.parameters import ColumnFit, Key, Label, StandardizeError, TransformParameters
from analytics.numbers.standardizing.dialects import (
    DIALECTS,
    SHEET,
    Dialect,
    number,
    without_backslash,
    yeo_johnson,
)
from analytics.numbers.standardizing.scored_table import score_name

_MOST_NESTED = 60  # spreadsheets nest at most 64 functions
_LONGEST_FORMULA = 8_000


def sql_select(parameters: TransformParameters, table: str, *, dialect: str = "standard") -> str:
    """A SELECT of all columns of ``table`` and the scores beside them, in standard SQL.

    Names are quoted (a dot in ``table`` separates schema and table), numbers keep all their digits, NULL
    stays NULL, NaN and infinite values what they are. Runs as it is on DuckDB, PostgreSQL (from 12) and
    SQLite; Yeo-Johnson needs EXP, LN, SINH and ATANH. Groups of dates are compared as moments, which SQLite
    writes in another way: ``dialect="sqlite"``.

    Raises:
        StandardizeError: for rank_gauss, which is a table of values and not a formula, an unknown dialect,
            groups whose labels SQL cannot compare alike everywhere, and names with a backslash.
    """
    _refuse_ranks(parameters, "SQL")
    if dialect not in DIALECTS:
        raise StandardizeError(f"There is no SQL dialect {dialect!r}: choose one of {', '.join(DIALECTS)}.")
    scores = [
        f"  {_sql_column(parameters, name, DIALECTS[dialect])} AS {_sql_name(score_name(name))}"
        for name in parameters.columns
    ]
    source = ".".join(_sql_name(part) for part in table.split("."))
    return "SELECT *,\n" + ",\n".join(scores) + f"\nFROM {source}"


def spreadsheet_formulas(
    parameters: TransformParameters, *, sheet_columns: Sequence[Label] | None = None
) -> dict[Label, str]:
    """For each column the formula of its score in row 2, ready to be filled down.

    Cells are addressed by the position of a column in ``sheet_columns`` (by default the columns of
    the transform, then those that make the groups). Spreadsheets keep 15 digits of the numbers. Texts are
    compared with their case, dates as days: a date or number that the sheet keeps as text gives #N/A, and so
    does a number where there are texts.

    Raises:
        StandardizeError: for rank_gauss, an absent column, or groups that are more, longer or of another
            kind than a formula can hold.
    """
    _refuse_ranks(parameters, "spreadsheet formula")
    order = list(sheet_columns) if sheet_columns is not None else [*parameters.columns, *parameters.by]
    absent = [name for name in (*parameters.columns, *parameters.by) if name not in order]
    if absent:
        raise StandardizeError(f"The sheet has no column {absent[0]!r}: give the sheet's columns in order.")
    cells = {name: f"{column_letters(order.index(name))}2" for name in order}
    return {name: _sheet_column(parameters, name, cells) for name in parameters.columns}


def column_letters(position: int) -> str:
    """A sheet's name of the column at ``position``: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    while position >= 0:
        letters = chr(ord("A") + position % 26) + letters
        position = position // 26 - 1
    return letters


def _refuse_ranks(parameters: TransformParameters, what: str) -> None:
    ranked = [name for name in parameters.columns if parameters.method_of(name) == "rank_gauss"]
    if ranked:
        these = f" ({', '.join(map(str, ranked[:8]))})" if parameters.methods else ""
        raise StandardizeError(
            f"Ranks{these} have no {what}: use the transform file (JSON), which holds the whole table."
        )


def _sql_name(name: Label) -> str:
    return '"' + without_backslash(str(name)).replace('"', '""') + '"'


def _sql_column(parameters: TransformParameters, name: Label, dialect: Dialect) -> str:
    x = f"CAST({_sql_name(name)} AS DOUBLE PRECISION)"
    overall = _score(parameters.overall(name), x, dialect)
    cases = [
        f"WHEN {_condition(parameters, key, _sql_name, ' AND '.join, dialect)} THEN {_score(fit, x, dialect)}"
        for key, fit in parameters.of_groups(name).items()
    ]
    return f"CASE {' '.join(cases)} ELSE {overall} END" if cases else overall


def _condition(
    parameters: TransformParameters,
    key: Key,
    place_of: Callable[[Label], str],
    together: Callable[[list[str]], str],
    dialect: Dialect,
) -> str:
    """That a row is of the group ``key``."""
    parts = enumerate(zip(parameters.by, key, parameters.kinds, strict=True))
    tests = [
        dialect.no_number(place_of(name))
        if label is None and _measures(parameters, place)
        else dialect.is_label(place_of(name), label, kind)
        for place, (name, label, kind) in parts
    ]
    return tests[0] if len(tests) == 1 else together(tests)


def _score(fit: ColumnFit, x: str, dialect: Dialect) -> str:
    """The score of the value that ``x`` names, by one fit."""
    if not fit.usable:
        return dialect.missing
    if fit.constant:
        return dialect.finite(x, "0.0")
    center, scale = fit.shape.line
    if fit.shape.exponent is None:
        return f"({x} - {number(center)}) / {number(scale)}"
    bent = yeo_johnson(x, fit.shape.exponent, dialect)
    return dialect.finite(x, f"({bent} - {number(center)}) / {number(scale)}")


def _sheet_column(parameters: TransformParameters, name: Label, cells: dict[Label, str]) -> str:
    groups = parameters.of_groups(name)
    if len(groups) > _MOST_NESTED:
        raise StandardizeError(
            f"{len(groups):,} groups are too many for a formula (at most {_MOST_NESTED}): use SQL."
        )
    held = {label: _held(parameters, place) for place, label in enumerate(parameters.by)}
    value = _score(parameters.overall(name), cells[name], SHEET)
    # A cell of another kind than the labels is of no group for that alone: said, not scored over all rows.
    for label in (label for label, what in held.items() if what == "texts"):
        value = f"IF(ISNUMBER({cells[label]}),NA(),{value})"  # 7 where "007" was, a day where "1-2" was
    for key, fit in reversed(groups.items()):
        condition = _condition(parameters, key, cells.__getitem__, _all_of, SHEET)
        value = f"IF({condition},{_score(fit, cells[name], SHEET)},{value})"
    for label in (label for label, what in held.items() if what == "numbers"):
        value = f'IF(AND(ISTEXT({cells[label]}),{cells[label]}<>""),NA(),{value})'
    formula = f'=IF(ISNUMBER({cells[name]}),{value},"")'
    if len(formula) > _LONGEST_FORMULA:
        raise StandardizeError(
            f"The formula for {name!r} has {len(formula):,} characters, more than a sheet takes: use SQL."
        )
    return formula


def _measures(parameters: TransformParameters, place: int) -> bool:
    """Whether a column that makes groups holds plain numbers, among which NaN is missing."""
    labels = [key[place] for key in parameters.groups if key[place] is not None]
    return bool(labels) and all(isinstance(label, float) for label in labels)


def _held(parameters: TransformParameters, place: int) -> Literal["texts", "numbers", "both"]:
    """What the cells of a column that makes groups hold in a sheet; dates and yes or no are numbers there."""
    labels = {key[place] for key in parameters.groups} - {None}
    if "" in labels and None in {key[place] for key in parameters.groups}:
        raise StandardizeError(
            f"A sheet cannot tell an empty text from an empty cell, and {parameters.by[place]!r} has groups "
            "of both: use SQL."
        )
    if parameters.kinds[place] != "plain":
        return "numbers"
    texts = {isinstance(label, str) for label in labels}
    return "both" if len(texts) != 1 else "texts" if texts == {True} else "numbers"


def _all_of(tests: list[str]) -> str:
    return f"AND({','.join(tests)})"
