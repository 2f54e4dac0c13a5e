"""Files beyond memory: what is in them, and a part of their rows, by a process of its own."""

import io

import numpy as np
import pandas as pd
import pytest

from analytics.apart import Limits
from analytics.recipe import Compare
from analytics.recipe.steps import Keep
from analytics.scale import ScaleError
from analytics.scale.part import can_look, look_over, take_part

pytestmark = pytest.mark.slow

ROWS = 3_000
FRAME = pd.DataFrame(
    {
        "n": np.arange(ROWS),
        "a town": np.array(["Rome", "Oslo", "Bern"], dtype=object)[np.arange(ROWS) % 3],
        "x": np.where(np.arange(ROWS) % 10 == 0, np.nan, np.arange(ROWS) / 8),
    }
)


def parquet() -> bytes:
    target = io.BytesIO()
    FRAME.to_parquet(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("source", "name"), [(parquet(), "a.parquet"), (FRAME.to_csv(index=False).encode(), "Ä.CSV")]
)
def test_what_is_in_a_file_and_some_of_its_rows(source: bytes, name: str) -> None:
    assert can_look(name)
    large = look_over(source, name=name, limits=Limits())
    assert large.rows == ROWS
    by_name = {line["name"]: line for line in large.columns}
    assert list(by_name) == list(FRAME.columns)
    assert by_name["x"]["missing"] == ROWS // 10
    assert by_name["x"]["maximum"] == FRAME["x"].max()
    assert by_name["x"]["mean"] == pytest.approx(FRAME["x"].mean(), rel=1e-12)
    assert by_name["a town"]["distinct"] == 3

    keep = Keep(Compare("a town", "==", "Oslo"))
    part = take_part(source, name=name, rows=100, keep=keep, columns=("x", "n"), limits=Limits())
    assert (part.rows, part.matching, part.taken) == (ROWS, ROWS // 3, 100)
    taken = pd.read_parquet(io.BytesIO(part.parquet))
    assert list(taken.columns) == ["x", "n"]
    assert taken["n"].is_monotonic_increasing and taken["n"].is_unique
    expected = FRAME.iloc[taken["n"]]
    assert (expected["a town"] == "Oslo").all()
    np.testing.assert_array_equal(taken["x"].to_numpy(float), expected["x"].to_numpy())
    again = take_part(source, name=name, rows=100, keep=keep, columns=("x", "n"), limits=Limits())
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(again.parquet)), taken)


def test_all_rows_where_there_are_no_more() -> None:
    part = take_part(parquet(), name="a.parquet", rows=10_000, limits=Limits())
    assert (part.matching, part.taken) == (ROWS, ROWS)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(part.parquet)), FRAME, check_dtype=False)


def test_every_row_has_the_same_chance() -> None:
    """Over the thirds of the file, by a chi-squared that one seed in a thousand exceeds."""
    part = take_part(parquet(), name="a.parquet", rows=600, seed=3, limits=Limits())
    thirds = np.histogram(pd.read_parquet(io.BytesIO(part.parquet))["n"], bins=3, range=(0, ROWS))[0]
    assert ((thirds - 200) ** 2 / 200).sum() < 13.8


@pytest.mark.parametrize(
    ("source", "name", "keep", "said"),
    [
        (b"", "a.csv", None, "'a.csv' can't be read: it is empty"),
        (b"PAR1 and no more", "a.parquet", None, "'a.parquet' can't be read: it is no whole Parquet file"),
        (parquet(), "a.parquet", Keep(Compare("a town", "==", "Bonn")), "None of the 3,000 rows"),
        (parquet(), "a.parquet", Keep(Compare("gone", "==", 1)), "no column 'gone'"),
        (parquet(), "a.parquet", Keep(Compare("x", ">", "Bonn")), "'x' takes a number, not 'Bonn'"),
    ],
)
def test_what_gives_no_rows_is_a_sentence(source: bytes, name: str, keep: Keep | None, said: str) -> None:
    with pytest.raises(ScaleError) as raised:
        take_part(source, name=name, rows=10, keep=keep, limits=Limits())
    assert said in str(raised.value)
    assert "/tmp" not in str(raised.value) and "--bad-files" not in str(raised.value)
