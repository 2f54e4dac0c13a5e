"""The gate's own answers: a sentence, or the page that asks for the login."""

from html import escape

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from streamlit import config
from streamlit.auth_util import get_secrets_auth_section, validate_auth_credentials
from streamlit.errors import StreamlitAuthError
from streamlit.url_util import make_url_path
from streamlit.user_info import generate_login_redirect_url

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Zetascope</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 20vh auto 0; padding: 0 1rem }}
a {{ display: inline-block; margin: 0 .5rem .5rem 0; padding: .4rem .9rem; border-radius: .5rem; color: #fff;
background: #16697a; text-decoration: none }}
</style></head><body><h1>Zetascope</h1><p>{sentence}</p>{buttons}</body></html>
"""
_NO_STORE = {"Cache-Control": "no-store"}


def base_path() -> str:
    """The path before every address, "" or "/stats"."""
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def sentence(text: str, status: int) -> Response:
    """A refusal in words."""
    return PlainTextResponse(text, status_code=status, headers=_NO_STORE)


def ask_for_login() -> Response:
    """The page that stands in front of all others."""
    names = providers()
    if not names:
        return _page("This server asks for a login, but its secrets.toml describes no provider.", {}, 401)
    one = len(names) == 1
    buttons = {"Log in" if one else f"Log in with {name}": f"auth/login?with={name}" for name in names}
    return _page("This server is private. Please log in to go on.", buttons, 401)


def not_let_in(name: str, *, nobody: bool) -> Response:
    """For who is logged in with an account that the owner did not name."""
    why = "its owner has named nobody yet, with ZETASCOPE_ALLOW" if nobody else "its owner has not named it"
    return _page(f"The account {name} may not use this server: {why}.", {"Log out": "auth/logout"}, 403)


def providers() -> list[str]:
    """Names of the providers that secrets.toml describes completely."""
    section = get_secrets_auth_section()
    names = ["default", *(name for name, value in section.items() if hasattr(value, "items"))]
    return [name for name in names if _is_complete(name)]


def _is_complete(name: str) -> bool:
    try:
        validate_auth_credentials(name)
    except StreamlitAuthError:
        return False
    return True


def way_to(provider: str) -> Response:
    """To a provider's login; its mark in the address is short-lived, so it is made when it is asked for."""
    if provider not in providers():
        return ask_for_login()
    return Response(status_code=302, headers={**_NO_STORE, "Location": generate_login_redirect_url(provider)})


def _page(text: str, buttons: dict[str, str], status: int) -> Response:
    links = "".join(
        f'<a role="button" href="{escape(make_url_path(base_path(), address))}">{escape(label)}</a>'
        for label, address in buttons.items()
    )
    body = _PAGE.format(sentence=escape(text), buttons=links)
    return HTMLResponse(body, status_code=status, headers=_NO_STORE)
