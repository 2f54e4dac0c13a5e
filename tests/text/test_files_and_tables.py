"""Vectors from files, texts from columns, and the exported table: every row once, in order."""

from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ZetascopeError
from analytics.text import cluster, near_duplicates, project, read_vectors, semantic_outliers, write_vectors
from analytics.text.map_table import map_table, text_column


def parquet(**columns) -> bytes:
    target = BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def npy(array: np.ndarray, **settings_) -> bytes:
    target = BytesIO()
    np.save(target, array, **settings_)
    return target.getvalue()


def test_numpy_files_come_back_as_unit_rows(three_blobs) -> None:
    np.testing.assert_array_equal(read_vectors(write_vectors(three_blobs)), three_blobs)
    again = project(read_vectors(write_vectors(three_blobs)))
    np.testing.assert_array_equal(again.points, project(three_blobs).points)
    np.testing.assert_allclose(read_vectors(npy(three_blobs.astype("f8") * 3)), three_blobs, atol=1e-6)
    assert read_vectors(npy(np.array([[3, 4], [0, 0]]))).tolist() == [
        [np.float32(0.6), np.float32(0.8)],
        [0, 0],
    ]


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.float32()), pa.list_(pa.float64()), pa.list_(pa.float16(), 2), pa.large_list(pa.int32())],
)
def test_parquet_list_columns(kind) -> None:
    values = (
        [[3, 4], [0, 1]]
        if not pa.types.is_fixed_size_list(kind)
        else np.array([[3, 4], [0, 1]], "f2").tolist()
    )
    data = parquet(text=["a", "b"], vector=pa.array(values, pa.list_(pa.float64())).cast(kind))
    np.testing.assert_allclose(read_vectors(data, rows=2), [[0.6, 0.8], [0, 1]], atol=1e-6)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "neither"),
        (b"a,b\n1,2\n", "neither"),
        (npy(np.zeros((2, 2)))[:100], "cannot be read"),
        (npy(np.array([{"a": 1}]), allow_pickle=True), "cannot be read"),
        (npy(np.array(["a"])), "not numbers"),
        (npy(np.zeros(5)), "one row per text"),
        (npy(np.zeros((3, 2))), "3 vectors, the table 2"),
        (npy(np.array([[1, 2], [np.nan, 1]])), "row 2"),
        (parquet(a=[1, 2]), "No column"),
        (parquet(a=[[1.0], [1.0, 2.0]]), "different lengths"),
        (parquet(a=[[1.0], None]), "no vector"),
        (b"PAR1 nonsense", "cut off"),
    ],
)
def test_bad_vector_files_are_told(data: bytes, word: str) -> None:
    with pytest.raises(ZetascopeError, match=word):
        read_vectors(data, rows=2)


def test_missing_and_blank_texts_are_counted_and_left_out() -> None:
    found = text_column(pd.Series(["a", None, " \n", "b", "", "a"], name="t"))
    assert found.texts == ("a", "b", "a")
    assert found.rows.tolist() == [0, 3, 5]
    assert (found.missing, found.blank) == (1, 2)
    assert text_column(pd.Series([1.5, np.nan])).texts == ("1.5",)
    with pytest.raises(ZetascopeError, match="'t' has no text"):
        text_column(pd.Series([None, " "], name="t"))


