"""Signing in on the Hub inside a Space: its OAuth, through Streamlit's own login.

A Space whose README says ``hf_oauth`` finds a client of its own in the environment. It becomes a provider in
Streamlit's secrets, in memory only. An owner's own ``[auth]`` goes before it.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from analytics.dashboard.server.settings import read_settings

PROVIDER = "huggingface"
_GIVEN = ("SPACE_HOST", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OPENID_PROVIDER_URL")
_ALWAYS = "openid profile"
"""Scopes of every Space; the others stand in its README and come by ``OAUTH_SCOPES``."""


def section_of(environment: Mapping[str, str]) -> dict[str, Any] | None:
    """The ``[auth]`` section that a Space's environment makes; None where it has no OAuth."""
    if not environment.get("SPACE_ID") or not all(environment.get(name) for name in _GIVEN):
        return None
    scopes = environment.get("OAUTH_SCOPES", "").split()
    return {
        "redirect_uri": f"{_origin(environment)}/oauth2callback",
        "cookie_secret": secrets.token_hex(32),
        PROVIDER: {
            "client_id": environment["OAUTH_CLIENT_ID"],
            "client_secret": environment["OAUTH_CLIENT_SECRET"],
            "server_metadata_url": f"{environment['OPENID_PROVIDER_URL'].rstrip('/')}"
            "/.well-known/openid-configuration",
            "client_kwargs": {"scope": " ".join(dict.fromkeys([*_ALWAYS.split(), *scopes]))},
        },
    }


def is_offered() -> bool:
    """Whether visitors may sign in on the Hub by its OAuth; makes it so at the first call.

    Not before Streamlit has read the owner's secrets, that is not before the first request.
    """
    if not read_settings().hub:
        return False
    if not get_secrets_auth_section():  # which reads secrets.toml: what is merged before would hide it
        section = section_of(os.environ)
        if section is None:
            return False
        secrets_singleton.merge_programmatic_secrets({"auth": section})
    return _is_ours(get_secrets_auth_section().get(PROVIDER))


def address() -> str:
    """Where the login begins: in a tab of its own, because browsers keep cookies from a Space's frame."""
    return f"{_origin(os.environ)}/auth/login?with={PROVIDER}"


def access_token() -> str | None:
    """The token of who came by that login; never one that another provider has given.

    Read from the cookies of this tab's connection: in a Space the guard against forged uploads is off, and
    then Streamlit leaves ``st.user`` empty. Browsers send these cookies to no connection from another site.
    """
    if not is_offered():
        return None
    claims, tokens = _kept(USER_COOKIE_NAME), _kept(TOKENS_COOKIE_NAME)
    ours = claims.get("is_logged_in") is True and claims.get("provider") == PROVIDER
    token = tokens.get("access_token")
    return token if ours and claims.get("origin") == _origin(os.environ) and isinstance(token, str) else None


def _kept(name: str) -> dict[str, Any]:
    """What Streamlit signed into a cookie at the login."""
    try:
        found = json.loads(_get_signed_cookie_with_chunks(st.context.cookies.to_dict(), name) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_ours(section: Any) -> bool:
    return bool(section) and section.get("client_id") == os.environ.get("OAUTH_CLIENT_ID")


def _origin(environment: Mapping[str, str]) -> str:
    """Spaces speak HTTPS; a Space that is tried on one's own machine does not."""
    host = environment["SPACE_HOST"]
    return f"{'http' if host.partition(':')[0] == 'localhost' else 'https'}://{host}"
