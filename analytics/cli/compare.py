"""``zetascope compare``: what changed between two tables."""

import json as json_module
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.files import check_target, names_of_list, say, stop, write
from analytics.cli.reading import ReadAs, options_of, read_telling
from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    import pandas as pd

    from analytics.comparison import TableComparison

_CANNOT = 2
_CELLS_SAID = 20  # as many as a screen shows below the sentences


def compare(
    old: Annotated[Path, typer.Argument(help="The earlier table.")],
    new: Annotated[Path, typer.Argument(help="The later table.")],
    key: Annotated[
        str, typer.Option(help="Columns that tell rows apart, with commas between; default: proposed.")
    ] = "",
    by_place: Annotated[
        bool, typer.Option("--by-place", help="Match rows by their place in the file, without a key.")
    ] = False,
    renamed: Annotated[
        list[str], typer.Option("--renamed", metavar="OLD=NEW", help="A column that was renamed.")
    ] = [],  # noqa: B006, typer copies it
    tolerance: Annotated[
        float, typer.Option(help="Share of the larger number by which equal ones may differ; 0 is exact.")
    ] = 1e-9,
    cells: Annotated[
        Path | None, typer.Option(help="Also write the changed cells here (.csv or .parquet).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
) -> None:
    """Tell what changed between two tables: columns, types, values, and rows found again by a key."""
    from analytics.comparison import compare_tables

    try:
        if cells is not None:
            check_target(cells)
        tables = [read_telling(path, options_of(read_as)).frame for path in (old, new)]
        by: Sequence[Hashable] | None = [] if by_place else names_of_list(key)
        proposed = by is None
        if by is None:
            by = _proposed(*tables)
        found = compare_tables(*tables, key=by, renamed=_pairs(renamed), tolerance=tolerance)
    except (ZetascopeError, OSError) as error:
        stop(error, code=_CANNOT)
    if json:
        typer.echo(json_module.dumps(found.to_data(), indent=2, allow_nan=False))
    else:
        _say(found, proposed=proposed)
    if cells is not None and found.rows is not None:
        write(found.rows.cells, cells)


def _proposed(old: "pd.DataFrame", new: "pd.DataFrame") -> list[Hashable] | None:
    """The likeliest key, or None where no column can be one."""
    from analytics.comparison import propose_keys
    from analytics.tables import column_roles

    found = propose_keys(old, new, roles=column_roles(new))
    return list(found[0].columns) if found else None


def _pairs(renamed: list[str]) -> dict[str, str]:
    pairs = dict(one.split("=", 1) for one in renamed if "=" in one)
    wrong = [one for one in renamed if "=" not in one]
    if wrong:
        raise ZetascopeError(f"--renamed {wrong[0]} names no pair: write OLD=NEW.")
    return pairs


def _say(found: "TableComparison", *, proposed: bool) -> None:
    for sentence in found.sentences():
        say(sentence)
    if found.rows is None:
        say("Rows are not matched: no column tells them apart in both; give --key or --by-place.")
        return
    if proposed:
        say("The key is a proposal; --key names another.")
    for row in found.rows.cells.head(_CELLS_SAID).itertuples(index=False):
        *_key, _before, now, column, was, is_now, _difference = row
        say(f"  row {now}: {column}: {was or '(missing)'} -> {is_now or '(missing)'}")
    if found.rows.changed_cells > _CELLS_SAID:
        say(f"  and {found.rows.changed_cells - _CELLS_SAID:,} more cells; --cells writes them to a file.")
