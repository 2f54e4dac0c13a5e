"""Names of downloads."""

import pytest

from analytics.dashboard.parts.files import stem_of


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
