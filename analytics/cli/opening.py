"""``zetascope open``: the dashboard with a project in it, for this machine only."""

import os
from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.files import read_bytes
from analytics.cli.serve import serve


def open_(
    project: Annotated[Path, typer.Argument(help="Project (.zeta) that the Data page saved.")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
) -> None:
    """Serve the dashboard for this machine, with a project open in it."""
    from analytics.dashboard.server.settings import variable
    from analytics.project import open_project

    open_project(read_bytes(project))  # what cannot be opened is told here, not in the browser
    os.environ[variable("open_project")] = str(project.absolute())
    serve(port, "localhost", "")
