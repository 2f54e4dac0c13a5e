"""Take a picture of every page from the running app: ``make screenshots``, or name pages to take only those.

Each page is opened with the sample that shows it best, in light and dark. ``--guest --width 820`` shows it in
another site's frame; ``--hub`` takes the Data page where a data set of a Hub of our own has been found.
"""

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from analytics.dashboard.app.catalog import shown_pages  # noqa: E402
from benchmarks.server import running_app  # noqa: E402
from tests.browser.helpers import upload, wait_until_still  # noqa: E402
from tests.browser.host_page import host_page  # noqa: E402
from tests.hub.fake_hub import serving  # noqa: E402
from tests.hub.test_data import words  # noqa: E402

CHOICES = {
    "data": "data=Cars, messy export",
    "relations": "data=Wine",
    "changes": "data=Cars",
    "standardize": "data=Wine",
    "compare": "data=Exams",
    "outliers": "data=Cars",
    "scaling_effects": "data=Wine",
    "returns": "data=Stocks",
    "text_map": "data=Opinions",
    "ask": "data=Opinions&ask_question=Which camera takes sharp pictures?",
    "classify": "data=Opinions",
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


def earlier_cars() -> dict[str, object]:
    """The sample as a month before: without its last rows, a column of another name, lighter heavy cars."""
    frame = pd.read_csv(ROOT / "sample_data/cars.csv").head(390)
    heavy = frame["weight_in_lbs"] > 3_000
    frame.loc[heavy, "weight_in_lbs"] = (frame.loc[heavy, "weight_in_lbs"] * 0.85).round().astype(int)
    frame = frame.rename(columns={"miles_per_gallon": "Miles per gallon"})
    return {"name": "cars_before.csv", "mimeType": "text/csv", "buffer": frame.to_csv(index=False).encode()}


BROUGHT = {"changes": earlier_cars}
"""Pages that show something of a second file only, and that file."""


def take(
    browser: Browser, url: str, target: Path, *, dark: bool, size: tuple[int, int], brought: str = ""
) -> None:
    """One page as its own window, or, where ``url`` is another site's page, in that page's frame.

    ``brought`` names the page whose second file is uploaded first.
    """
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    page.goto(url)
    shown = page.frames[-1]
    wait_until_still(shown, timeout=WORK_SECONDS * 1000)
    if brought in BROUGHT:
        upload(page, BROUGHT[brought]())
    page.wait_for_timeout(1500)
    shown.get_by_text("needs is loading").wait_for(state="detached", timeout=WORK_SECONDS * 1000)
    shown.locator("[data-testid=stProgress]").first.wait_for(state="detached", timeout=WORK_SECONDS * 1000)
    page.wait_for_timeout(1500)
    wait_until_still(shown)
    page.screenshot(path=target, animations="disabled")
    page.close()
    print(target)


def take_hub(browser: Browser, target: Path, *, width: int) -> None:
    """The Data page in both themes, where a data set of the Hub has been found and its card is shown."""
    with serving() as hub:
        words(hub)
        with running_app(HF_ENDPOINT=hub.url, ZETASCOPE_HUB="on") as (url, _):
            for theme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=theme)
                page.set_default_timeout(WORK_SECONDS * 1000)
                page.goto(url)
                panel = page.get_by_test_id("stExpander").filter(has_text="From the Hub")
                panel.get_by_text("From the Hub").click()
                panel.get_by_label("Words").fill("words")
                panel.get_by_role("button", name="Search the Hub").click()
                panel.get_by_test_id("stDataFrame").wait_for()
                wait_until_still(page)
                panel.get_by_role("combobox", name="Data set", exact=True).fill("org/words")
                page.get_by_role("option", name="org/words", exact=True).click()
                panel.get_by_text("Most rows").wait_for()
                page.wait_for_timeout(1500)
                wait_until_still(page)
                page.screenshot(path=target / f"hub-{theme}.png", animations="disabled")
                page.close()


def address_of(url: str, name: str, *, dark: bool) -> str:
    page = "" if name == shown_pages()[0].name else name
    query = f"?{CHOICES.get(name, '')}"
    return f"{url}/{page}{query}&embed_options={'dark' if dark else 'light'}_theme"


def take_all(browser: Browser, url: str, names: list[str], chosen: argparse.Namespace) -> None:
    size = (chosen.width, WHOLE_HEIGHT if chosen.whole else 860)
    prefix = f"guest-{chosen.width}-" if chosen.guest else ""
    for name in names:
        for dark in (False, True):
            address = address_of(url, name, dark=dark)
            framed = host_page(f"{address}&embed=true", size=size) if chosen.guest else nullcontext(address)
            target = chosen.to / f"{prefix}{name}-{'dark' if dark else 'light'}.png"
            with framed as opened:
                take(browser, opened, target, dark=dark, size=size, brought="" if chosen.guest else name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="names of pages; all when left out")
    parser.add_argument("--to", type=Path, default=ROOT / "docs")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--guest", action="store_true", help="in a frame of another site's page")
    parser.add_argument("--whole", action="store_true", help="the whole page instead of its first screen")
    parser.add_argument("--hub", action="store_true", help="the Data page with a data set of the Hub, alone")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    names = chosen.pages or [page.name for page in shown_pages()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM) if CHROMIUM.exists() else None,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        if chosen.hub:
            take_hub(browser, chosen.to, width=chosen.width)
            return
        with running_app(ZETASCOPE_FRAMES="*" if chosen.guest else "") as (url, _):
            take_all(browser, url, names, chosen)


if __name__ == "__main__":
    main()
