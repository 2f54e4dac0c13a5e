"""``zetascope profile``: how a file was read, what is in doubt, and what its columns hold."""

import json as json_module
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.clean import recipe_in
from analytics.cli.engines import BadFiles, Connect, EngineName, Master, Memory, engine_of, profile_big
from analytics.cli.files import Source, read_bytes, say, stop, visible
from analytics.cli.reading import ReadAs, asking_for, options_of, read
from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    from analytics.recipe import Suggestion
    from analytics.tables import Alternative, ColumnProfile, Doubt, Table, TableProfile

_UNREADABLE = 2
_PAGE = ".html"
_WRITTEN = (_PAGE, ".json")
_LONGEST_NAME = 40
"""Longer names would push the figures off the screen; JSON has them whole."""
_HEADINGS = ("column", "role", "missing", "distinct", "min", "median", "max")
TEXTS = 2
"""How many columns of the table, from the left, hold words."""


def profile(
    source: Source,
    report: Annotated[
        Path | None, typer.Argument(help="Where to write a report to pass on: .html, or .json.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    recipe: Annotated[
        Path | None, typer.Option(help="Recipe (JSON) or project (.zeta) whose steps are taken first.")
    ] = None,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
    engine: EngineName = "",
    master: Master = "",
    connect: Connect = "",
    memory: Memory = "",
    bad_files: BadFiles = "refuse",
) -> None:
    """Tell how a file was read, what is in doubt, and what each column holds; or write it all as a report."""
    big = engine_of(engine, master, connect, memory, bad_files)
    if big:
        if report or recipe or read_as:
            raise ZetascopeError("With --engine a profile is printed, or --json: leave the rest out.")
        profile_big(big, source, json=json, rows_of=column_lines)
        return
    if report and report.suffix.lower() not in _WRITTEN:
        raise ZetascopeError(f"{report.name!r} can't be written: name it .html or .json.")
    if recipe and not (report or json):
        raise ZetascopeError("Name the report to write (.html or .json), or ask for --json.")
    try:
        if report or json:
            _write_report(source, report, recipe, read_as)
            return
        table = read(source, read_as)
        columns = _profile(table)
    except (ZetascopeError, OSError) as error:
        stop(error, code=_UNREADABLE)
    for line in lines(table, columns):
        say(line)


def _profile(table: "Table") -> "TableProfile":
    from analytics.tables import profile_table

    return profile_table(table.frame)


def _write_report(source: Path, target: Path | None, recipe: Path | None, read_as: list[str]) -> None:
    """Write it, or print it as JSON."""
    from analytics.recipe import Recipe
    from analytics.report_file import make_report, report_data, report_page
    from analytics.tables import read_table

    if recipe is None:
        steps = Recipe(options_of(read_as))
    elif read_as:
        raise ZetascopeError("--read and --recipe both say how to read the table: leave one out.")
    else:
        steps = recipe_in(recipe)
    made = make_report(read_table(read_bytes(source), name=source.name, options=steps.read), steps)
    if target and target.suffix.lower() == _PAGE:
        target.write_text(report_page(made), encoding="utf-8")
        return
    text = json_module.dumps(report_data(made), indent=2, allow_nan=False, default=str)
    if target:
        target.write_text(text, encoding="utf-8")
    else:
        typer.echo(text)


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
    yield from column_lines(columns)


def column_lines(columns: "TableProfile") -> Iterator[str]:
    """A row for each column, below headings."""
    yield from _aligned([_HEADINGS, *(_row(one) for one in columns.columns.values())])


def _suggestions(table: "Table", columns: "TableProfile") -> "tuple[Suggestion, ...]":
    from analytics.recipe import suggest

    roles = {str(name): one.role for name, one in columns.columns.items()}
    return suggest(table, roles=roles, profile=columns)


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
