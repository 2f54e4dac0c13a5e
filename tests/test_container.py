"""The container without a container engine: its recipe is linted, and its steps are carried out by hand."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.server import free_port
from tests.conftest import ROOT, Server, wait_until_healthy

DOCKERFILE = (ROOT / "Dockerfile").read_text()
UNPRIVILEGED = 1000


def test_dockerfile_passes_the_linter() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    if not linter.exists():
        pytest.skip("the linter is published for Linux on x86-64 only")
    shown = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stdout


def environment_of_image() -> dict[str, str]:
    """What ENV sets."""
    block = re.search(r"^ENV (HOME.*?)(?<!\\)$", DOCKERFILE, re.M | re.S)
    assert block
    return dict(pair.split("=", 1) for pair in block.group(1).replace("\\\n", " ").split())


def test_every_cache_is_in_the_users_own_home() -> None:
    env = environment_of_image()
    assert {"HF_HOME", "NUMBA_CACHE_DIR", "MPLCONFIGDIR"} <= env.keys()
    for name in ("HF_HOME", "NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
        assert env[name].startswith(env["HOME"])
    assert re.search(r"useradd .*--uid 1000", DOCKERFILE)
    assert "libgomp1" in DOCKERFILE


def test_the_user_of_the_image_owns_none_of_its_code() -> None:
    before, _, after = DOCKERFILE.partition("USER 1000")
    assert "COPY . ./" in before and "pip install" in before
    assert "--chown" not in DOCKERFILE
    assert not re.search(r"^(RUN|COPY|USER)", after, re.M)


def test_the_image_is_made_of_known_bytes() -> None:
    assert re.search(r"^FROM python:3\.11\.\S+@sha256:[0-9a-f]{64}$", DOCKERFILE, re.M)
    installed = re.findall(r"-r (\S+?);? ", DOCKERFILE.replace("\n", " "))
    assert installed == ["requirements.lock", "requirements-cuda.lock"]
    assert "PIP_REQUIRE_HASHES=1" in DOCKERFILE


def test_compose_bounds_memory_and_processes() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    assert all(f"{key}: " in compose for key in ("mem_limit", "memswap_limit", "pids_limit"))
    assert "read_only: true" in compose and '"127.0.0.1:8501:8501"' in compose


def test_space_front_matter_and_port_agree() -> None:
    front = (ROOT / "README.md").read_text().split("---")[1]
    assert "sdk: docker" in front
    port = re.search(r"app_port: (\d+)", front)
    assert port
    assert f"EXPOSE {port.group(1)}" in DOCKERFILE
    short = re.search(r"short_description: (.*)", front)
    assert short
    assert len(short.group(1)) <= 60


def ignored_patterns() -> list[str]:
    return [line for line in (ROOT / ".dockerignore").read_text().split() if line]


def image_files() -> Iterator[Path]:
    """Committed files that the image gets."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        parts = [name, *map(str, Path(name).parents)]
        if not any(
            fnmatch.fnmatch(part, p.removeprefix("**/")) for part in parts for p in ignored_patterns()
        ):
            yield Path(name)


def open_to_all(path: Path) -> bool:
    """Whether another user can reach ``path``."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def python_for_all(folder: Path) -> Path:
    """A folder with a ``python`` that an unprivileged user can run and that finds what is installed here."""
    own = Path(sys.executable).resolve()
    found = own if open_to_all(own) else shutil.which("python3.11", path="/usr/bin:/usr/local/bin")
    if found is None:
        pytest.skip("no Python 3.11 that another user may run")
    folder.mkdir()
    (folder / "python").symlink_to(found)
    return folder


@pytest.mark.slow
def test_the_steps_work_in_a_clean_directory_for_an_unprivileged_user(tmp_path: Path) -> None:
    home, code = tmp_path / "home", tmp_path / "code"
    for name in image_files():
        target = code / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    (home / ".cache").mkdir(parents=True)
    user: dict[str, int] = {}
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{UNPRIVILEGED}:{UNPRIVILEGED}", home], check=True)
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == os.geteuid() and "pytest" in str(folder):
                folder.chmod(folder.stat().st_mode | 0o055)
        user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED}
    port = free_port()
    env = {
        name: value.replace("/home/zetascope", str(home)) for name, value in environment_of_image().items()
    }
    packages = sysconfig.get_path("purelib")
    env |= {"PATH": f"{python_for_all(tmp_path / 'bin')}:/usr/bin:/bin", "PYTHONPATH": packages}
    env |= {"PORT": str(port), "ADDRESS": "localhost"}
    log = tmp_path / "container.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["sh", "hosting/start.sh"],
            cwd=code,
            env=env,
            stdout=out,
            stderr=out,
            extra_groups=[] if user else None,
            **user,
        )
    server = Server(f"http://localhost:{port}", process, log)
    try:
        wait_until_healthy(server)
        assert urllib.request.urlopen(server.url, timeout=10).status == 200
        health = re.search(r"HEALTHCHECK.*?CMD \[(.*?)\]\n", DOCKERFILE, re.S)
        assert health
        assert "/_stcore/health" in health.group(1)
    finally:
        server.stop()
