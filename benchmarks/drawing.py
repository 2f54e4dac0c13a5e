"""Which chart should draw a map of many points? Our own layer and Streamlit's charts, each in a browser.

    python -m benchmarks.drawing [--points 100000] [--rounds 3]
    python -m benchmarks.drawing --points 1000000 --layers own

Each draws the same points with a short text for the pointer, and gives a dragged region back to Python.
Measured: megabytes to the browser and seconds until the first picture stands; then megabytes back and seconds
from the region's end until Python's answer is on the page; and the processor seconds of server and browser
together until the first picture, which other work beside them hardly changes. Of our own layer also how many
frames a second it draws while it is dragged, and with how many of its points. Needs Chromium; without a
graphics card its WebGL is computed by the processor (SwiftShader), and that is what is measured.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.server import free_port, open_browser, wait_until_healthy

LAYERS = ("own", "plotly", "plotly, no texts", "echarts", "vega")

APP = """
import numpy as np, pandas as pd, streamlit as st

N = int(st.query_params["points"])
layer = st.query_params["layer"]

@st.cache_resource
def data(n):
    rng = np.random.default_rng(0)
    points = (rng.normal(size=(77, 2)) * 10)[rng.integers(0, 77, n)] + rng.normal(size=(n, 2))
    texts = [f"a text of usual length, with the number {row:,} and its cluster" for row in range(n)]
    frame = pd.DataFrame(points.astype("float32"), columns=["x", "y"])
    return frame.assign(text=texts, group=np.arange(n) % 8)

frame = data(N)
if layer.startswith("plotly"):
    import plotly.graph_objects as go
    about = {"customdata": np.arange(N, dtype="int32")}
    if layer == "plotly":
        about["text"] = frame["text"].to_numpy(dtype=object)
    figure = go.Figure(go.Scattergl(x=frame["x"].to_numpy(), y=frame["y"].to_numpy(), mode="markers",
                                    marker={"color": frame["group"].to_numpy("uint8"), "size": 3}, **about))
    figure.update_layout(dragmode="select", height=600)
    state = st.plotly_chart(figure, on_select="rerun", key="chart")
    count = len(state["selection"]["points"])
elif layer == "own":
    from types import SimpleNamespace
    from analytics.figures.text_map import point_layer
    from analytics.figures.text_map.looks import colour_by_number
    from analytics.text.regions import inside_polygon
    places = frame[["x", "y"]].to_numpy()
    drawn = SimpleNamespace(points=places, parameters=SimpleNamespace(method="umap"))
    texts = frame["text"].tolist() if N <= point_layer.MOST_TEXTS else None
    colouring = colour_by_number(frame["group"].to_numpy(float), title="group")
    look = point_layer.look(drawn, key="map", colouring=colouring, drawn=np.arange(N), alt="map", height=700)

    def part(name, mount, data, key, html="<i></i>", **on):
        script = f"{point_layer.SCRIPT}\\nexport default {mount}\\n"
        place = st.components.v2.component(name, html=html, css=point_layer.STYLE, js=script)
        place(data=data, key=key, height="content", **on)

    with st.container(key="chart"):
        part("points", "mountStock", point_layer.stock(places, texts, key="map"), "points")
        part("layer", "mountMap", look, "layer", point_layer.MARKUP, on_area_change=lambda: None)
    corners = (st.session_state.get("layer") or {}).get("area")
    count = int(inside_polygon(places, corners).sum()) if corners else 0
elif layer == "echarts":
    option = {
        "dataset": {"source": frame}, "xAxis": {"scale": True}, "yAxis": {"scale": True}, "tooltip": {},
        "visualMap": {"min": 0, "max": 7, "dimension": "group", "show": False},
        "brush": {"toolbox": ["rect", "polygon"], "xAxisIndex": "all", "yAxisIndex": "all",
                  "throttleType": "debounce"},
        "toolbox": {"show": True},
        "series": [{"type": "scatter", "symbolSize": 3, "encode": {"x": "x", "y": "y", "tooltip": "text"}}],
    }
    state = st.echarts_chart(option, on_select="rerun", key="chart", height=600)
    count = sum(len(group["data_indices"]) for group in state["selection"]["selected"])
