"""``zetascope serve``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from analytics.app_files import app_folder
from analytics.dashboard.server.settings import read_settings


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    address: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.")
    ] = "localhost",
    base_path: Annotated[
        str, typer.Option(help="The path before every address, where another server passes requests on.")
    ] = "",
) -> None:
    """Serve the dashboard, for this machine only unless another address is given."""
    settings = read_settings()
    script = app_folder() / ("hosting/private.py" if settings.login else "streamlit_app.py")
    if settings.login:
        _stand_beside_our_config()
    typer.echo(f"Zetascope: http://{address}:{port}/{base_path.strip('/')}")
    sys.stdout.flush()
    flags = {
        "port": port,
        "address": address,
        "baseUrlPath": base_path,
        "headless": "true",
        "maxUploadSize": settings.max_upload_mb,
    }
    given = [f"--server.{name}={value}" for name, value in flags.items()]
    # In place of this process: a signal to stop reaches the server itself.
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(script), *given])


def _stand_beside_our_config() -> None:
    """Streamlit looks for it in the script's folder and in this one, and hosting/ has none.

    The owner's secrets are still found where the command was given.
    """
    secrets = Path.cwd() / ".streamlit" / "secrets.toml"
    if secrets.is_file():
        os.environ.setdefault("STREAMLIT_SECRETS_FILES", str(secrets))
    os.chdir(app_folder())
