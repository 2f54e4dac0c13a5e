"""A visitor without a browser who keeps cookies: requests, the login, a WebSocket, uploads."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

PATIENCE = 60
"""Seconds; what is waited for takes a fraction of one."""


class Guest:
    """One browser: every tab of it shares its cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers (names in lower case) of an answer, after all redirects."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"{self.url}{path}", data=body, method=method, headers=named)
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode(errors="replace")
            return answer.status, text, {name.lower(): value for name, value in answer.headers.items()}

    def status(self, path: str, **request: Any) -> int:
        """Only how it was answered."""
        return self.ask(path, **request)[0]

    def log_in(self, provider: str = "default") -> int:
        """To the provider and back; how the page after it is answered."""
        return self.status(f"/auth/login?with={provider}")

    @property
    def cookies(self) -> dict[str, str]:
        """By name."""
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    @contextmanager
    def tab(self) -> Iterator["Tab"]:
        """An open tab, in which the first page has been drawn."""
        self.ask("/_stcore/health")  # brings the cookie against forged requests
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        protocols = ["streamlit", self.cookies.get("_streamlit_xsrf", "")]
        with connect(
            address,
            subprotocols=[name for name in protocols if name],  # type: ignore[misc]
            origin=self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": held},
            max_size=None,
            open_timeout=PATIENCE,
        ) as socket:
            yield Tab(self, socket)

    def refused_tab(self) -> int:
        """The status with which a tab's connection is refused; 101 where it is not."""
        try:
            with self.tab():
                return http.client.SWITCHING_PROTOCOLS
        except InvalidStatus as refused:
            return refused.response.status_code


class Tab:
    """One session."""

    def __init__(self, guest: Guest, socket: ClientConnection) -> None:
        self.guest, self.socket = guest, socket
        message = BackMsg()
        message.rerun_script.SetInParent()
        socket.send(message.SerializeToString())
        self.session = self.wait_for("new_session").new_session.initialize.session_id

    def wait_for(self, kind: str) -> ForwardMsg:
        """The next message of this kind."""
        while True:
            data = self.socket.recv(timeout=PATIENCE)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == kind:
                return message

    def upload(self, content: bytes, *, file: str, by: Guest | None = None) -> int:
        """Put a file into this session, as its own or as another browser; the status of the answer."""
        guest = by or self.guest
        head = b'--mark\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
        token = guest.cookies.get("_streamlit_xsrf", "")
        return guest.status(
            f"/_stcore/upload_file/{self.session}/{file}",
            method="PUT",
            body=head + content + b"\r\n--mark--\r\n",
            Content_Type="multipart/form-data; boundary=mark",
            X_Xsrftoken=token,
        )
