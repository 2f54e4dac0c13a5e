"""Take a picture of every page from the running app: ``make screenshots``, or name pages to take only those.

Each page is opened with the sample that shows it best, in light and dark. ``--width 820`` shows it as a guest
in another site's frame; those pictures go to the folder given with ``--to``.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from analytics.dashboard.catalog import shown_pages  # noqa: E402
from tests.browser.helpers import wait_until_still  # noqa: E402

SAMPLE_OF = {
    "data": "Cars, messy export",
    "standardize": "Wine",
    "compare": "Exams",
    "outliers": "Cars",
    "scaling_effects": "Wine",
    "returns": "Stocks",
    "text_map": "Opinions",
}
# Long work on a page is drawn as a progress bar; a picture waits for it to go.
WORK_SECONDS = 240
# The page scrolls inside its frame, so a tall window is what shows all of it.
WHOLE_HEIGHT = 3400


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def start_app(log: Path) -> tuple[subprocess.Popen[bytes], str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    url = f"http://localhost:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)
            return process, url
        except OSError:
            time.sleep(0.2)
    process.terminate()
    raise SystemExit(f"the app did not start: {log.read_text()}")


def take(browser: Browser, url: str, name: str, target: Path, *, width: int, dark: bool, whole: bool) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": WHOLE_HEIGHT if whole else 860},
        color_scheme="dark" if dark else "light",
    )
    address = "" if name == shown_pages()[0].name else name
    query = f"?data={SAMPLE_OF[name]}" if name in SAMPLE_OF else "?"
    page.goto(f"{url}/{address}{query}&embed_options={'dark' if dark else 'light'}_theme")
    wait_until_still(page, timeout=WORK_SECONDS * 1000)
    page.wait_for_timeout(1500)
    page.locator("[data-testid=stProgress]").first.wait_for(state="detached", timeout=WORK_SECONDS * 1000)
    page.wait_for_timeout(1500)
    wait_until_still(page)
    page.screenshot(path=target, animations="disabled")
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="names of pages; all when left out")
    parser.add_argument("--to", type=Path, default=ROOT / "docs")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--whole", action="store_true", help="the whole page instead of its first screen")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    names = chosen.pages or [page.name for page in shown_pages()]
    chromium = Path("/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        process, url = start_app(Path(folder) / "app.log")
        try:
            browser = playwright.chromium.launch(
                executable_path=str(chromium) if chromium.exists() else None,
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
            )
            for name in names:
                for dark in (False, True):
                    target = chosen.to / f"{name}-{'dark' if dark else 'light'}.png"
                    take(browser, url, name, target, width=chosen.width, dark=dark, whole=chosen.whole)
                    print(target)
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
