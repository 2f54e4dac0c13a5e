"""Make sure there is a browser for the tests, or say what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")


def run(*command: str) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def installed_with_apt() -> bool:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    return run("apt-get", "update", "-qq") and run("apt-get", "install", "-y", "-qq", "chromium")


def installed_with_playwright() -> bool:
    return run(sys.executable, "-m", "playwright", "install", "chromium")


def playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def main() -> None:
    if CHROMIUM.exists() or playwright_has_one() or installed_with_apt() or installed_with_playwright():
        return
    sys.exit(
        "The browser tests need Chromium: install Debian's `chromium` package, "
        "or run `.venv/bin/python -m playwright install --with-deps chromium`, then `make test` again."
    )


if __name__ == "__main__":
    main()
