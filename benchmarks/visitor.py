"""A visitor without a browser: speaks Streamlit's own WebSocket protocol to a real server.

Knows as much of it as the load test needs: open pages, change widgets, click, upload, follow fragments that
refresh themselves, and read what was drawn.
"""

import asyncio
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
MESSAGE_LIMIT = 256 * 1024**2
STILL_LOADING = "What this page needs is loading"
"""What a page says until its libraries are there; that wait belongs to a first interaction."""


@dataclass
class Visitor:
    """One browser tab. ``seconds`` collects how long each interaction took until its run had finished."""

    url: str
    name: str
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    refreshes: dict[str, float] = field(default_factory=dict)
    _of_this_run: dict[str, float] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    page: str = ""
    session_id: str = ""
    socket: ClientConnection | None = None

    async def open(self, page: str = "") -> None:
        """Connect and draw the first page."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(
            address, subprotocols=["streamlit"], origin=self.url, max_size=MESSAGE_LIMIT, open_timeout=60
        )
        state = ClientState(page_name=page)
        started = time.monotonic()
        await self.interact(state, counted=False)
        while self.shows(STILL_LOADING):
            self.elements.clear()
            await asyncio.sleep(0.5)
            await self.interact(self._state(), counted=False)
        self.seconds.append(time.monotonic() - started)

    async def close(self) -> None:
        """Close the tab."""
        assert self.socket
        await self.socket.close()

    async def go_to(self, page: str) -> None:
        """Change to a page by its address."""
        self.page = self.pages[page]
        self.refreshes.clear()
        self.elements.clear()
        await self.interact(self._state())

    async def change(self, label: str, **value: Any) -> None:
        """Give the widget of this label a value, such as ``string_value="robust"``."""
        widget = self.element(label)
        self.widgets[widget.id] = WidgetState(id=widget.id, **value)
        await self.interact(self._state())

    async def click(self, label: str) -> None:
        """Click a button."""
        state = self._state()
        state.widget_states.widgets.append(WidgetState(id=self.element(label).id, trigger_value=True))
        await self.interact(state)

    async def upload(self, content: bytes, *, name: str) -> None:
        """Put a file into the page's uploader."""
        assert self.socket
        uploader = self.element("Your file")
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session_id
        await self.socket.send(message.SerializeToString())
        answer = await self._receive("file_urls_response")
        urls = answer.file_urls_response.file_urls[0]
        await asyncio.to_thread(put_file, self.url, urls.upload_url, name, content)
        info = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(content), file_urls=urls)
        state = self._state()
        state.widget_states.widgets.append(
            WidgetState(
                id=uploader.id, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info])
            )
        )
        await self.interact(state)

    async def wait_for(self, text: str, *, seconds: float) -> bool:
        """Follow refreshing fragments until ``text`` is drawn."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.shows(text):
                return True
            for fragment in list(self.refreshes):
                state = self._state()
                state.fragment_id, state.is_auto_rerun = fragment, True
                await self.interact(state, counted=False)
            await asyncio.sleep(0.5)
        return self.shows(text)

    def shows(self, text: str) -> bool:
        """Whether any drawn element holds ``text``."""
        wanted = text.encode()
        return any(wanted in element.SerializeToString() for element in self.elements.values())

    def element(self, label: str) -> Any:
        """The drawn widget with this label."""
        for element in self.elements.values():
            widget = getattr(element, element.WhichOneof("type") or "", None)
            if widget is not None and getattr(widget, "label", None) == label:
                return widget
        raise LookupError(f"{self.name} sees no widget {label!r}")

    async def interact(self, state: ClientState, *, counted: bool = True) -> None:
        """Send one rerun and read until it, and what it started, has finished."""
        assert self.socket
        message = BackMsg()
        message.rerun_script.CopyFrom(state)
        started = time.monotonic()
        await self.socket.send(message.SerializeToString())
        while True:
            answer = await self._receive("script_finished")
            if answer.script_finished != AGAIN:
                break
        if counted:
            self.seconds.append(time.monotonic() - started)

    def _state(self) -> ClientState:
        state = ClientState(page_script_hash=self.page, query_string=urlencode(self.query))
        state.widget_states.widgets.extend(self.widgets.values())
        return state

    async def _receive(self, kind: str) -> ForwardMsg:
        assert self.socket
        while True:
            data = await asyncio.wait_for(self.socket.recv(), timeout=120)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            self._take(message)
            if message.WhichOneof("type") == kind:
                return message

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
            self._of_this_run = {}
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self.page = self.page or message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self._of_this_run[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "script_finished":
            # A run of the whole page says itself what refreshes from then on.
            if message.script_finished == ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY:
                self.refreshes.clear()
            self.refreshes.update(self._of_this_run)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.elements[tuple(message.metadata.delta_path)] = element
            self._take_value(element)
            if element.WhichOneof("type") == "exception":
                self.errors.append(element.exception.message)

    def _take_value(self, element: Any) -> None:
        """A list whose choice the server has changed: a browser says so from then on, and in its address."""
        if element.WhichOneof("type") == "selectbox" and element.selectbox.set_value:
            chosen = element.selectbox
            self.widgets[chosen.id] = WidgetState(id=chosen.id, string_value=chosen.raw_value)
            if chosen.query_param_key:
                self.query[chosen.query_param_key] = chosen.raw_value


def put_file(url: str, path: str, name: str, content: bytes) -> None:
    """What the browser does with a file: a multipart PUT that carries the XSRF cookie."""
    health = urllib.request.urlopen(f"{url}/_stcore/health", timeout=30)
    cookie = (health.headers.get("Set-Cookie") or "").split(";")[0]
    mark = "zetascope-load"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    request = urllib.request.Request(
        f"{url}{path}", data=head + content + f"\r\n--{mark}--\r\n".encode(), method="PUT"
    )
    request.add_header("Content-Type", f"multipart/form-data; boundary={mark}")
    request.add_header("Cookie", cookie)
    request.add_header("X-Xsrftoken", cookie.partition("=")[2])
    urllib.request.urlopen(request, timeout=60)
