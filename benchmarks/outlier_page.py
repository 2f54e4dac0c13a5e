"""How long a click on the Outliers page takes, in a browser, with 100,000 rows and 20 number columns.

    python -m benchmarks.outlier_page [--rounds 3] [--rows 100000]

From just before the click to the last change of the page, beside it the server's processor time; medians.
Every round leaves another column out, so that its searches are new, and is made without and with groups.
The table is made here: fourteen normal columns (two of them correlated), five skewed ones, a count, some
values five to twelve standard deviations away, some missing. Needs Chromium.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
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


def choose(clicks: Clicks, label: str, option: str, *, said: str) -> None:
    box = clicks.page.get_by_role("combobox", name=label, exact=True)
    box.scroll_into_view_if_needed()
    box.click()
    clicks.page.keyboard.type(option)  # a long list holds only what is near
    wanted = clicks.page.get_by_role("option", name=option, exact=True)
    wanted.wait_for()
    clicks.page.wait_for_timeout(300)
    clicks.time(said, lambda: searched(clicks.page, wanted.click))


def searched(page: Page, act: Callable[[], None]) -> None:
    """Act, and let a search that shows its progress end; the page stands still between its steps."""
    act()
    page.wait_for_timeout(900)
    page.locator("[data-testid=stProgress]").wait_for(state="detached", timeout=120_000)


def chip(clicks: Clicks, label: str, option: str, *, said: str) -> None:
    """Take an option out of a list of several."""
    box = clicks.page.get_by_test_id("stMultiSelect").filter(has_text=label)
    remove = box.get_by_label(f"Remove {option}", exact=True).last
    clicks.time(said, lambda: searched(clicks.page, remove.click))


def add(clicks: Clicks, label: str, option: str, *, said: str) -> None:
    """Put an option into a list of several."""
    clicks.page.get_by_role("combobox", name=label, exact=True).click()
    clicks.page.keyboard.type(option)
    wanted = clicks.page.get_by_role("option", name=option, exact=True)
    wanted.wait_for()
    clicks.page.wait_for_timeout(300)
    clicks.time(said, lambda: searched(clicks.page, wanted.click))
    clicks.page.keyboard.press("Escape")
    clicks.page.wait_for_timeout(300)


def take_a_column(clicks: Clicks, column: str) -> None:
    """Search without one column, which no round has done before."""
    _with_columns(clicks, lambda: chip(clicks, "Columns to search", column, said="column taken away"))


def put_it_back(clicks: Clicks, column: str) -> None:
    _with_columns(clicks, lambda: add(clicks, "Columns to search", column, said="column put back"))


def change_methods(clicks: Clicks, where: str) -> None:
    """Methods that are known cost nothing, new ones their own time."""
    chip(clicks, "Methods", "Modified z", said=f"a method taken away{where}")
    add(clicks, "Methods", "Modified z", said=f"the method put back{where}")
    for method in ("Generalized ESD", "ECOD", "Isolation Forest"):
        add(clicks, "Methods", method, said=f"{method} added{where}")
        chip(clicks, "Methods", method, said=f"{method} taken away{where}")


def _with_columns(clicks: Clicks, act: Callable[[], None]) -> None:
    clicks.page.get_by_role("button", name="Columns").first.click()
    act()
    clicks.page.keyboard.press("Escape")
    clicks.page.wait_for_timeout(500)


def move_slider(clicks: Clicks, place: int, name: str) -> None:
    slider = clicks.page.get_by_role("slider").nth(place)
    slider.scroll_into_view_if_needed()
    slider.focus()
    clicks.time(name, lambda: clicks.page.keyboard.press("ArrowRight"))


def pick_row(clicks: Clicks, place: int, name: str) -> None:
    rows = clicks.page.locator("[class*=st-key-outliers_rows]").first
    rows.scroll_into_view_if_needed()
    clicks.page.wait_for_timeout(200)
    box = rows.bounding_box()
    assert box
    clicks.time(name, lambda: clicks.page.mouse.click(box["x"] + 18, box["y"] + 52 + 35 * place))


def click_dot(clicks: Clicks, key: str, trace: str, name: str) -> None:
    plot = clicks.page.locator(f".st-key-{key} .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    clicks.page.wait_for_timeout(400)
    at = plot.evaluate(DOT, trace)
    clicks.page.mouse.move(at["x"], at["y"])
    clicks.page.wait_for_timeout(400)
    clicks.time(name, lambda: clicks.page.mouse.click(at["x"], at["y"]))


def click_strip(clicks: Clicks, name: str) -> None:
    dots = clicks.page.locator(".st-key-outliers_strips .beyond [data-pick]")
    dot = dots.nth(dots.count() // 2)
    dot.scroll_into_view_if_needed()
    clicks.page.wait_for_timeout(400)
    box = dot.bounding_box()
    assert box
    # Whichever dot lies on top there.
    clicks.time(
        name, lambda: clicks.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    )


def visit(clicks: Clicks, turn: int) -> None:
    column = f"c{turn}"
    take_a_column(clicks, column)
    change_methods(clicks, "")
    use(clicks, turn, "")
    choose(clicks, "Unusual within", "region", said="groups set")
    change_methods(clicks, ", in groups")
    use(clicks, turn, ", in groups")
    choose(clicks, "Unusual within", "no groups", said="groups given up")
    put_it_back(clicks, column)


def use(clicks: Clicks, turn: int, where: str) -> None:
    """What one does with the flagged rows; ``where`` ends the names of the clicks."""
    page = clicks.page
    move_slider(clicks, 0, f"threshold of |z|{where}")
    move_slider(clicks, 3, f"threshold of Mahalanobis{where}")
    choose(clicks, "Thresholds", "5 % false", said=f"5 % false{where}")
    choose(clicks, "Thresholds", "by hand", said=f"by hand{where}")
    pick_row(clicks, 2 + turn, f"row picked{where}")
    clicks.button("Decide", said=f"row decided{where}")
    clicks.button("Undo", said=f"row undone{where}")
    for view in VIEWS:
        clicks.time(f"view {view}{where}", page.get_by_role("tab", name=view).click)
    click_strip(clicks, f"dot on a strip{where}")
    page.get_by_role("tab", name="Pair").click()
    page.wait_for_timeout(1500)
    choose(clicks, "Across", f"c{turn % 3 + (13 if where else 16)}", said=f"pair across{where}")
    choose(clicks, "Up", f"c{turn % 3 + (6 if where else 9)}", said=f"pair up{where}")
    click_dot(clicks, "outliers_pair", "flagged rows", f"dot of a pair{where}")
    choose(clicks, "At least", "3 votes", said=f"3 votes{where}")
    clicks.write("Search", "c15", said=f"search{where}")
    clicks.write("Search", "", said=f"search ended{where}")
    choose(clicks, "At least", "1 vote", said=f"1 vote{where}")
    choose(clicks, "With", "all that |z| flags", said=f"rule chosen{where}")
    clicks.button("Decide", said=f"rule decided{where}")
    clicks.button("Undo", said=f"rule undone{where}")
    choose(clicks, "With", "the selected rows", said=f"selected rows chosen{where}")
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
            print(f"  {click:40} {wall:6.0f} ({used:.0f})", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
