"""A fitted transform as a SQL statement and as spreadsheet formulas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analytics.numbers.basics.parameters import ColumnFit, Key, Label, StandardizeError, TransformParameters
from analytics.numbers.standardizing.scored_table import score_name

_MOST_NESTED = 60  # spreadsheets nest at most 64 functions
_LONGEST_FORMULA = 8_000


def sql_select(parameters: TransformParameters, table: str) -> str:
    """A SELECT of all columns of ``table`` and the scores beside them, in standard SQL.

    Names are quoted (a dot in ``table`` separates schema and table), numbers keep all their digits,
    NULL stays NULL. Runs as it is on SQLite, DuckDB and PostgreSQL; Yeo-Johnson needs POWER and LN.

    Raises:
        StandardizeError: for rank_gauss, which is a table of values and not a formula; for a backslash in
            a name or a group, which not all databases read alike.
    """
    _refuse_ranks(parameters, "SQL")
    scores = [
        f"  {_sql_column(parameters, name)} AS {_sql_name(score_name(name))}" for name in parameters.columns
    ]
    source = ".".join(_sql_name(part) for part in table.split("."))
    return "SELECT *,\n" + ",\n".join(scores) + f"\nFROM {source}"


def spreadsheet_formulas(
    parameters: TransformParameters, *, sheet_columns: Sequence[Label] | None = None
) -> dict[Label, str]:
    """For each column the formula of its score in row 2, ready to be filled down.

    Cells are addressed by the position of a column in ``sheet_columns`` (by default the columns of
    the transform, then those that make the groups). Spreadsheets keep 15 digits of the numbers.

    Raises:
        StandardizeError: for rank_gauss, an absent column, or more groups than a formula can hold.
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
    if parameters.method == "rank_gauss":
        raise StandardizeError(
            f"Ranks have no {what}: use the transform file (JSON), which holds the whole table."
        )


def _sql_name(name: Label) -> str:
    return '"' + _without_backslash(str(name)).replace('"', '""') + '"'


def _without_backslash(text: str) -> str:
    """The text, refused with a backslash: MySQL and BigQuery take it for the start of an escape, others for
    itself, so that a quote behind it would end the text in one of them and the rest would be run.
    """
    if "\\" in text:
        raise StandardizeError(
            f"{text!r} has a backslash, which databases read in different ways, so there is no SQL for it: "
            "rename it in the file, or use the transform file (JSON)."
        )
    return text


def _number(value: float | int) -> str:
    return f"({value!r})" if value < 0 else repr(value)


def _sql_column(parameters: TransformParameters, name: Label) -> str:
    x = f"CAST({_sql_name(name)} AS DOUBLE PRECISION)"
    overall = _score(parameters.overall(name), x, SQL)
    cases = [
        f"WHEN {_sql_condition(parameters.by, key)} THEN {_score(fit, x, SQL)}"
        for key, fit in parameters.of_groups(name).items()
    ]
    return f"CASE {' '.join(cases)} ELSE {overall} END" if cases else overall


def _sql_condition(by: Sequence[Label], key: Key) -> str:
    return " AND ".join(
        f"{_sql_name(name)} IS NULL" if label is None else f"{_sql_name(name)} = {_sql_literal(label)}"
        for name, label in zip(by, key, strict=True)
    )


def _sql_literal(label: str | int | float | bool) -> str:
    if isinstance(label, bool):
        return str(label).upper()
    if isinstance(label, (int, float)):
        return _number(label)
    return "'" + _without_backslash(label).replace("'", "''") + "'"


def _sql_if(condition: str, then: str, otherwise: str) -> str:
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


def _sheet_if(condition: str, then: str, otherwise: str) -> str:
    return f"IF({condition},{then},{otherwise})"


@dataclass(frozen=True)
class Dialect:
    """How a language writes a missing score, the score of a value without spread, a choice and a power."""

    missing: str
    zero: Callable[[str], str]
    choose: Callable[[str, str, str], str]
    raised: Callable[[str, str], str]


SQL = Dialect(
    missing="NULL",
    zero=lambda x: f"CASE WHEN {x} IS NULL THEN NULL ELSE 0.0 END",
    choose=_sql_if,
    raised=lambda base, power: f"POWER({base}, {power})",
)
_SHEET = Dialect(
    missing='""', zero=lambda _x: "0", choose=_sheet_if, raised=lambda base, power: f"{base}^{power}"
)


def _score(fit: ColumnFit, x: str, dialect: Dialect) -> str:
    """The score of the value that ``x`` names, by one fit."""
    if not fit.usable:
        return dialect.missing
    if fit.constant:
        return dialect.zero(x)
    center, scale = fit.shape.line
    if fit.shape.exponent is not None:
        x = _power(x, fit.shape.exponent, dialect)
    return f"({x} - {_number(center)}) / {_number(scale)}"


def _power(x: str, exponent: float, dialect: Dialect) -> str:
    """Yeo and Johnson's two branches."""
    mirrored = 2.0 - exponent

    def branch(base: str, power: float) -> str:
        return f"({dialect.raised(base, _number(power))} - 1) / {_number(power)}" if power else f"LN({base})"

    negative = f"-({branch(f'(1 - {x})', mirrored)})"
    return f"({dialect.choose(f'{x} >= 0', branch(f'({x} + 1)', exponent), negative)})"


def _sheet_column(parameters: TransformParameters, name: Label, cells: dict[Label, str]) -> str:
    groups = parameters.of_groups(name)
    if len(groups) > _MOST_NESTED:
        raise StandardizeError(
            f"{len(groups):,} groups are too many for a formula (at most {_MOST_NESTED}): use SQL."
        )
    value = _score(parameters.overall(name), cells[name], _SHEET)
    for key, fit in reversed(groups.items()):
        value = (
            f"IF({_sheet_condition(parameters.by, key, cells)},{_score(fit, cells[name], _SHEET)},{value})"
        )
    formula = f'=IF(ISNUMBER({cells[name]}),{value},"")'
    if len(formula) > _LONGEST_FORMULA:
        raise StandardizeError(
            f"The formula for {name!r} has {len(formula):,} characters, more than a sheet takes: use SQL."
        )
    return formula


def _sheet_condition(by: Sequence[Label], key: Key, cells: dict[Label, str]) -> str:
    tests = [f"{cells[name]}={_sheet_literal(label)}" for name, label in zip(by, key, strict=True)]
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def _sheet_literal(label: str | int | float | bool | None) -> str:
    if label is None:
        return '""'
    if isinstance(label, bool):
        return str(label).upper()
    return repr(label) if isinstance(label, (int, float)) else '"' + label.replace('"', '""') + '"'
