"""The Data page in a real browser: upload a real file, read it another way, take it away again."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import choose, open_address, saved, try_again, upload, wait_until_still
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

PIPES = b"name|size;weight\nAda|1;2\nBo|3;4\nCy|5;6\nDi|7;8\n"


def test_a_real_file_is_read_and_downloaded_unchanged(page: Page, app: str, tmp_path: Path) -> None:
    open_address(page, app)
    upload(page, ROOT / "sample_data" / "cars.csv")
    expect(page.get_by_test_id("stSidebar").get_by_text("406 rows, 9 columns")).to_be_visible()
    target = tmp_path / "cars.parquet"
    saved(page, "Parquet").save_as(target)
    ours, theirs = pd.read_parquet(target), pd.read_csv(ROOT / "sample_data" / "cars.csv")
    pd.testing.assert_frame_equal(
        ours.convert_dtypes(), theirs.convert_dtypes(), check_dtype=False, check_column_type=False
    )


def test_another_delimiter_reads_the_file_again(page: Page, app: str) -> None:
    open_address(page, app)
    upload(page, {"name": "pipes.csv", "mimeType": "text/csv", "buffer": PIPES})
    expect(page.get_by_text("Cells are separated by semicolon")).to_be_visible()
    page.get_by_text("Read it another way").click()
    wait_until_still(page)
    choose(page, "Delimiter", "|")
    expect(page.get_by_text("Preview")).to_be_visible()
    page.get_by_role("button", name="Use this reading").click()
    wait_until_still(page)
    expect(page.get_by_text("separated by vertical bar, as asked").first).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("4 rows, 2 columns")).to_be_visible()


def test_a_bad_file_leaves_the_open_one_alone(page: Page, app: str) -> None:
    open_address(page, f"{app}/?data=Exams")
    upload(page, {"name": "bad.parquet", "mimeType": "application/octet-stream", "buffer": b"PAR1nothing"})
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("exams.csv")).to_be_visible()


def test_rows_are_searched_sorted_kept_and_taken_away(page: Page, app: str, tmp_path: Path) -> None:
    open_address(page, app)
    upload(page, ROOT / "sample_data" / "cars.csv")
    # The fifth column of the file: a canvas has no cells to ask for.
    fifth = {"x": 60, "y": 37 + 35 * 4 + 17}
    try_again(
        lambda: page.get_by_test_id("stDataFrame").first.click(position=fifth),
        page.get_by_text("Without a value: rows 39, 134, 338, 344, 362, 383."),
    )
    wait_until_still(page)
    expect(page.get_by_role("combobox", name="Used as")).to_have_value("number")

    search = page.get_by_label("Search", exact=True)
    search.fill("CHEVROLET m")
    search.press("Enter")
    wait_until_still(page)
    expect(page.get_by_text("8 of 406 rows")).to_be_visible()
    for chosen in ("name", "name, descending"):
        try_again(
            lambda: page.locator(".st-key-data_rows_page").click(position={"x": 170, "y": 18}),
            page.locator(".st-key-data_sort").get_by_text(chosen, exact=True),
        )
        wait_until_still(page)
    target = tmp_path / "found.csv"
    saved(page, "CSV").save_as(target)
    names = pd.read_csv(target)["name"]
    assert len(names) == 8
    assert names.is_monotonic_decreasing
    page.get_by_role("button", name="Keep these rows").click()
    wait_until_still(page)
    expect(page.get_by_text("8 of 406 rows after 1 step").first).to_be_visible()
    expect(search).to_have_value("")
