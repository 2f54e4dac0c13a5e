"""How long a click on the Transformer pages takes, in a browser, until the page stands still.

    python -m benchmarks.interactions [--rounds 3]

From just before the click to the last change of the page, its idle end not counted; what tables and lists
tell screen readers afterwards, out of sight, is left out. Beside it the processor time of the server. Each
round opens a page anew; medians are printed. Needs Chromium.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from benchmarks.server import open_browser, running_app

TWELVE_WORDS = "My brother never told me why he sold the old house yesterday."
TOKENS_32 = (
    "The quick brown fox jumps over the lazy dog while nine curious engineers measure how long every stage "
    "of this page takes to draw, twice in a row"
)
TOKENS_256 = "A sentence encoder turns this text into one vector, and every number can be checked. " * 20
DECODER_VIEWS = (
    "Self-attention",
    "Encoder",
    "Layers",
    "Numbers",
    "Mask lab",
    "By hand",
    "Checks",
    "Alignment",
)
ENCODER_STAGES = ("Embeddings", "Q", "Scores", "Weights", "Hidden", "Norm 2", "Vector")
ENCODER_VIEWS = (
    "Attention",
    "Tokens that matter",
    "What each token gives",
    "Heads off",
    "Two texts",
    "Layers",
    "By hand",
)

STILL = """() => new Promise((done) => {
  const start = performance.now()
  let last = start
  const seen = (changes) => {
    const outOfSight = '[data-testid=data-grid-canvas], [data-live-announcer]'
    const shown = (node) => !(node.nodeType === 1 ? node : node.parentElement)?.closest(outOfSight)
    if (changes.some((change) => shown(change.target))) last = performance.now()
  }
  const observer = new MutationObserver(seen)
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  window.stillAfter = () => new Promise((tell) => {
    const look = () => {
      const state = document.querySelector('[data-test-script-state]').dataset.testScriptState
      const now = performance.now()
      if (state === 'notRunning' && now - last > 400 && now - start > 500) {
        observer.disconnect()
        tell(last - start)
      } else setTimeout(look, 25)
    }
    look()
  })
  done()
})"""


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Clicks:
    """A page and what each click on it took, by name."""

    def __init__(self, page: Page, server: int) -> None:
        self.page, self.server = page, server
        self.taken: dict[str, list[tuple[float, float]]] = {}

    def time(self, name: str, act: Callable[[], None]) -> None:
        before = cpu_seconds(self.server)
        self.page.evaluate(STILL)
        act()
        wall = self.page.evaluate("window.stillAfter()")
        used = 1000 * (cpu_seconds(self.server) - before)
        self.taken.setdefault(name, []).append((wall, used))

    def radio(self, name: str) -> None:
        self.time(name, lambda: self.page.get_by_role("radio", name=name, exact=True).click())

    def option(self, label: str, name: str) -> None:
        self.page.get_by_role("combobox", name=label).click()
        wanted = self.page.get_by_role("option", name=name, exact=True)
        self.time(name, wanted.click)

    def button(self, name: str, *, said: str = "") -> None:
        button = self.page.get_by_role("button", name=name, exact=True).first
        self.time(said or name, button.click)

    def write(self, label: str, text: str, *, said: str) -> None:
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        self.time(said, lambda: box.press("Control+Enter"))

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.get_by_text("stages recomputed").wait_for(timeout=120_000)
        self.page.evaluate(STILL)
        self.page.evaluate("window.stillAfter()")


def decoder(clicks: Clicks, address: str) -> None:
    clicks.open(f"{address}/decoder_walk")
    clicks.write("English sentence", TWELVE_WORDS, said="12 words, greedy")
    for _ in range(2):
        clicks.button("Next")
    for view in (*DECODER_VIEWS, "Sampling"):
        clicks.option("Place in the model", view)
    temperature = clicks.page.get_by_role("slider", name="Temperature")
    clicks.time("temperature", lambda: temperature.press("ArrowRight"))
    clicks.option("Place in the model", "The whole model")
    clicks.time("another path", clicks.page.locator("[class*=st-key-decoder_walk_take_] button").first.click)
    clicks.button("Back to the model's own")
    clicks.radio("Beam search")
    clicks.option("Place in the model", "Beam tree")
    pruned = clicks.page.locator(".st-key-decoder_walk_tree .pruned .ring")
    clicks.time("a node of the tree", pruned.nth(pruned.count() // 2).click)


def encoder(clicks: Clicks, address: str, text: str) -> None:
    clicks.open(f"{address}/encoder_walk?encoder_walk_text={quote('a first text')}")
    clicks.write("Text", text, said="new text")
    clicks.option("Place in the model", "Step by step")
    for stage in ENCODER_STAGES:
        clicks.option("Stage", stage)
    for view in ENCODER_VIEWS:
        clicks.option("Place in the model", view)


def pages(address: str) -> Iterator[tuple[str, Callable[[Clicks], None]]]:
    yield "decoder, 12 words", lambda clicks: decoder(clicks, address)
    yield "encoder, 32 tokens", lambda clicks: encoder(clicks, address, TOKENS_32)
    yield "encoder, 256 tokens", lambda clicks: encoder(clicks, address, TOKENS_256)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with running_app("--server.headless", "true") as (address, server), sync_playwright() as playwright:
        browser = open_browser(playwright)
        for name, visit in pages(address):
            warm = Clicks(browser.new_page(viewport={"width": 1280, "height": 900}), server)
            visit(warm)  # the server's background loading and the browser's first use of each chart
            clicks = Clicks(warm.page, server)
            for _ in range(rounds):
                visit(clicks)
                time.sleep(0.5)
            print(f"{name}: ms to a page that stands still (processor time of the server)")
            for click, taken in clicks.taken.items():
                wall, used = (statistics.median(one) for one in zip(*taken, strict=True))
                print(f"  {click:26} {wall:6.0f} ({used:.0f})", flush=True)
            warm.page.close()
        browser.close()


if __name__ == "__main__":
    main()
