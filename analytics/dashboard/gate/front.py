"""The one layer in front of everything that the server answers, whichever way it was started.

A request passes in this order: the name it asks under, an address that is served at all, who asks, how much
is brought. Under a login nothing but the health check and the way to the provider answers strangers.
"""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import Response
from streamlit.auth_util import get_origin_from_redirect_uri
from streamlit.runtime import Runtime
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from analytics.dashboard.gate import answers, headers, refusals
from analytics.dashboard.gate.accounts import Account, Logins
from analytics.dashboard.gate.names import answers_to
from analytics.dashboard.gate.paths import Way, session_of_upload, way_of
from analytics.dashboard.gate.quotas import Uploads
from analytics.dashboard.gate.rules import Rules
from analytics.dashboard.gate.streams import Message, Receive, Send, Stream, Streams, belongs_to
from analytics.dashboard.server import hub_login

_OPEN = {Way.HEALTH, Way.LOGIN, Way.CALLBACK, Way.LOGOUT}
_DOORS = {Way.LOGIN, Way.CALLBACK, Way.LOGOUT}

Handler = Callable[[Message, Receive, Send, Account | None], Awaitable[None]]


class Front:
    """The layer, as ASGI middleware around Streamlit's whole application."""

    def __init__(self, app: Any, *, rules: Rules) -> None:
        self._app, self._rules = app, rules
        self._logins, self._streams = Logins(), Streams()
        self._uploads: Uploads | None = None
        self._names: frozenset[str] | None = None
        self._is_hub_login: bool | None = None
        self._handlers: dict[Way, Handler] = {
            Way.LOGIN: self._login,
            Way.CALLBACK: self._callback,
            Way.LOGOUT: self._logout,
            Way.STREAM: self._stream,
            Way.UPLOAD: self._upload,
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or let it through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        way = way_of(scope, answers.base_path())
        send = self._with_headers(way, scope, send)
        account = self._account(scope) if self._rules.settings.login else None
        refusal = self._refusal(way, scope, account)
        if refusal is not None:
            await refuse(refusal, scope, receive, send)
        elif handler := self._handlers.get(way):
            await handler(scope, receive, send, account)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, way: Way, scope: Message, account: Account | None) -> Response | None:
        if way is Way.HEALTH:
            return None
        if not self._answers_to(Headers(scope=scope).getlist("host")):
            text = "This server does not answer under this name; its owner can add it to ZETASCOPE_HOSTS."
            return answers.sentence(text, 421)
        login = self._rules.settings.login
        if way is Way.CLOSED or (way in _DOORS and not (login or self._has_hub_login())):
            return answers.sentence("Not found.", 404)
        return self._refused_account(way, account) if login and way not in _OPEN else None

    def _refused_account(self, way: Way, account: Account | None) -> Response | None:
        if account is None:
            return answers.ask_for_login() if way is Way.PAGE else answers.sentence("Please log in.", 401)
        if self._rules.allowed.lets_in(account):
            return None
        return answers.not_let_in(account.name, nobody=not self._rules.allowed.entries)

    def _answers_to(self, hosts: list[str]) -> bool:
        if self._names is None:
            # Read at the first request: Streamlit loads secrets.toml after it has built its layers.
            origin = get_origin_from_redirect_uri() if self._rules.settings.login else None
            named = {origin.partition("://")[2].partition(":")[0].lower()} if origin else set()
            self._names = self._rules.names | named
        return len(hosts) == 1 and answers_to(hosts[0], self._names)

    def _has_hub_login(self) -> bool:
        """Whether visitors of an open Space may say who they are on the Hub; nobody has to."""
        if self._is_hub_login is None:
            self._is_hub_login = hub_login.is_offered()  # with the first request, as the names are
        return self._is_hub_login

    def _account(self, scope: Message) -> Account | None:
        # The first header alone, as Streamlit reads it: both must see the same account.
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        return self._logins.account(_get_signed_cookie_with_chunks(cookies, USER_COOKIE_NAME))

    async def _login(self, scope: Message, receive: Receive, send: Send, _account: Account | None) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if "with" in query:
            await answers.way_to(query["with"][0])(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _callback(self, scope: Message, receive: Receive, send: Send, _account: Account | None) -> None:
        """The one place where a login becomes known: Streamlit has asked the provider and sets its cookie."""

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookies = set_cookies(message)
                if content := _get_signed_cookie_with_chunks(cookies, USER_COOKIE_NAME):
                    self._logins.remember(content)
            await send(message)

        await self._app(scope, receive, remembering)

    async def _logout(self, scope: Message, receive: Receive, send: Send, account: Account | None) -> None:
        if account is not None:
            self._logins.forget(account)
            await self._streams.end_all_of(account, go_to=f"{answers.base_path()}/")
        await self._app(scope, receive, send)

    async def _stream(self, scope: Message, receive: Receive, send: Send, account: Account | None) -> None:
        if len(self._streams) >= self._rules.settings.sessions:
            busy = answers.sentence("This server has all the visitors it can serve; come back later.", 503)
            await refuse(busy, scope, receive, send)
        else:
            await self._streams.run(self._app, scope, Stream(account, receive, send))

    async def _upload(self, scope: Message, receive: Receive, send: Send, account: Account | None) -> None:
        name = session_of_upload(scope["path"], answers.base_path())
        session = Runtime.instance().get_app_session(name)
        if account is not None and session is not None and not belongs_to(session, account):
            await answers.sentence("This is another visitor's session.", 403)(scope, receive, send)
        elif scope["method"] != "PUT" or session is None:
            await self._app(scope, receive, send)
        else:
            await self._take_in(session, scope, receive, send)

    async def _take_in(self, session: Any, scope: Message, receive: Receive, send: Send) -> None:
        if self._uploads is None:
            stored = Runtime.instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
            self._uploads = Uploads.limited_by(self._rules.settings, stored)
        uploads, taken, name = self._uploads, 0, session.id

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            try:
                uploads.take(name, size, taken=taken)
            except HTTPException as over:
                refusals.tell(session, over.detail)
                if message.get("more_body", False):
                    await drain(receive, most=uploads.of_a_file)
                raise
            return message

        length = Headers(scope=scope).get("content-length", "")[:20]
        announced = int(length) if length.isascii() and length.isdigit() else 0
        try:
            uploads.begin(name, size=announced)
        except HTTPException as over:
            refusals.tell(session, over.detail)
            await drain(receive, most=uploads.of_a_file)
            await answers.sentence(over.detail, over.status_code)(scope, receive, send)
            return
        with ExitStack() as on_its_way:
            on_its_way.callback(lambda: uploads.end(name, size=announced, taken=taken))

            async def answering(message: Message) -> None:
                on_its_way.close()  # it is stored: from here on it would count twice
                await send(message)

            await self._app(scope, counting, answering)

    def _with_headers(self, way: Way, scope: Message, send: Send) -> Send:
        if scope["type"] == "websocket":
            return send
        own = headers.for_files if way in (Way.MEDIA, Way.UPLOAD) else headers.for_pages
        policy = own(self._rules.ancestors)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(policy)
            await send(message)

        return sending


def set_cookies(message: Message) -> dict[str, str]:
    """The cookies that an answer sets."""
    found: dict[str, str] = {}
    for line in Headers(raw=message["headers"]).getlist("set-cookie"):
        found |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
    return found


async def drain(receive: Receive, *, most: int) -> None:
    """Let a file pass by unread: a browser that is cut off while it sends never sees the answer."""
    passed, more = 0, True
    while more and passed <= most:
        message = await receive()
        passed += len(message.get("body", b""))
        more = message.get("more_body", False)


async def refuse(response: Response, scope: Message, receive: Receive, send: Send) -> None:
    """Send an answer; a WebSocket that has not been accepted takes none but status 403."""
    if scope["type"] == "http":
        await response(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})
