"""``zetascope standardize``, ``apply`` and ``self-test``."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.clean import recipe_in
from analytics.cli.engines import (
    BadFiles,
    Connect,
    EngineName,
    Master,
    Memory,
    apply_big,
    engine_of,
    standardize_big,
)
from analytics.cli.files import Source, Target, check_target, names_of_list, read_bytes, say, write
from analytics.cli.reading import ReadAs, options_of, read_telling
from analytics.errors import ZetascopeError
from analytics.words import count

if TYPE_CHECKING:
    import pandas as pd

    from analytics.numbers import Standardizer
    from analytics.numbers.basics.parameters import Label
    from analytics.recipe import Made, Recipe
    from analytics.tables import Table

_Replace = Annotated[
    bool, typer.Option("--replace", help="Put scores in place of the columns, not beside them.")
]


def standardize(
    source: Source,
    target: Target,
    method: Annotated[
        str,
        typer.Option(
            help="zscore, robust, iqr, minmax, maxabs, rank_gauss, yeo_johnson, or advised: what suits each "
            "column, with the reason."
        ),
    ] = "zscore",
    column_method: Annotated[
        list[str], typer.Option(help="Another method for one column, as price=yeo_johnson; repeatable.")
    ] = [],  # noqa: B006, typer copies it
    by: Annotated[str, typer.Option(help="Columns that make the groups, with commas between.")] = "",
    columns: Annotated[
        str, typer.Option(help="Columns to score, separated by commas; default: all numbers.")
    ] = "",
    ddof: Annotated[int, typer.Option(help="0 divides the variance by n, 1 by n - 1.")] = 0,
    json: Annotated[Path | None, typer.Option(help="Also write the fitted transform here.")] = None,
    script: Annotated[Path | None, typer.Option(help="Also write a Python script that repeats this.")] = None,
    replace: _Replace = False,
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
    """Score the numbers of a table and write it with a column name_z beside each."""
    big = engine_of(engine, master, connect, memory, bad_files)
    if big:
        if script or read_as or column_method or method == "advised":
            raise ZetascopeError(
                "--script, --read, --column-method and advised methods are for tables in memory: leave them "
                "out with --engine."
            )
        choices = {"method": method, "ddof": ddof, "columns": names_of_list(columns), "by": names_of_list(by)}
        mode = "replace" if replace else "add"
        steps = recipe_in(recipe) if recipe else None
        standardize_big(big, source, target, choices, recipe=steps, json=json, mode=mode)
        return
    from analytics.numbers import Standardizer
    from analytics.numbers.standardizing.fitting import apply_parameters

    check_target(target)
    steps = _recipe(recipe, read_as)
    as_read = read_telling(source, steps.read)
    table = _after(steps, as_read)
    steps = dataclasses.replace(steps, file=steps.file or as_read.sha256)
    usual, chosen = method, names_of_list(columns)
    methods = _methods_by_column(column_method)
    if method == "advised":
        usual, chosen, advised = _advised(table.frame, chosen, names_of_list(by))
        methods = {**advised, **methods}
    made = Standardizer(usual, methods=methods, ddof=ddof, columns=chosen, by=names_of_list(by)).fit(
        table.frame
    )
    made.with_source(name=source.name, sha256=table.sha256, recipe=steps.to_json())
    _write_scored(table.frame, apply_parameters(made.parameters_, table.frame), target, replace=replace)
    if json:
        json.write_text(made.to_json(), encoding="utf-8")
    if script:
        _write_script(script, made, source, as_read, target, json=json, replace=replace, recipe=steps)
    _say_notes(made)


def _methods_by_column(given: list[str]) -> "dict[Label, str]":
    """Column and method of each ``price=yeo_johnson``; names may hold an equals sign."""
    pairs = [one.rpartition("=") for one in given]
    for one, (name, sign, method) in zip(given, pairs, strict=True):
        if not (name and sign and method):
            raise ZetascopeError(f"--column-method {one!r} names no column and method: write price=robust.")
    return {name.strip(): method.strip() for name, _, method in pairs}


def _advised(
    frame: "pd.DataFrame", columns: list[str] | None, by: list[str] | None
) -> tuple[str, list[str], "dict[Label, str]"]:
    """The usual method, the columns that vary and the method of each; says why."""
    from analytics.numbers import advise_methods
    from analytics.numbers.basics.selection import choose_columns

    advice = advise_methods(frame, columns=choose_columns(frame, columns=columns, by=by or ()))
    for one in advice:
        say(f"{one.column}: {'left out' if one.leave_out else one.method}, {one.reason}.")
    kept = [one for one in advice if not one.leave_out]
    if not kept:
        raise ZetascopeError("No column of numbers varies, so there is nothing to score.")
    return "zscore", [str(one.column) for one in kept], {str(one.column): one.method for one in kept}


def apply(
    transform: Annotated[Path, typer.Argument(help="Transform file (JSON) written by standardize --json.")],
    source: Source,
    target: Target,
    replace: _Replace = False,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
    engine: EngineName = "",
    master: Master = "",
    connect: Connect = "",
    memory: Memory = "",
    bad_files: BadFiles = "refuse",
) -> None:
    """Score another table with a transform fitted earlier, and report what is new and what has drifted.

    It is read as the first one was, and takes the same steps before, unless --read says how to read it.
    """
    big = engine_of(engine, master, connect, memory, bad_files)
    if big:
        if read_as:
            raise ZetascopeError("--read is for tables in memory: leave it out with --engine.")
        apply_big(big, transform, source, target, mode="replace" if replace else "add")
        return
    from analytics.numbers import Standardizer, apply_to_file
    from analytics.recipe import Recipe

    check_target(target)
    fitted = Standardizer.from_json(read_bytes(transform))
    steps = Recipe.from_json(fitted.parameters_.recipe) if fitted.parameters_.recipe else Recipe()
    if read_as:
        steps = dataclasses.replace(steps, read=options_of(read_as))
    table = _after(steps, read_telling(source, steps.read))
    report = apply_to_file(fitted, table.frame)
    _write_scored(table.frame, report.scores, target, replace=replace)
    for sentence in report.sentences():
        say(sentence)


def self_test() -> None:
    """Compute NIST's certified univariate figures and print how many digits are right."""
    from analytics.numbers.standardizing.accuracy import self_test as results

    typer.echo(f"{'data set':<10}{'n':>6}{'certified sd':>24}{'computed sd':>24}{'mean':>7}{'sd':>7}  digits")
    for one in results():
        typer.echo(
            f"{one.name:<10}{one.n:>6}{one.certified_sd:>24.15g}{one.sd:>24.15g}"
            f"{one.mean_digits:>7.1f}{one.sd_digits:>7.1f}"
        )