CELLS = st.one_of(st.none(), st.sampled_from(["", "  ", "a", "b", "same", "longer text 🙂", "שלום", "a\nb"]))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=25), seed=st.integers(0, 9))
def test_every_row_is_exported_once_in_order(cells: list[str | None], seed: int) -> None:
    frame = pd.DataFrame({"t": pd.array(cells, dtype="string"), "map_x": range(len(cells))})
    frame.index = frame.index * 2 + 10
    try:
        column = text_column(frame["t"])
    except ZetascopeError:
        assert not any(cell and cell.strip() for cell in cells)
        return
    vectors = np.random.default_rng(seed).normal(size=(len(column.texts), 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    projection = project(vectors)
    selected = np.arange(len(cells)) % 2 == 0
    exported = map_table(
        frame,
        column.rows,
        projection,
        clusters=cluster(projection, column.texts),
        duplicates=near_duplicates(projection.neighbors, vectors=projection.vectors),
        unusual=semantic_outliers(projection.neighbors),
        selected=selected,
    )
    pd.testing.assert_frame_equal(exported[["t", "map_x"]], frame)
    assert exported["map_x_"].notna().sum() == len(column.texts)
    assert exported["selected"].tolist() == selected.tolist()
    for place, row in enumerate(column.rows):
        assert exported["map_x_"].iloc[row] == pytest.approx(float(projection.points[place, 0]))
        listed = [int(word) - 1 for word in exported["neighbors"].iloc[row].split()]
        assert listed == column.rows[projection.neighbors.indices[place, :5]].tolist()
    assert not exported.columns.duplicated().any()


FAISS_TWO = (
    b"IxFI\x02\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00"
    b"\x00\x00\x00\x01\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00@@\x00\x00\x80@\x00\x00\x00\x00"
    b"\x00\x00\x80?"
)
"""What faiss 1.15.1 itself writes for IndexFlatIP(2) with (3, 4) and (0, 1)."""


def numbered(*numbers: int, kind: bytes = b"IxMp", flat: bytes = FAISS_TWO) -> bytes:
    """As faiss writes IndexIDMap around it."""
    counted = len(numbers).to_bytes(8, "little")
    return kind + flat[4:37] + flat + counted + np.array(numbers, "<i8").tobytes()


def test_faiss_files_come_and_go() -> None:
    assert write_vectors(np.array([[3, 4], [0, 1]], "f4"), form="faiss") == FAISS_TWO
    unit = np.array([[0.6, 0.8], [0, 1]], "f4")
    for data in (
        FAISS_TWO,
        FAISS_TWO.replace(b"IxFI", b"IxF2"),
        numbered(0, 1),
        numbered(0, 1, kind=b"IxM2"),
    ):
        np.testing.assert_allclose(read_vectors(data, rows=2), unit)
    np.testing.assert_allclose(read_vectors(numbered(2, 0), rows=4), [unit[1], [0, 0], unit[0], [0, 0]])
    np.testing.assert_allclose(read_vectors(numbered(2, 0)), [unit[1], [0, 0], unit[0]])


@pytest.mark.parametrize("form", ["npy", "parquet", "faiss"])
def test_every_form_comes_back_the_same(three_blobs, form: str) -> None:
    np.testing.assert_array_equal(read_vectors(write_vectors(three_blobs, form=form)), three_blobs)
    one = write_vectors(three_blobs[:1], form=form)
    np.testing.assert_array_equal(read_vectors(one, rows=1), three_blobs[:1])


def test_another_form_is_refused(three_blobs) -> None:
    with pytest.raises(ZetascopeError, match="choose one of npy, parquet, faiss"):
        write_vectors(three_blobs, form="pickle")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        *((FAISS_TWO[:length], "cut off") for length in (4, 20, 40, 50, len(FAISS_TWO) - 1)),
        (numbered(0, 1)[:-1], "cut off"),
        (b"IwFl" + FAISS_TWO[4:], "kind 'IwFl'"),
        (b"IHNf" + FAISS_TWO[4:], "need not keep vectors"),
        (numbered(0, 1, flat=b"IxPQ" + FAISS_TWO[4:]), "kind 'IxPQ'"),
        (FAISS_TWO[:4] + b"\xff\xff\xff\xff" + FAISS_TWO[8:], "cut off"),
        (FAISS_TWO[:8] + b"\x03" + FAISS_TWO[9:], "3 vectors, the table 2 rows"),
        (FAISS_TWO[:4] + b"\x03" + FAISS_TWO[5:], "another count of numbers"),
        (FAISS_TWO[:8] + (2**62).to_bytes(8, "little") + FAISS_TWO[16:], "must match"),
        (numbered(0, 0), "each has to be that of one row"),
        (numbered(-1, 0), "each has to be"),
        (numbered(0, 2), "from 0 to 1"),
        (numbered(0, 1, 2), "another count of vectors"),
        (FAISS_TWO[:-4] + b"\x00\x00\x80\x7f", "row 2"),
    ],
)
def test_bad_faiss_files_are_told(data: bytes, word: str) -> None:
    with pytest.raises(ZetascopeError, match=word):
        read_vectors(data, rows=2)


def test_a_number_beyond_all_memory_is_refused() -> None:
    with pytest.raises(ZetascopeError, match="the limit is"):
        read_vectors(numbered(0, 2**50))
