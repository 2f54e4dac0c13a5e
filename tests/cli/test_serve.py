"""``zetascope serve`` starts Streamlit on our script with our settings; elsewhere it is started for real."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.cli import app
from tests.conftest import ROOT


class ReplacedError(Exception):
    """Stands where another program would have taken this one's place."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """``started("--port", "80")``: the flags that Streamlit gets, and under ``script`` the script."""

    def replaced(program: str, arguments: list[str]) -> None:
        assert program == arguments[0] == sys.executable
        raise ReplacedError(arguments)

    monkeypatch.setattr(os, "execv", replaced)

    def start(*arguments: str) -> dict[str, str]:
        result = CliRunner().invoke(app, ["serve", *arguments])
        assert isinstance(result.exception, ReplacedError), result.output
        _, *command, script, a, b, c, d, e = result.exception.args[0]
        assert command == ["-m", "streamlit", "run"]
        return {"script": script, **dict(flag.split("=", 1) for flag in (a, b, c, d, e))}

    return start


def test_nobody_else_is_let_in_unless_asked(started: Callable[..., dict[str, str]]) -> None:
    flags = started()
    assert flags["script"] == str(ROOT / "streamlit_app.py")
    assert flags["--server.address"] == "localhost"
    assert flags["--server.port"] == "8501"
    assert flags["--server.headless"] == "true"
    assert flags["--server.maxUploadSize"] == "200"


def test_port_address_and_base_path_are_passed_on(
    started: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZETASCOPE_MAX_UPLOAD_MB", "7")
    flags = started("--port", "9000", "--address", "0.0.0.0", "--base-path", "stats")
    assert flags["--server.address"] == "0.0.0.0"
    assert flags["--server.port"] == "9000"
    assert flags["--server.baseUrlPath"] == "stats"
    assert flags["--server.maxUploadSize"] == "7"


def test_a_private_server_also_guards_uploads_and_finds_the_secrets_of_its_owner(
    started: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZETASCOPE_LOGIN", "on")
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", "")
    monkeypatch.delenv("STREAMLIT_SECRETS_FILES")
    monkeypatch.chdir(tmp_path)
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.touch()
    assert started()["script"] == str(ROOT / "hosting" / "private.py")
    assert os.environ["STREAMLIT_SECRETS_FILES"] == str(secrets)
    assert Path.cwd() == ROOT


def test_a_port_that_there_is_not_is_refused() -> None:
    result = CliRunner().invoke(app, ["serve", "--port", "70000"])
    assert result.exit_code == 2
    assert "65535" in result.output
