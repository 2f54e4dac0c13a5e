"""The command line: the same functions without a browser."""

import csv
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.errors import ZetascopeError
from analytics.memory import give_back

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analytics.numbers import Standardizer
    from analytics.tables import Table
    from analytics.text import Projection, TextColumn

FAILED = 1
WRITTEN = (".csv", ".parquet")

app = typer.Typer(
    name="zetascope",
    help="Standard scores and text maps from the command line, as the dashboard makes them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Source = Annotated[Path, typer.Argument(help="Table to read: delimited text, Parquet, Excel or JSON lines.")]
Target = Annotated[Path, typer.Argument(help="Where to write the result: .csv or .parquet.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="Put scores in place of the columns, not beside them.")
]


@app.command()
def standardize(
    source: Source,
    target: Target,
    method: Annotated[
        str, typer.Option(help="zscore, robust, iqr, minmax, maxabs, rank_gauss or yeo_johnson.")
    ] = "zscore",
    by: Annotated[str, typer.Option(help="Columns that make the groups, with commas between.")] = "",
    columns: Annotated[
        str, typer.Option(help="Columns to score, separated by commas; default: all numbers.")
    ] = "",
    ddof: Annotated[int, typer.Option(help="0 divides the variance by n, 1 by n - 1.")] = 0,
    json: Annotated[Path | None, typer.Option(help="Also write the fitted transform here.")] = None,
    script: Annotated[Path | None, typer.Option(help="Also write a Python script that repeats this.")] = None,
    replace: Replace = False,
) -> None:
    """Score the numbers of a table and write it with a column name_z beside each."""
    from analytics.numbers import Standardizer
    from analytics.numbers.standardizing.fitting import apply_parameters

    _check_target(target)
    table = _read(source)
    made = Standardizer(method, ddof=ddof, columns=_names(columns), by=_names(by)).fit(table.frame)
    made.with_source(name=source.name, sha256=table.sha256)
    _write_scored(table.frame, apply_parameters(made.parameters_, table.frame), target, replace=replace)
    if json:
        json.write_text(made.to_json(), encoding="utf-8")
    if script:
        _write_script(script, made, source, table, target, json=json, replace=replace)
    _say_notes(made)


@app.command()
def apply(
    transform: Annotated[Path, typer.Argument(help="Transform file (JSON) written by standardize --json.")],
    source: Source,
    target: Target,
    replace: Replace = False,
) -> None:
    """Score another table with a transform fitted earlier, and report what is new and what has drifted."""
    from analytics.numbers import Standardizer, apply_to_file

    _check_target(target)
    fitted = Standardizer.from_json(_bytes(transform))
    table = _read(source)
    report = apply_to_file(fitted, table.frame)
    _write_scored(table.frame, report.scores, target, replace=replace)
    for sentence in report.sentences():
        typer.echo(sentence)


@app.command("map")
def map_texts(
    source: Source,
    target: Target,
    column: Annotated[str, typer.Option(help="The column with the texts.")],
    model: Annotated[
        str, typer.Option(help="all-MiniLM-L6-v2, a local folder, or an id of the Hugging Face Hub.")
    ] = "all-MiniLM-L6-v2",
    n_neighbors: Annotated[int, typer.Option(help="Neighbours UMAP keeps, the text itself included.")] = 15,
    min_dist: Annotated[float, typer.Option(help="How near to each other UMAP may lay two texts.")] = 0.1,
    dimensions: Annotated[int, typer.Option(help="2 or 3.")] = 2,
    seed: Annotated[int, typer.Option(help="The same seed gives the same map on the same machine.")] = 42,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Map this many rows only, evenly spread; default: all.")
    ] = None,
    vectors: Annotated[Path | None, typer.Option(help="Also write the vectors here, as .npy.")] = None,
) -> None:
    """Map the texts of a column: coordinates, trust, neighbours, clusters, duplicates and unusual texts."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its warnings are about training
    from analytics.numbers.basics.selection import require_columns
    from analytics.text import (
        cluster,
        map_table,
        near_duplicates,
        project,
        semantic_outliers,
        text_column,
        vectors_per_row,
        write_vectors,
    )

    _check_target(target)
    frame = _read(source).frame
    require_columns(frame, [column])
    texts = text_column(frame[column], limit=limit)
    encoded, read_share = _encoded(texts.texts, model)
    give_back()  # the model, before the layout needs as much
    with _progress("Laying out") as progress:
        projection = project(
            encoded, n_neighbors=n_neighbors, min_dist=min_dist, dimensions=dimensions, seed=seed,
            progress=progress,
        )  # fmt: skip
    table = map_table(
        frame,
        texts.rows,
        projection,
        clusters=cluster(projection, texts.texts),
        duplicates=near_duplicates(projection.neighbors),
        unusual=semantic_outliers(projection.neighbors),
        read_share=read_share,
    )
    _write(table, target)
    if vectors:
        vectors.write_bytes(write_vectors(vectors_per_row(encoded, texts.rows, len(frame))))
    _say_map(target, len(frame), texts, projection)


@app.command("self-test")
def self_test() -> None:
    """Compute NIST's certified univariate figures and print how many digits are right."""
    from analytics.numbers.standardizing.accuracy import self_test as results

    typer.echo(f"{'data set':<10}{'n':>6}{'certified sd':>24}{'computed sd':>24}{'mean':>7}{'sd':>7}  digits")
    for one in results():
        typer.echo(
            f"{one.name:<10}{one.n:>6}{one.certified_sd:>24.15g}{one.sd:>24.15g}"
            f"{one.mean_digits:>7.1f}{one.sd_digits:>7.1f}"
        )


def main() -> None:
    """Run the command line; what a user can put right is told in one sentence, with exit code 1."""
    try:
        app()
    except (ZetascopeError, OSError) as error:
        typer.echo(f"zetascope: {error}", err=True)
        sys.exit(FAILED)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, on the error stream; what is yielded takes what is done and of how much."""
    with typer.progressbar(length=1, label=label, show_pos=True, file=sys.stderr) as bar:

        def tell(done: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(done - bar.pos)

        yield tell


def _names(text: str) -> list[str] | None:
    """Names between commas; one that holds a comma stands in double quotes."""
    return [
        name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip()
    ] or None


def _encoded(texts: "Sequence[str]", model: str) -> "tuple[np.ndarray, np.ndarray]":
    """Vectors of the texts, those known from the cache, and how much of each was read."""
    from analytics.text import encode_cached, load_encoder, open_cache

    encoder = load_encoder(model)
    with _progress("Reading texts") as progress:
        found = encode_cached(encoder, texts, store=open_cache(), role="document", progress=progress)
    return found.vectors, encoder.read_share(texts)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise ZetascopeError(f"There is no file {str(path)!r}.")
    return path.read_bytes()


def _read(path: Path) -> "Table":
    from analytics.tables import read_table

    return read_table(_bytes(path), name=path.name)


def _check_target(path: Path) -> None:
    if path.suffix.lower() not in WRITTEN:
        raise ZetascopeError(f"{path.name!r} can't be written: name it .csv or .parquet.")
    if not path.absolute().parent.is_dir():
        raise ZetascopeError(f"There is no folder {str(path.parent)!r}: create it first.")


def _write(frame: "pd.DataFrame", target: Path) -> None:
    from analytics.tables.writing.writing import write_csv, write_parquet

    (write_csv if target.suffix.lower() == ".csv" else write_parquet)(frame, target)


def _write_scored(frame: "pd.DataFrame", scores: "pd.DataFrame", target: Path, *, replace: bool) -> None:
    from analytics.numbers import with_scores

    result = with_scores(frame, scores, mode="replace" if replace else "add")
    _write(result, target)
    typer.echo(f"{target}: {len(result):,} rows, {scores.shape[1]:,} columns scored.")


def _write_script(
    path: Path,
    made: "Standardizer",
    source: Path,
    table: "Table",
    target: Path,
    *,
    json: Path | None,
    replace: bool,
) -> None:
    """The script, and beside it a Parquet copy of the table where pandas alone can't read the original."""
    from analytics.reproduce import pandas_reading, standardize_script
    from analytics.tables.writing.writing import write_parquet

    if json is None:
        raise ZetascopeError("The script needs the transform file: add --json NAME.json.")
    reading = pandas_reading(table, source.read_bytes(), file_name=source.name)
    if not reading.original:
        write_parquet(table.frame, path.with_name(reading.file_name))
        typer.echo(f"{reading.file_name}: the table as it was read, for the script.")
    code = standardize_script(
        made, reading=reading, transform=json.name, target=target.name, mode="replace" if replace else "add"
    )
    path.write_text(code, encoding="utf-8")


def _say_notes(made: "Standardizer") -> None:
    for column, group, note in made.summary()[["column", "group", "note"]].itertuples(index=False, name=None):
        if note:
            typer.echo(f"{column}{f' ({group})' if group else ''}: {note}.")


def _say_map(target: Path, rows: int, texts: "TextColumn", projection: "Projection") -> None:
    left_out = f", {rows - len(texts.rows):,} not on it" if len(texts.rows) < rows else ""
    typer.echo(
        f"{target}: {rows:,} rows, {len(texts.rows):,} on the map{left_out}; trustworthiness "
        f"{projection.trustworthiness:.4f}, continuity {projection.continuity:.4f}."
    )
