"""``zetascope profile``: how a file was read, what is in doubt, and what its columns hold."""

import json as json_module
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analytics.cli.files import Source, say, stop, visible
from analytics.cli.reading import ReadAs, asking_for, read
from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    from analytics.recipe import Suggestion
    from analytics.tables import Alternative, ColumnProfile, Doubt, ReadReport, Table, TableProfile

_UNREADABLE = 2
_LONGEST_NAME = 40
"""Longer names would push the figures off the screen; JSON has them whole."""
_HEADINGS = ("column", "role", "missing", "distinct", "min", "median", "max")
TEXTS = 2
"""How many columns of the table, from the left, hold words."""


def profile(
    source: Source,
    json: Annotated[bool, typer.Option("--json", help="Print the same as JSON.")] = False,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
) -> None:
    """Tell how a file was read, what is in doubt, and what each column holds."""
    from analytics.tables import profile_table

    try:
        table = read(source, read_as)
        columns = profile_table(table.frame)
    except (ZetascopeError, OSError) as error:
        stop(error, code=_UNREADABLE)
    if json:
        typer.echo(json_module.dumps(as_data(table, columns), indent=2, allow_nan=False, default=str))
    else:
        for line in lines(table, columns):
            say(line)


def lines(table: "Table", columns: "TableProfile") -> Iterator[str]:
    """The report in sentences, the doubts, what is worth a look, and a row for each column."""
    yield table.name
    yield from table.report.sentences()
    for number, doubt in enumerate(table.report.doubts, start=1):
        yield ""
        yield f"In doubt, {number} of {len(table.report.doubts)}: {doubt.question}"
        yield from _doubt_lines(doubt)
    found = _suggestions(table, columns)
    if found:
        yield ""
        yield "Worth a look:"
        yield from (f"  {one.sentence}" for one in found)
    yield ""
    yield from _aligned([_HEADINGS, *(_row(one) for one in columns.columns.values())])


def _suggestions(table: "Table", columns: "TableProfile") -> "tuple[Suggestion, ...]":
    from analytics.recipe import suggest

    return suggest(table, roles={str(name): one.role for name, one in columns.columns.items()})


def _doubt_lines(doubt: "Doubt") -> Iterator[str]:
    yield f"  {doubt.evidence}"
    yield f"  Taken: {_reading(doubt.taken)}"
    for other in doubt.alternatives:
        answer = asking_for(dict(other.changes))
        yield f"  Or: {_reading(other)}: {answer}" if answer else f"  Or: {_reading(other)}"


def _reading(one: "Alternative") -> str:
    cells = "; ".join(f"{text!r} is {made}" for text, made in one.cells)
    return f"{one.label} ({cells})" if cells else one.label


def _row(one: "ColumnProfile") -> tuple[str, ...]:
    figures = (one.missing, one.distinct, one.minimum, one.median, one.maximum)
    name = str(one.name)
    shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return (visible(shown), one.role.kind, *map(_figure, figures))


def _figure(value: float | int | str | None) -> str:
    """Every digit that a column's values have; empty where there is no such figure."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{value:,.15g}"


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if place < TEXTS else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def as_data(table: "Table", columns: "TableProfile") -> dict[str, Any]:
    """The same as plain values for JSON."""
    return {
        "name": table.name,
        "sha256": table.sha256,
        "rows": table.report.rows,
        "reading": _reading_data(table.report),
        "suggestions": [
            {"kind": one.kind, "sentence": one.sentence, "cells": one.cells, "columns": one.columns}
            for one in _suggestions(table, columns)
        ],
        "columns": [_column_data(one) for one in columns.columns.values()],
    }


def _reading_data(report: "ReadReport") -> dict[str, Any]:
    marks = ("format", "encoding", "delimiter", "quote", "escape", "decimal", "thousands", "header_row")
    doubts = [
        {
            "question": doubt.question,
            "column": doubt.column,
            "evidence": doubt.evidence,
            "taken": _alternative_data(doubt.taken),
            "alternatives": [_alternative_data(other) for other in doubt.alternatives],
        }
        for doubt in report.doubts
    ]
    return {
        **{mark: getattr(report, mark) for mark in marks},
        "sentences": report.sentences(),
        "doubts": doubts,
    }


def _alternative_data(one: "Alternative") -> dict[str, Any]:
    cells = [{"text": text, "reading": made} for text, made in one.cells]
    return {"label": one.label, "options": dict(one.changes), "cells": cells}


def _column_data(one: "ColumnProfile") -> dict[str, Any]:
    plain = ("dtype", "missing", "distinct", "minimum", "median", "maximum", "mean", "sd", "examples")
    about = {"name": str(one.name), "role": one.role.kind, "reason": one.role.reason}
    return about | {name: getattr(one, name) for name in plain}
