"""Take a picture of every page from the running app: ``make screenshots``, or name pages to take only those.

Each page is opened with the sample that shows it best, in light and dark. ``--guest --width 820`` shows it in
another site's frame.
"""

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from analytics.dashboard.app.catalog import shown_pages  # noqa: E402
from benchmarks.server import running_app  # noqa: E402
from tests.browser.helpers import wait_until_still  # noqa: E402
from tests.browser.host_page import host_page  # noqa: E402

CHOICES = {
    "data": "data=Cars, messy export",
    "standardize": "data=Wine",
    "compare": "data=Exams",
    "outliers": "data=Cars",
    "scaling_effects": "data=Wine",
    "returns": "data=Stocks",
    "text_map": "data=Opinions",
    "encoder_walk": "encoder_walk_text=The river bank was muddy after the rain",
    "decoder_walk": "decoder_walk_step=4",
    "lessons": "lessons_lesson=Order matters, a little",
}
"""What the address asks for, so that a page shows its best."""
# Long work on a page is drawn as a progress bar; a picture waits for it to go.
WORK_SECONDS = 240
# The page scrolls inside its frame, so a tall window is what shows all of it.
WHOLE_HEIGHT = 3400
CHROMIUM = Path("/usr/bin/chromium")


def take(browser: Browser, url: str, target: Path, *, dark: bool, size: tuple[int, int]) -> None:
    """One page as its own window, or, where ``url`` is another site's page, in that page's frame."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    page.goto(url)
    shown = page.frames[-1]
    wait_until_still(shown, timeout=WORK_SECONDS * 1000)
    page.wait_for_timeout(1500)
    shown.get_by_text("needs is loading").wait_for(state="detached", timeout=WORK_SECONDS * 1000)
    shown.locator("[data-testid=stProgress]").first.wait_for(state="detached", timeout=WORK_SECONDS * 1000)
    page.wait_for_timeout(1500)
    wait_until_still(shown)
    page.screenshot(path=target, animations="disabled")
    page.close()
    print(target)


def address_of(url: str, name: str, *, dark: bool) -> str:
    page = "" if name == shown_pages()[0].name else name
    query = f"?{CHOICES.get(name, '')}"
    return f"{url}/{page}{query}&embed_options={'dark' if dark else 'light'}_theme"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="names of pages; all when left out")
    parser.add_argument("--to", type=Path, default=ROOT / "docs")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--guest", action="store_true", help="in a frame of another site's page")
    parser.add_argument("--whole", action="store_true", help="the whole page instead of its first screen")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    names = chosen.pages or [page.name for page in shown_pages()]
    size = (chosen.width, WHOLE_HEIGHT if chosen.whole else 860)
    prefix = f"guest-{chosen.width}-" if chosen.guest else ""
    with running_app() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM) if CHROMIUM.exists() else None,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        for name in names:
            for dark in (False, True):
                address = address_of(url, name, dark=dark)
                framed = (
                    host_page(f"{address}&embed=true", size=size) if chosen.guest else nullcontext(address)
                )
                target = chosen.to / f"{prefix}{name}-{'dark' if dark else 'light'}.png"
                with framed as opened:
                    take(browser, opened, target, dark=dark, size=size)


if __name__ == "__main__":
    main()
