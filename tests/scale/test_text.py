"""Texts of an engine's table as vectors: those of the encoder, identical texts once, resumable."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analytics.scale import ScaleError, embed_lazy
from tests.scale.conftest import Opened

pytestmark = pytest.mark.slow

TEXTS = ["a", "bb", None, "a", "", "dddd", "bb", "it's é", "a b c", "zz"] * 30


def counting(seen: Path | None = None, *, dies: Path | None = None) -> Callable[[], Any]:
    """Makes an encoder of two dimensions; it notes each text, and travels to other processes by value.

    With ``dies`` the first process that encodes ends at once, as one does that is killed.
    """

    def make() -> Any:
        class Lengths:
            def encode(self, texts):  # type: ignore[no-untyped-def] # no names to look up elsewhere
                import os

                import numpy as np

                if dies and not dies.exists():
                    dies.touch()
                    os._exit(9)
                if seen:
                    with seen.open("a") as file:
                        file.writelines(f"{text}\n" for text in texts)
                return np.array([[len(text), len(text) / 3] for text in texts], dtype=np.float32)

        return Lengths()

    return make


def check(table: Opened, folder: Path, *, dies: Path | None = None) -> None:
    frame = pd.DataFrame({"row": range(len(TEXTS)), "my.text": TEXTS})
    encoder = counting(dies=dies)
    native = embed_lazy(table(frame), "my.text", folder=folder, encoder=encoder, texts_at_a_time=5)
    found = (native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()).sort_by("row")
    assert found.column_names == ["row", "my.text", "vector"]
    expected = [
        None if text is None else [float(len(text)), float(np.float32(len(text) / 3))] for text in TEXTS
    ]
    assert found["vector"].to_pylist() == expected


def test_every_row_has_the_vector_of_its_text(duckdb_table: Opened, tmp_path: Path) -> None:
    check(duckdb_table, tmp_path / "vectors")
    (first, *_) = sorted((tmp_path / "vectors").glob("*/*.parquet"))
    assert str(pq.read_schema(first).field("vector").type) == "fixed_size_list<element: float>[2]"


def test_workers_of_spark_give_the_same_vectors_though_one_dies(spark_table: Opened, tmp_path: Path) -> None:
    check(spark_table, tmp_path / "vectors", dies=tmp_path / "died")
    assert (tmp_path / "died").exists()


def test_a_text_is_encoded_once_and_never_again(duckdb_table: Opened, tmp_path: Path) -> None:
    """A bucket that is there is kept; one that a stop left half written is made anew."""
    seen, folder = tmp_path / "seen", tmp_path / "vectors"
    frame = pd.DataFrame({"t": TEXTS})
    embed_lazy(duckdb_table(frame), "t", folder=folder, encoder=counting(seen), texts_at_a_time=3)
    first = seen.read_text().splitlines()
    assert sorted(first) == sorted({text for text in TEXTS if text is not None})
    whole = sorted(folder.glob("duckdb-*"))
    whole[0].rename(whole[0].with_name(whole[0].name + ".partial"))
    embed_lazy(duckdb_table(frame), "t", folder=folder, encoder=counting(seen), texts_at_a_time=3)
    again = seen.read_text().splitlines()[len(first) :]
    assert 0 < len(again) < len(first)
    assert sorted(folder.glob("duckdb-*")) == whole


def test_other_texts_in_the_same_folder_get_vectors_of_their_own(
    duckdb_table: Opened, tmp_path: Path
) -> None:
    for texts in (["a", "b"], ["ccc", "dd"]):
        frame = pd.DataFrame({"t": texts})
        native = embed_lazy(duckdb_table(frame), "t", folder=tmp_path / "v", encoder=counting())
        assert sorted(row[0] for row in native.to_arrow_table()["vector"].to_pylist()) == sorted(
            map(len, texts)
        )


def test_a_column_without_any_text_has_no_vectors(duckdb_table: Opened, tmp_path: Path) -> None:
    frame = pd.DataFrame({"t": pd.Series([None, None], dtype="string")})
    native = embed_lazy(duckdb_table(frame), "t", folder=tmp_path / "v", encoder=counting())
    assert native.to_arrow_table()["vector"].to_pylist() == [None, None]


def test_what_has_no_texts_is_refused(duckdb_table: Opened, tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.0], "t": ["a"], "Vector": [1]})
    with pytest.raises(ScaleError, match="'x' holds Float64, not texts"):
        embed_lazy(duckdb_table(frame), "x", folder=tmp_path, encoder=counting())
    with pytest.raises(ScaleError, match="already has a column 'vector'"):
        embed_lazy(duckdb_table(frame), "t", folder=tmp_path, encoder=counting())
