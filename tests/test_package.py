"""The package without the checkout: its wheel in an environment of its own, the command and the dashboard."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import analytics
from analytics.numbers import Standardizer, with_scores
from analytics.tables import read_table, write_csv
from benchmarks.server import free_port
from tests.conftest import ROOT, Server, wait_until_healthy

pytestmark = pytest.mark.slow
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def tracked(folder: str = ".") -> list[str]:
    command = ["git", "ls-files", folder]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what is committed, so that nothing which lies about here gets in."""
    source = tmp_path_factory.mktemp("source")
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        "made",
        ".",
    ]
    made = subprocess.run(build, cwd=source, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    (found,) = (source / "made").glob("*.whl")
    return found


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel, and borrows what it depends on from this one."""

    home: Path
    empty: Path

    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
        }
        return kept | {"HOME": str(self.empty)}

    def run(self, command: str, *arguments: object, code: int = 0) -> str:
        """What a command of that environment prints, started in an empty folder."""
        done = subprocess.run(
            [self.home / "bin" / command, *map(str, arguments)],
            cwd=self.empty,
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python"]
    done = subprocess.run(
        [*pip, "install", "-q", "--no-deps", "--no-index", wheel], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(home, tmp_path_factory.mktemp("empty"))


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(next(n for n in archive.namelist() if n.endswith("/METADATA"))).decode()


def test_the_wheel_holds_every_file_of_the_package_and_what_serve_starts_from(wheel: Path) -> None:
    held = {name for name in names_in(wheel) if "dist-info" not in name}
    app = {name for name in held if name.startswith("analytics/_app/")}
    assert held - app == set(tracked("analytics"))
    expected = {*tracked("pages"), *tracked("sample_data"), "streamlit_app.py", ".streamlit/config.toml"}
    assert {name.removeprefix("analytics/_app/") for name in app} == expected - {"sample_data/build.py"}


def test_the_wheel_asks_for_every_line_of_the_requirements(wheel: Path) -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {line.split(" #")[0].replace(" ", "") for line in lines if line and not line.startswith("#")}
    told = re.findall(r"^Requires-Dist: (.*)$", metadata(wheel), re.M)
    always = {line.replace(" ", "") for line in told if "extra ==" not in line}
    assert always == wanted
    assert f"Version: {analytics.__version__}" in metadata(wheel)


def test_the_command_works_in_an_empty_folder(installed: Installed) -> None:
    assert installed.run("zetascope", "--version") == f"zetascope {analytics.__version__}\n"
    source = installed.empty / "exams.csv"
    source.write_bytes((ROOT / "sample_data" / "exams.csv").read_bytes())
    assert "240 rows, 5 columns scored" in installed.run("zetascope", "standardize", source, "scored.csv")
    frame = read_table(source).frame
    expected = installed.empty / "expected.csv"
    write_csv(with_scores(frame, Standardizer().fit_transform(frame)), expected)
    assert (installed.empty / "scored.csv").read_bytes() == expected.read_bytes()
    assert json.loads(installed.run("zetascope", "profile", "exams.csv", "--json"))["rows"] == len(frame)
    assert installed.run("zetascope", "self-test").count("\n") == 9
    assert "no file 'absent.csv'" in installed.run("zetascope", "profile", "absent.csv", code=2)
    where = installed.run("python", "-c", "import analytics; print(analytics.__file__)")
    assert Path(where.strip()).is_relative_to(installed.home)


PAGE = """
from streamlit import config
from streamlit.testing.v1 import AppTest

from analytics.app_files import app_folder

entry = app_folder() / "streamlit_app.py"
config._main_script_path = str(entry)
assert config.get_option("client.showErrorDetails") == "none"
at = AppTest.from_file(str(entry), default_timeout=180).run()
assert not at.exception, at.exception
print(at.title[0].value)
print(at.sidebar.caption[0].value)
at.switch_page("pages/standardize.py").run()
assert not at.exception, at.exception
print(at.title[0].value)
"""


def test_the_pages_run_on_the_samples_of_the_package(installed: Installed) -> None:
    (installed.empty / "page.py").write_text(PAGE, encoding="utf-8")
    shown = installed.run("python", "page.py").splitlines()
    assert shown[0] == "What is in this file?"
    assert "wine.csv" in shown[1].replace("\\", "")
    assert shown[2] == "How far from typical is each value?"


@contextmanager
def served(installed: Installed, log: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """``zetascope serve`` in an empty folder."""
    port = free_port()
    command = [installed.home / "bin" / "zetascope", "serve", "--port", str(port), *arguments]
    env = installed.environment() | environment
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=installed.empty, env=env, stdout=out, stderr=out)
    server = Server(f"http://localhost:{port}", process, log)
    try:
        yield server
    finally:
        server.stop()


def test_the_dashboard_is_served_from_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    with served(installed, tmp_path / "serve.log", "--base-path", "/stats/") as server:
        below = replace(server, url=f"{server.url}/stats")
        wait_until_healthy(below)
        assert urllib.request.urlopen(f"{below.url}/", timeout=10).status == 200
        assert below.url in server.log.read_text()


def test_a_private_server_of_the_package_guards_what_was_uploaded(
    installed: Installed, tmp_path: Path
) -> None:
    with served(installed, tmp_path / "serve.log", ZETASCOPE_LOGIN="on") as server:
        wait_until_healthy(server)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{server.url}/media/any", timeout=10)