def _recipe(path: Path | None, read_as: list[str]) -> "Recipe":
    """The recipe in a file, or one without steps that reads as asked."""
    from analytics.recipe import Recipe

    if path and read_as:
        raise ZetascopeError("--read and --recipe both say how to read the table: leave one out.")
    return recipe_in(path) if path else Recipe(options_of(read_as))


def _after(recipe: "Recipe", table: "Table") -> "Made":
    """The table after the steps; on the error stream, what each of them did."""
    made = recipe.apply(table)
    for number, account in enumerate(made.account, start=1):
        say(f"{number}. {account.sentence()}", error=True)
    return made


def _write_scored(frame: "pd.DataFrame", scores: "pd.DataFrame", target: Path, *, replace: bool) -> None:
    from analytics.numbers import with_scores

    result = with_scores(frame, scores, mode="replace" if replace else "add")
    write(result, target)
    say(f"{target}: {count(len(result), 'row')}, {count(scores.shape[1], 'column')} scored.")


def _write_script(
    path: Path,
    made: "Standardizer",
    source: Path,
    table: "Table",
    target: Path,
    *,
    json: Path | None,
    replace: bool,
    recipe: "Recipe",
) -> None:
    """The script, and beside it a Parquet copy of the table where pandas alone can't read the original."""
    from analytics.reproduce import cleaning, pandas_reading, standardize_script

    if json is None:
        raise ZetascopeError("The script needs the transform file: add --json NAME.json.")
    reading = pandas_reading(table, read_bytes(source), file_name=source.name)
    if not reading.original:
        write(table.frame, path.with_name(reading.file_name))
        say(f"{reading.file_name}: the table as it was read, for the script.")
    code = standardize_script(
        made,
        reading=reading,
        transform=json.name,
        target=target.name,
        mode="replace" if replace else "add",
        steps=cleaning(recipe, table),
    )
    path.write_text(code, encoding="utf-8")


def _say_notes(made: "Standardizer") -> None:
    for column, group, note in made.summary()[["column", "group", "note"]].itertuples(index=False, name=None):
        if note:
            say(f"{column}{f' ({group})' if group else ''}: {note}.")
