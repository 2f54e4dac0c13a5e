"""The one way to the Hub: its own client, with limits on waiting, and no token but the one that is given."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from analytics.hub.errors import HubError

if TYPE_CHECKING:
    import httpx2
    from huggingface_hub import HfApi

_PUBLIC = "https://huggingface.co"
_SECONDS = {"connect": 10.0, "read": 20.0, "write": 20.0, "pool": 20.0}
"""Longest silence that is waited for; the Hub's own client has none for most of its questions."""
_LOCK = threading.Lock()
_settled = False


def endpoint() -> str:
    """Where the Hub is: ``HF_ENDPOINT`` names a mirror."""
    return os.environ.get("HF_ENDPOINT", _PUBLIC).rstrip("/")


def api(token: str | None) -> HfApi:
    """The Hub's client; without ``token`` it asks as nobody, never with the token of this machine's owner."""
    from huggingface_hub import HfApi

    settle()
    return HfApi(endpoint=endpoint(), token=token or False, library_name="zetascope")


def headers(token: str | None) -> dict[str, str]:
    """What goes along with a download."""
    from huggingface_hub.utils import build_hf_headers

    settle()
    return build_hf_headers(token=token or False, library_name="zetascope")


def session() -> httpx2.Client:
    """The connections, shared by all threads."""
    from huggingface_hub import get_session

    settle()
    return get_session()


def settle() -> None:
    """Once in a process: our limits for what the Hub's client asks, and nothing told of this machine."""
    global _settled
    with _LOCK:
        if _settled:
            return
        from huggingface_hub import constants, set_client_factory
        from huggingface_hub.utils import disable_progress_bars

        # Else its client tells which libraries are here, and asks for a list to find out who runs it.
        constants.HF_HUB_DISABLE_TELEMETRY = True
        disable_progress_bars()
        set_client_factory(_client)
        _settled = True


def _client() -> httpx2.Client:
    import httpx2
    from huggingface_hub.utils._http import hf_request_event_hook

    class LimitedClient(httpx2.Client):
        """Never waits without end, and tells at once what its user would otherwise wait for unseen."""

        def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
            request.extensions = {**request.extensions, "timeout": _SECONDS}
            try:
                response = super().send(request, **options)
            except httpx2.TransportError as problem:
                raise HubError(
                    "The Hub is out of reach or does not answer; check the connection, then try again."
                ) from problem
            if response.status_code == 429 or response.status_code >= 500:
                response.close()
                raise HubError(_busy(response))
            return response

    return LimitedClient(event_hooks={"request": [hf_request_event_hook]}, follow_redirects=True)


def _busy(response: httpx2.Response) -> str:
    if response.status_code != 429:
        return f"The Hub has a fault of its own at the moment ({response.status_code}); try again later."
    seconds = response.headers.get("Retry-After", "").strip()
    when = (
        f"in {int(seconds[:6]):,} seconds" if seconds.isascii() and seconds.isdigit() else "in some minutes"
    )
    return f"The Hub has been asked too often from here; try again {when}."