else:
    import altair as alt
    alt.data_transformers.disable_max_rows()
    chart = alt.Chart(frame).mark_circle(size=9).encode(x="x", y="y", color="group:N", tooltip="text")
    chart = chart.add_params(alt.selection_interval(name="area")).properties(height=600)
    state = st.altair_chart(chart, on_select="rerun", key="chart")
    area = state["selection"]["area"]
    inside = [frame[axis].between(*area[axis]) for axis in area]
    count = int(np.logical_and.reduce(inside).sum()) if inside else 0
st.markdown(f"{count} selected")
"""


@contextmanager
def served(script: Path) -> Iterator[str]:
    """Address of the script running under Streamlit."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*command, "--server.port", str(port)], stdout=log, stderr=log)
        try:
            wait_until_healthy(f"http://localhost:{port}")
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def measure(browser: Any, url: str, layer: str, points: int) -> dict[str, float]:
    """One visit: first picture, then one dragged region."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    traffic = {"down": 0, "up": 0}

    def count(way: str) -> Any:
        def add(frame: Any) -> None:
            traffic[way] += len(frame)

        return add

    def follow(socket: Any) -> None:
        socket.on("framereceived", count("down"))
        socket.on("framesent", count("up"))

    page.on("websocket", follow)
    start, work = time.perf_counter(), processor_seconds()
    page.goto(f"{url}/?layer={layer}&points={points}")
    page.wait_for_selector("text='0 selected'", timeout=120_000)
    chart = page.locator(".st-key-chart")
    drawn = "canvas[data-frames]" if layer == "own" else "canvas"
    chart.locator(drawn).first.wait_for(timeout=120_000)
    still(page)
    found = {"MB down": traffic["down"] / 1e6, "first picture, s": time.perf_counter() - start}
    found["processor, s"] = processor_seconds() - work
    if layer == "echarts":  # its brush must be chosen in the toolbox, which is drawn on the canvas
        page.wait_for_timeout(500)
    if layer == "own":
        found |= pan(page, chart)
        chart.get_by_role("button", name="Box", exact=True).click()
    box = chart.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if layer == "echarts":
        page.mouse.click(box["x"] + box["width"] - 56, box["y"] + 18)
    reach = 60
    page.mouse.move(x - reach, y - reach)
    page.mouse.down()
    page.mouse.move(x + reach, y + reach, steps=4)
    start, before = time.perf_counter(), traffic["up"]
    page.mouse.up()
    page.locator("text=/^[1-9][0-9]* selected/").wait_for(timeout=20_000)
    found |= {"answer, s": time.perf_counter() - start, "MB up": (traffic["up"] - before) / 1e6}
    page.close()
    return found


def pan(page: Any, chart: Any, seconds: float = 4) -> dict[str, float]:
    """Drag the map to and fro; frames in the second half, when its pace has settled, and what they show."""
    canvas = chart.locator("canvas.points")
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    marks: list[tuple[float, int]] = []
    start, shown = time.perf_counter(), 0
    while (passed := time.perf_counter() - start) < seconds:
        page.mouse.move(x + 40 * (int(passed * 60) % 3), y + 40 * (int(passed * 40) % 3))
        if not marks or passed - marks[-1][0] > seconds / 4:
            marks.append((passed, int(canvas.get_attribute("data-frames"))))
            shown = int(canvas.get_attribute("data-drawn"))
    page.mouse.up()
    (start, first), (end, last) = marks[len(marks) // 2], marks[-1]
    page.wait_for_timeout(600)
    return {"frames a second": (last - first) / (end - start), "points in them": shown}


def processor_seconds() -> float:
    """Of the server and the browser, the children of this process: a busy machine hardly changes it."""
    import psutil

    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            times = process.cpu_times()
            _SPENT[process.pid] = times.user + times.system
    return sum(_SPENT.values())


_SPENT: dict[int, float] = {}
"""By process; one that has ended, as a closed page's, keeps what it took."""


def still(page: Any) -> None:
    """Wait until the browser has painted twice."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--layers", nargs="*", default=LAYERS, choices=LAYERS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "layers.py"
        script.write_text(APP)
        browser = open_browser(playwright)
        with served(script) as url:
            for layer in given.layers:
                rounds = [measure(browser, url, layer, given.points) for _ in range(given.rounds)]
                shown = ", ".join(
                    f"{name} {statistics.median(r[name] for r in rounds):.2f}" for name in rounds[0]
                )
                print(f"{layer}: {shown}", flush=True)


if __name__ == "__main__":
    main()
