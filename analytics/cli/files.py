"""What the commands share: reading and writing tables, telling progress, and stopping with a sentence."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from analytics.errors import ZetascopeError
from analytics.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

WRITTEN = (".csv", ".parquet")

Source = Annotated[Path, typer.Argument(help="Table to read: delimited text, Parquet, Excel or JSON lines.")]
Target = Annotated[Path, typer.Argument(help="Where to write the result: .csv or .parquet.")]


def visible(text: str) -> str:
    """Text without marks that a terminal would obey: those are shown as escapes."""
    return "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)


def say(line: str, *, error: bool = False) -> None:
    """Print one line, which may hold names and cells of a file."""
    typer.echo(visible(line), err=error)


def stop(error: Exception, *, code: int) -> NoReturn:
    """End with the sentence of an error and an exit code."""
    say(f"zetascope: {error}", error=True)
    sys.exit(code)


def read_bytes(path: Path) -> bytes:
    """A file's content; raises ZetascopeError where there is none."""
    if not path.is_file():
        raise ZetascopeError(f"There is no file {str(path)!r}.")
    return path.read_bytes()


def names_of_list(text: str) -> list[str] | None:
    """Names between commas; one that holds a comma stands in double quotes."""
    return [
        name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip()
    ] or None


def check_target(path: Path) -> None:
    """Raise ZetascopeError where ``write`` could not write, before long work begins."""
    if path.suffix.lower() not in WRITTEN:
        raise ZetascopeError(f"{path.name!r} can't be written: name it .csv or .parquet.")
    if not path.absolute().parent.is_dir():
        raise ZetascopeError(f"There is no folder {str(path.parent)!r}: create it first.")


def write(frame: "pd.DataFrame", target: Path) -> None:
    """Write in the form that the target's ending names."""
    from analytics.tables import write_csv, write_parquet

    (write_csv if target.suffix.lower() == ".csv" else write_parquet)(frame, target)


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar with the time left, on the error stream; what is yielded takes what is done and of how much."""
    with typer.progressbar(length=1, label=label, show_pos=True, file=sys.stderr) as bar:

        def tell(done: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(done - bar.pos)

        yield tell
