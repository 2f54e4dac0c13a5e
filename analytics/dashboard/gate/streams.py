"""The open connections of browser tabs: how many there may be, and how those of an account end."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.runtime_util import serialize_forward_msg

from analytics.dashboard.gate.accounts import Account, account_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_IN_SCOPE = "zetascope.stream"
_POLICY_VIOLATION = 1008


class Stream:
    """One WebSocket, which the server can end from its side."""

    def __init__(self, account: Account | None, receive: Receive, send: Send) -> None:
        self.account = account
        self._receive, self._send = receive, send
        self._ended = asyncio.Event()

    async def receive(self) -> Message:
        """The next message of the browser; that it has gone, once the stream has been ended."""
        coming = asyncio.ensure_future(self._receive())
        ended = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait({coming, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
        if not self._ended.is_set():
            return await coming
        coming.cancel()
        return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}

    async def send(self, message: Message) -> None:
        """What Streamlit sends; nothing after the end."""
        if not self._ended.is_set():
            await self._send(message)

    async def end(self, *, go_to: str = "") -> None:
        """Take nothing more from the browser; it is sent to an address first, if one is given."""
        if self._ended.is_set():
            return
        self._ended.set()
        with suppress(Exception):  # the browser may have gone by itself
            if go_to:
                await self._send({"type": "websocket.send", "bytes": _redirect(go_to)})
            await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})


def _redirect(address: str) -> bytes:
    message = ForwardMsg()
    message.auth_redirect.url = address
    return serialize_forward_msg(message)


class Streams:
    """All of this server."""

    def __init__(self) -> None:
        self._open: set[Stream] = set()

    def __len__(self) -> int:
        return len(self._open)

    async def run(self, app: Any, scope: Message, stream: Stream) -> None:
        """Let Streamlit serve one until it ends."""
        self._open.add(stream)
        scope[_IN_SCOPE] = stream
        try:
            await app(scope, stream.receive, stream.send)
        finally:
            self._open.discard(stream)

    async def end_all_of(self, account: Account, *, go_to: str) -> None:
        """End its sessions, open or waiting to come back, and its connections.

        Its tabs are sent to ``go_to``, but not the one that logs out: that is on its way to the provider.
        """
        runtime = Runtime.instance()
        sent_away: list[Stream] = []
        for session in [info.session for info in runtime._session_mgr.list_sessions()]:
            if not belongs_to(session, account):
                continue
            client = runtime.get_client(session.id)
            if client is not None:
                sent_away.append(client._websocket.scope[_IN_SCOPE])  # type: ignore[attr-defined]
            runtime.close_session(session.id)
        for stream in sent_away:
            await stream.end(go_to=go_to)
        for stream in [stream for stream in self._open if stream.account == account]:
            await stream.end()


def belongs_to(session: Any, account: Account) -> bool:
    """Whether a session of Streamlit's is this account's."""
    return account_of(session._user_info) == account
