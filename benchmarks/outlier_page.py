"""How long a click on the Outliers page takes, in a browser, with 100,000 rows and 20 number columns.

    python -m benchmarks.outlier_page [--rounds 3] [--rows 100000]

From just before the click to the last change of the page, beside it the server's processor time; medians.
The table is made here: fourteen normal columns (two of them correlated), five skewed ones, a count, some
values five to twelve standard deviations away, some missing. Needs Chromium.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from benchmarks.interactions import STILL, Clicks
from benchmarks.server import open_browser, running_app

VIEWS = ("Fences", "Pair", "Heat map", "Strips")
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
DOT = """(plot, name) => {
  const layout = plot._fullLayout, box = plot.getBoundingClientRect()
  const dots = plot._fullData.find((trace) => trace.name === name), at = Math.floor(dots.x.length / 2)
  return {
    x: box.left + layout._size.l + layout.xaxis.d2p(dots.x[at]),
    y: box.top + layout._size.t + layout.yaxis.d2p(dots.y[at]),
  }
}"""


def table(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    x = rng.standard_normal((rows, 20))
    x[:, 1] = 0.8 * x[:, 0] + 0.6 * x[:, 1]
    x[:, 14:19] = np.exp(0.7 * x[:, 14:19])
    x[:, 19] = rng.poisson(6, rows)
    far = rng.integers(rows, size=rows // 250), rng.integers(20, size=rows // 250)
    x[far] += rng.choice([-1, 1], len(far[0])) * rng.uniform(5, 12, len(far[0]))
    frame = pd.DataFrame(x.round(3)).add_prefix("c").mask(rng.random(x.shape) < 0.002)
    frame["region"] = rng.choice(["north", "south", "east", "west"], rows)
    return frame


def opened(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.wait_for_selector(CONNECTED, timeout=60_000)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    page.wait_for_timeout(3000)
    wait_until_still(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Outliers").click()
    page.get_by_text("What to do with them").wait_for(timeout=120_000)
    wait_until_still(page)


def wait_until_still(page: Page) -> None:
    page.evaluate(STILL)
    page.evaluate("window.stillAfter()")


def choose(clicks: Clicks, label: str, option: str) -> None:
    box = clicks.page.get_by_role("combobox", name=label, exact=True)
    box.scroll_into_view_if_needed()
    box.click()
    clicks.page.keyboard.type(option)  # a long list holds only what is near
    wanted = clicks.page.get_by_role("option", name=option, exact=True)
    wanted.wait_for()
    clicks.page.wait_for_timeout(300)
    clicks.time(f"{label}: {option}", wanted.click)


def move_slider(clicks: Clicks, place: int, name: str) -> None:
    slider = clicks.page.get_by_role("slider").nth(place)
    slider.scroll_into_view_if_needed()
    slider.focus()
    clicks.time(name, lambda: clicks.page.keyboard.press("ArrowRight"))


def pick_row(clicks: Clicks, place: int) -> None:
    rows = clicks.page.locator("[class*=st-key-outliers_rows]").first
    rows.scroll_into_view_if_needed()
    clicks.page.wait_for_timeout(200)
    box = rows.bounding_box()
    assert box
    clicks.time("row picked", lambda: clicks.page.mouse.click(box["x"] + 18, box["y"] + 52 + 35 * place))


def click_dot(clicks: Clicks, key: str, trace: str, name: str) -> None:
    plot = clicks.page.locator(f".st-key-{key} .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    clicks.page.wait_for_timeout(400)
    at = plot.evaluate(DOT, trace)
    clicks.page.mouse.move(at["x"], at["y"])
    clicks.page.wait_for_timeout(400)
    clicks.time(name, lambda: clicks.page.mouse.click(at["x"], at["y"]))


def visit(clicks: Clicks, turn: int) -> None:
    page = clicks.page
    move_slider(clicks, 0, "threshold of |z|")
    move_slider(clicks, 3, "threshold of Mahalanobis")
    choose(clicks, "Thresholds", "5 % false")
    choose(clicks, "Thresholds", "by hand")
    pick_row(clicks, 2 + turn)
    for view in VIEWS:
        clicks.time(f"view {view}", page.get_by_role("tab", name=view).click)
    click_dot(clicks, "outliers_strips", "values beyond a threshold", "dot on a strip")
    page.get_by_role("tab", name="Pair").click()
    page.wait_for_timeout(1500)
    choose(clicks, "Across", f"c{turn % 3 + 3}")
    choose(clicks, "Up", f"c{turn % 3 + 8}")
    click_dot(clicks, "outliers_pair", "flagged rows", "dot of a pair")
    choose(clicks, "At least", "3 votes")
    clicks.write("Search", "c15", said="search")
    clicks.write("Search", "", said="search ended")
    choose(clicks, "At least", "1 vote")
    choose(clicks, "With", "all that |z| flags")
    clicks.button("Decide")
    clicks.button("Undo")
    choose(clicks, "With", "the selected rows")
    page.get_by_role("tab", name="Strips").click()
    page.wait_for_timeout(1500)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app("--server.headless", "true") as (address, server),
        sync_playwright() as playwright,
    ):
        file = Path(folder) / "measured.csv"
        table(options.rows).to_csv(file, index=False)
        browser = open_browser(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        opened(page, address, file)
        visit(Clicks(page, server), 0)  # the server's background loading, the first use of each chart
        clicks = Clicks(page, server)
        for turn in range(1, options.rounds + 1):
            visit(clicks, turn)
        print(f"{options.rows:,} rows: ms to a page that stands still (processor time of the server)")
        for click, taken in clicks.taken.items():
            wall, used = (statistics.median(one) for one in zip(*taken, strict=True))
            print(f"  {click:28} {wall:6.0f} ({used:.0f})", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
