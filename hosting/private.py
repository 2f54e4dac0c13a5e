"""The dashboard behind a login: like streamlit_app.py, but uploads and downloads also ask who is there.

``zetascope serve`` runs this where ``ZETASCOPE_LOGIN`` is on. Pages ask for the login themselves.
"""

from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette.starlette_auth_routes import _get_signed_cookie_from_request

from analytics.app_files import app_folder

GUARDED = ("/_stcore/upload_file", "/media")


class KnownVisitorsOnly:
    """Answers 401 on the guarded paths to everyone whose signed login cookie does not hold."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        guarded = scope["type"] == "http" and scope["path"].startswith(GUARDED)
        if guarded and not _get_signed_cookie_from_request(Request(scope), AUTH_COOKIE_NAME):
            await PlainTextResponse("Please log in.", status_code=401)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


app = st.App(app_folder() / "streamlit_app.py", middleware=[Middleware(KnownVisitorsOnly)])
