"""``zetascope serve`` starts Streamlit on our script with our settings; elsewhere it is started for real."""

import os
import sys
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from analytics.cli import app
from analytics.dashboard.server.settings import SettingsError
from tests.conftest import ROOT


class ReplacedError(Exception):
    """Stands where another program would have taken this one's place."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """``started("--port", "80")``: the flags that Streamlit gets."""

    def replaced(program: str, arguments: list[str]) -> None:
        assert program == arguments[0] == sys.executable
        raise ReplacedError(arguments)

    monkeypatch.setattr(os, "execv", replaced)

    def start(*arguments: str) -> dict[str, str]:
        result = CliRunner().invoke(app, ["serve", *arguments])
        assert isinstance(result.exception, ReplacedError), result.output
        _, *command, script, a, b, c, d, e, f = result.exception.args[0]
        assert command == ["-m", "streamlit", "run"]
        assert script == str(ROOT / "streamlit_app.py")
        return dict(flag.split("=", 1) for flag in (a, b, c, d, e, f))

    return start


def test_nobody_else_is_let_in_unless_asked(started: Callable[..., dict[str, str]]) -> None:
    flags = started()
    assert flags["--server.address"] == "localhost"
    assert flags["--server.port"] == "8501"
    assert flags["--server.headless"] == "true"
    assert flags["--server.maxUploadSize"] == "200"
    assert flags["--server.enableXsrfProtection"] == "true"


def test_port_address_and_base_path_are_passed_on(
    started: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZETASCOPE_MAX_UPLOAD_MB", "7")
    flags = started("--port", "9000", "--address", "0.0.0.0", "--base-path", "stats")
    assert flags["--server.address"] == "0.0.0.0"
    assert flags["--server.port"] == "9000"
    assert flags["--server.baseUrlPath"] == "stats"
    assert flags["--server.maxUploadSize"] == "7"


def test_only_a_space_without_a_login_does_without_the_guard_of_uploads(
    started: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACE_ID", "ada/zetascope")
    assert started()["--server.enableXsrfProtection"] == "false"
    monkeypatch.setenv("ZETASCOPE_LOGIN", "YES")
    assert started()["--server.enableXsrfProtection"] == "true"


@pytest.mark.parametrize(
    ("name", "text"),
    [("LOGIN", "enabled"), ("ALLOW", "a@b@c"), ("HOSTS", "a/b"), ("FRAMES", "a.org"), ("PAGES", "dta")],
)
def test_a_setting_that_cannot_be_read_starts_nothing(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ZETASCOPE_{name}", text)
    result = CliRunner().invoke(app, ["serve"])
    assert isinstance(result.exception, SettingsError)
    assert f"ZETASCOPE_{name}" in str(result.exception)


def test_a_port_that_there_is_not_is_refused() -> None:
    result = CliRunner().invoke(app, ["serve", "--port", "70000"])
    assert result.exit_code == 2
    assert "65535" in result.output
