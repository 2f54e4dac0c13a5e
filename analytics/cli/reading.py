"""How a table is to be read, given as ``--read NAME=VALUE``: what answers a doubt on the command line."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from analytics.cli.files import read_bytes, say
from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    from analytics.tables import ReadOptions, Table

ReadAs = Annotated[
    list[str],
    typer.Option(
        "--read",
        metavar="NAME=VALUE",
        help="How to read the table, such as decimal=, or day_first=true; profile names what is in doubt.",
    ),
]


def read(path: Path, asked: list[str]) -> "Table":
    """The table in a file."""
    from analytics.tables import read_table

    return read_table(read_bytes(path), name=path.name, options=options_of(asked))


def read_telling(path: Path, options: "ReadOptions") -> "Table":
    """The table in a file; on the error stream, how much of its reading is in doubt."""
    from analytics.tables import read_table

    table = read_table(read_bytes(path), name=path.name, options=options)
    doubts = len(table.report.doubts)
    if doubts:
        are = "1 reading is" if doubts == 1 else f"{doubts:,} readings are"
        say(f"{path.name}: {are} in doubt; zetascope profile tells which.", error=True)
    return table


def options_of(asked: list[str]) -> "ReadOptions":
    """Reading options from ``NAME=VALUE``; raises ZetascopeError that names what cannot be one."""
    from analytics.tables import ReadOptions

    hints = get_type_hints(ReadOptions)
    known = [field.name for field in fields(ReadOptions)]
    given: dict[str, Any] = {}
    for item in asked:
        name, _, text = item.partition("=")
        if name not in known:
            raise ZetascopeError(f"--read knows no {name!r}: choose from {', '.join(known)}.")
        given[name] = _value(name, text, kinds=get_args(hints[name]) or (hints[name],))
    return ReadOptions(**given)


def _value(name: str, text: str, *, kinds: tuple[Any, ...]) -> Any:
    """Texts stand as they are; numbers, truth values, lists and pairs are JSON."""
    from analytics.tables.options import hashable

    words = str in kinds
    if words and int not in kinds:
        return text
    try:
        return hashable(json.loads(text))
    except (ValueError, RecursionError):
        if words:
            return text
        said = f"--read {name}={text} can't be read: give a number, true, false or JSON."
        raise ZetascopeError(said) from None


def asking_for(changes: Mapping[str, object]) -> str:
    """The words on the command line that ask for these options."""
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in changes.items()}
    return " ".join(f"--read {shlex.quote(f'{name}={value}')}" for name, value in values.items())
