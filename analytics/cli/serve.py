"""``zetascope serve``."""

import os
import sys
from typing import Annotated

import typer

from analytics.app_files import app_folder


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
    from analytics.dashboard.app.start import checked_rules  # brings Streamlit along

    rules = checked_rules()
    if rules.settings.login and not rules.allowed.entries:
        typer.echo("Nobody can come in: name accounts or domains with ZETASCOPE_ALLOW.", err=True)
    typer.echo(f"Zetascope: http://{address}:{port}/{base_path.strip('/')}")
    sys.stdout.flush()
    flags = {
        "port": port,
        "address": address,
        "baseUrlPath": base_path,
        "headless": "true",
        "maxUploadSize": rules.settings.max_upload_mb,
        "enableXsrfProtection": str(rules.checks_forgery).lower(),
    }
    given = [f"--server.{name}={value}" for name, value in flags.items()]
    script = str(app_folder() / "streamlit_app.py")
    # In place of this process: a signal to stop reaches the server itself.
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", script, *given])
