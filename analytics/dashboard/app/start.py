"""What the server is put together from, whichever way it is started."""

import sys

from starlette.middleware import Middleware

from analytics.dashboard.app.catalog import shown_pages
from analytics.dashboard.gate.front import Front
from analytics.dashboard.gate.rules import Rules
from analytics.dashboard.server.settings import SettingsError


def checked_rules() -> Rules:
    """The owner's settings, all of them read; raises SettingsError where that fails."""
    rules = Rules.of_environment()
    shown_pages()
    return rules


def layers() -> list[Middleware]:
    """The gate; a setting that cannot be read ends the process with one sentence."""
    try:
        rules = checked_rules()
    except SettingsError as error:
        sys.exit(f"zetascope: {error}")
    return [Middleware(Front, rules=rules)]
