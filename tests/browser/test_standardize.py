"""From an uploaded file to downloaded scores in a real browser, compared with pandas."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Download, Page, expect

from analytics.numbers import Standardizer
from tests.browser.helpers import go_to, open_address, saved, try_again, upload, wait_until_still

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(12)
MARKS = pd.DataFrame(
    {
        "pupil": [f"P{i:03d}" for i in range(40)],
        "school": RNG.choice(["north", "süd"], 40),
        "maths": RNG.integers(20, 100, 40),
        "reading": RNG.normal(500, 90, 40).round(1),
    }
)
SOURCE = MARKS.to_csv(index=False, sep=";", decimal=",").encode("utf-8")


def content_of(download: Download) -> tuple[str, bytes]:
    return download.suggested_filename, Path(download.path()).read_bytes()


def select(page: Page, label: str, option: str) -> None:
    """Choose by keyboard: a list that a rerun redraws would lose a click."""
    wait_until_still(page)
    box = page.get_by_role("combobox", name=label)
    box.fill(option)
    box.press("Enter")
    expect(box).to_have_value(option)
    wait_until_still(page)


def test_upload_reread_standardize_download_and_compare_with_pandas(
    page: Page, app: str, tmp_path: Path
) -> None:
    open_address(page, app)
    upload(page, {"name": "marks.csv", "mimeType": "text/csv", "buffer": SOURCE})
    side = page.get_by_test_id("stSidebar")
    expect(side.get_by_text("40 rows, 4 columns")).to_be_visible()
    page.get_by_text("Read it another way").click()
    wait_until_still(page)
    select(page, "Delimiter", "|")
    page.get_by_role("button", name="Use this reading").click()
    expect(side.get_by_text("40 rows, 1 column")).to_be_visible()
    wait_until_still(page)
    upload(page, {"name": "marks.csv", "mimeType": "text/csv", "buffer": SOURCE})
    expect(side.get_by_text("40 rows, 4 columns")).to_be_visible()
    wait_until_still(page)

    go_to(page, "Standardize")
    expect(page.get_by_role("heading", name="Furthest from typical")).to_be_visible()
    name, csv = content_of(saved(page, "CSV"))
    assert name == "marks_z.csv"
    scored = pd.read_csv(io.BytesIO(csv))
    for column in ("maths", "reading"):
        expected = (MARKS[column] - MARKS[column].mean()) / MARKS[column].std(ddof=0)
        np.testing.assert_allclose(scored[f"{column}_z"], expected, rtol=1e-12, atol=1e-14)
    assert scored["pupil"].tolist() == MARKS["pupil"].tolist()
    assert scored["school"].tolist() == MARKS["school"].tolist()
    parquet = pd.read_parquet(io.BytesIO(content_of(saved(page, "Parquet"))[1]))
    np.testing.assert_array_equal(parquet["maths_z"], scored["maths_z"])

    name, transform = content_of(saved(page, "Transform (JSON)"))
    again = Standardizer.from_json(transform).transform(MARKS)
    np.testing.assert_array_equal(again["reading"], parquet["reading_z"])
    assert json.loads(transform)["source"]["name"] == "marks.csv"

    (tmp_path / name).write_bytes(transform)
    (tmp_path / "marks.csv").write_bytes(SOURCE)
    script_name, script = content_of(saved(page, "Script (Python)"))
    (tmp_path / script_name).write_bytes(script)
    subprocess.run([sys.executable, "-I", script_name], cwd=tmp_path, check=True)
    assert (tmp_path / "marks_z.csv").read_bytes() == csv


def test_choices_stand_in_the_link_and_survive_other_pages(page: Page, app: str) -> None:
    open_address(page, f"{app}/standardize?data=Exams")
    select(page, "Method", "robust z-score")
    expect(page.get_by_text("robust standard deviations").first).to_be_visible()
    link = page.url
    assert "standardize_method" in link
    go_to(page, "Compare")
    go_to(page, "Standardize")
    expect(page.get_by_role("combobox", name="Method")).to_have_value("robust z-score")
    other = page.context.new_page()
    open_address(other, link)
    expect(other.get_by_role("combobox", name="Method")).to_have_value("robust z-score")
    other.close()


def test_a_name_of_markup_stays_text(page: Page, app: str) -> None:
    name = "<img src=x onerror=alert(1)>**b**"
    rows = "".join(f"{i},{i * i % 17}\n" for i in range(30))
    dialogs: list[object] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    open_address(page, app)
    upload(page, {"name": "odd.csv", "mimeType": "text/csv", "buffer": f'"{name}",y\n{rows}'.encode()})
    for title in ("Standardize", "Compare"):
        go_to(page, title)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.locator("img[src='x']")).to_have_count(0)
    assert not dialogs


def test_a_click_on_a_score_tells_what_it_means(page: Page, app: str) -> None:
    open_address(page, app)
    upload(page, {"name": "marks.csv", "mimeType": "text/csv", "buffer": SOURCE})
    go_to(page, "Standardize")
    expect(page.get_by_role("heading", name="What one score means")).to_be_visible()
    wait_until_still(page)
    scores = Standardizer(columns=["maths", "reading"]).fit_transform(MARKS)
    by_size = scores.abs().max(axis=1).sort_values(ascending=False, kind="stable")
    row = int(by_size.index[2])
    table = page.get_by_role("region", name=re.compile("^Scores of"))
    header, line = 35, 35

    def click() -> None:
        table.scroll_into_view_if_needed()
        frame = table.bounding_box()
        assert frame is not None
        page.mouse.click(frame["x"] + frame["width"] - 40, frame["y"] + header + 2.5 * line)

    score = float(scores["reading"].iloc[row])
    side = "above" if score > 0 else "below"
    try_again(click, page.get_by_text(f"{abs(score):.1f} standard deviations {side} the mean; higher than"))
    wait_until_still(page)
    expect(page.get_by_role("spinbutton", name="Row")).to_have_value(str(row + 1))
    expect(page.get_by_role("combobox", name="Column").last).to_have_value("reading")
    expect(page.get_by_test_id("stMetricValue")).to_have_text(f"{score:.2f}")
