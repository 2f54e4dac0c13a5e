"""A started private server and visitors without a browser: it fails closed, whatever they try."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.server import free_port
from tests.browser.identity_provider import identity_provider
from tests.conftest import Server
from tests.dashboard.gate.visitors import Guest

pytestmark = pytest.mark.slow

SECRETS = """[auth]
redirect_uri = "http://localhost:{port}{base}/oauth2callback"
cookie_secret = "only-for-this-test-0123456789-0123456789"
"""
PROVIDER = """
[auth.{name}]
client_id = "zetascope"
client_secret = "secret"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""
CSV = b"a,b\n1,2\n3,4\n"


@pytest.fixture(params=["", "/stats"], ids=["at the top", "below a path"])
def private(
    request: pytest.FixtureRequest, start_app: Callable[..., Server], tmp_path: Path
) -> Iterator[str]:
    """The address of a server that lets in example.org, and Grace from elsewhere."""
    port, base = free_port(), request.param
    with (
        identity_provider("ada@example.org") as ada,
        identity_provider("grace@navy.example") as grace,
        identity_provider("eve@evil.example") as eve,
    ):
        names = {"ada": ada, "grace": grace, "eve": eve}
        secrets = tmp_path / "secrets.toml"
        described = "".join(PROVIDER.format(name=name, issuer=issuer) for name, issuer in names.items())
        secrets.write_text(SECRETS.format(port=port, base=base) + described)
        server = start_app(
            "--server.baseUrlPath",
            base,
            base=base,
            PORT=str(port),
            ZETASCOPE_LOGIN="on",
            ZETASCOPE_ALLOW="Example.org, grace@navy.example",
            STREAMLIT_SECRETS_FILES=str(secrets),
        )
        yield f"{server.url}{base}"


def test_it_fails_closed_and_logging_out_ends_every_session(private: str) -> None:
    stranger, ada, also_ada, grace, eve = (Guest(private) for _ in range(5))

    assert stranger.status("/_stcore/health") == 200
    for path in [
        "/",
        "/outliers",
        "/static/js/any.js",
        "/_stcore/host-config",
        "/media/any.csv",
        "/x/../media/a",
    ]:
        assert stranger.status(path) == 401, path
    for path in [
        "/_stcore/metrics",
        "/_stcore/agent/mcp",
        "/_stcore/script-health-check",
        "/_stcore/anything",
    ]:
        assert stranger.status(path) in (401, 404), path
    assert stranger.refused_tab() == 403
    for method in ["PUT", "DELETE", "OPTIONS"]:
        assert stranger.status("/_stcore/upload_file/any/file", method=method, body=b"x") == 401

    assert eve.log_in("eve") == 403
    assert eve.refused_tab() == 403
    assert eve.status("/_stcore/metrics") == 404
    assert [ada.log_in("ada"), also_ada.log_in("ada"), grace.log_in("grace")] == [200, 200, 200]

    with ada.tab() as first, ada.tab() as second, also_ada.tab() as elsewhere, grace.tab() as other:
        assert first.upload(CSV, file="one") == 204
        assert first.upload(CSV, file="two", by=stranger) == 401
        assert first.upload(CSV, file="two", by=eve) == 403
        assert first.upload(CSV, file="two", by=grace) == 403
        stolen = ada.cookies["_streamlit_user"]

        assert ada.status("/auth/logout") == 401
        for tab in (first, second, elsewhere):
            assert tab.wait_for("auth_redirect").auth_redirect.url == f"{private.removeprefix(ada.origin)}/"
            assert tab.upload(CSV, file="late") == 401
        assert [ada.refused_tab(), also_ada.refused_tab()] == [403, 403]
        assert stranger.status("/", Cookie=f"_streamlit_user={stolen}") == 401
        assert other.upload(CSV, file="one") == 204

    assert ada.log_in("ada") == 200
    assert ada.refused_tab() == 101
    assert also_ada.status("/") == 401
