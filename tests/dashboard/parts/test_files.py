"""Names of downloads."""

from io import BytesIO

import pandas as pd
import pytest

from analytics.dashboard.parts.files import content_of, stem_of, type_of
from analytics.tables import read_table


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("cars.csv", "cars"),
        ("sales.2024.CSV.gz", "sales.2024"),
        ("notes v1.2", "notes v1.2"),
        ("C/folder/cars.xlsx", "cars"),
        (".csv", "table"),
        ("", "table"),
    ],
)
def test_a_download_is_named_like_the_file_without_its_endings(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_a_table_is_written_as_the_ending_of_its_name_asks() -> None:
    frame = pd.DataFrame({"a": [1, 2], "=b": ["x", "=1+1"]})
    assert b"'=1+1" in content_of(frame, "t.csv")  # the safe form of this package's own writer
    assert read_table(content_of(frame, "t.csv")).frame.to_dict("list") == frame.to_dict("list")
    back = pd.read_parquet(BytesIO(content_of(frame, "Table.PARQUET")))
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)
    assert content_of("as it is", "t.csv") == "as it is"


def test_a_named_index_is_a_column_of_the_file_whatever_the_others_are_called() -> None:
    ranked = pd.DataFrame({"row": ["a", "b"]}, index=pd.Index([3, 7], name="row"))
    back = read_table(content_of(ranked, "t.csv")).frame
    assert back.to_dict("list") == {"row_": [3, 7], "row": ["a", "b"]}
    assert content_of(ranked.rename_axis(None), "t.csv") == content_of(ranked.reset_index(drop=True), "t.csv")


def test_the_media_type_follows_from_the_ending() -> None:
    assert type_of("map.csv") == "text/csv"
    assert type_of("a.b.PARQUET") == "application/vnd.apache.parquet"
    assert type_of("vectors.npy") == type_of("none") == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a\u202egnp.csv", "agnp"),
        ("a\u2066b\u2069.csv", "ab"),
        ("\x00\n\u2028.csv", "table"),
        ("a" + ".gz" * 5000, "a"),
        ("x" * 5000 + ".csv", "x" * 100),
        ("\u200f.csv", "table"),
        ("\ud800a.csv", "a"),
        ("../../etc/passwd.csv", "passwd"),
        ("csv", "csv"),
        (".csv", "table"),
    ],
)
def test_names_of_downloads_cannot_pass_for_others(name: str, stem: str) -> None:
    assert stem_of(name) == stem
