"""What an address asks for; what is not known is closed."""

import pytest

from analytics.dashboard.gate.paths import Way, session_of_upload, way_of


def asked(path: str, *, base: str = "", method: str = "GET", kind: str = "http") -> Way:
    return way_of({"type": kind, "path": f"{base}{path}", "method": method}, base)


@pytest.mark.parametrize("base", ["", "/stats", "/a/b"])
def test_every_address_below_any_base_path(base: str) -> None:
    assert asked("/", base=base) is Way.PAGE
    assert asked("/outliers", base=base) is Way.PAGE
    assert asked("/static/js/a.js", base=base, method="HEAD") is Way.PAGE
    assert asked("/_stcore/health", base=base) is Way.HEALTH
    assert asked("/_stcore/stream", base=base, kind="websocket") is Way.STREAM
    assert asked("/_stcore/upload_file/s/f", base=base, method="PUT") is Way.UPLOAD
    assert asked("/media/a.csv", base=base) is Way.MEDIA
    assert asked("/auth/logout", base=base) is Way.LOGOUT


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/", "/_stcore/health/"])
def test_what_streamlit_has_besides_is_closed(path: str) -> None:
    assert asked(path) is Way.CLOSED


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/stats2/_stcore/health", "/Stats/media/a", "/", "//stats/"]
)
def test_nothing_outside_the_base_path_is_served(path: str) -> None:
    assert way_of({"type": "http", "path": path, "method": "GET"}, "/stats") is Way.CLOSED


@pytest.mark.parametrize("path", ["/", "/other", "/_stcore/health", "/_stcore/upload_file/s/f", "/media/a"])
def test_only_the_stream_is_a_websocket(path: str) -> None:
    assert asked(path, kind="websocket") is Way.CLOSED
    assert asked("/_stcore/stream") is Way.CLOSED


def test_pages_are_only_read() -> None:
    assert asked("/", method="POST") is Way.CLOSED


def test_the_session_of_an_upload() -> None:
    assert session_of_upload("/stats/_stcore/upload_file/abc/def", "/stats") == "abc"
