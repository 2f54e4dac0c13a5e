"""The command ``zetascope``: what its commands are called, and what happens when one cannot go on."""

import sys
from typing import Annotated

import typer

import analytics
from analytics.cli.ask import ask, evaluate
from analytics.cli.clean import clean
from analytics.cli.compare import compare
from analytics.cli.engines import embed, outliers
from analytics.cli.files import stop
from analytics.cli.opening import open_
from analytics.cli.profile import profile
from analytics.cli.scores import apply, self_test, standardize
from analytics.cli.serve import serve
from analytics.cli.text_map import map_texts
from analytics.errors import ZetascopeError

FAILED = 1

app = typer.Typer(
    name="zetascope",
    help="Zetascope's dashboard, and its scores, profiles and text maps without a browser.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command("open")(open_)
app.command()(profile)
app.command()(clean)
app.command()(compare)
app.command()(standardize)
app.command()(apply)
app.command()(outliers)
app.command()(embed)
app.command("map")(map_texts)
app.command()(ask)
app.command()(evaluate)
app.command("self-test")(self_test)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zetascope {analytics.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Zetascope's dashboard, and its scores, profiles and text maps without a browser."""


def main() -> None:
    """Run the command line; what a user can put right is told in one sentence, with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is shown escaped, not a reason to fail.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except (ZetascopeError, OSError) as error:
        stop(error, code=FAILED)
