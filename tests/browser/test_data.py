"""The Data page in a real browser: upload a real file, read it another way, take it away again."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import choose, open_address, saved, upload, wait_until_still
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
