"""A map of more texts than are laid out: all on it, the same again, placed where their like are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.scale import ScaleError, map_lazy
from analytics.text import MapParameters, TopicChoices
from tests.scale.conftest import Opened

pytestmark = pytest.mark.slow

KINDS, EACH = 4, 60
TEXTS = [f"kind{kind} text{number}" for kind in range(KINDS) for number in range(EACH)]
ROWS = [*TEXTS, *TEXTS[:5], None, "  "]


def of_kinds() -> Callable[[], Any]:
    """Makes an encoder whose vectors lie around one axis for each kind of text."""

    def make() -> Any:
        class Kinds:
            def encode(self, texts):  # type: ignore[no-untyped-def] # travels to other processes by value
                import zlib

                import numpy as np

                made = []
                for text in texts:
                    vector = np.random.default_rng(zlib.crc32(text.encode())).normal(scale=0.1, size=8)
                    vector[int(text[4]) if text.strip() else 7] += 1
                    made.append(vector / np.linalg.norm(vector))
                return np.array(made, dtype=np.float32)

        return Kinds()

    return make


def mapped(frame: object, folder: Path, *, laid_out: int) -> tuple[Any, pd.DataFrame]:
    found = map_lazy(
        frame,
        "a text",
        folder=folder,
        encoder=of_kinds(),
        laid_out=laid_out,
        parameters=MapParameters(n_neighbors=10),
        choices=TopicChoices(min_size=8),
    )
    native = found.table
    table = (native.toArrow() if hasattr(native, "toArrow") else native.to_arrow_table()).to_pandas()
    return found, table.sort_values("row", ignore_index=True)


def check(table: Opened, folder: Path) -> None:
    frame = pd.DataFrame({"row": range(len(ROWS)), "a text": ROWS})
    found, result = mapped(table(frame), folder, laid_out=100)
    assert found.texts == len(TEXTS)
    assert 95 <= found.laid_out <= 100
    assert list(result["a text"][:-2]) == ROWS[:-2]
    assert result["map_x"][:-2].notna().all() and result["map_x"][-2:].isna().all()
    assert result["cluster_name"][-2:].isna().all()
    assert int(result["map_placed"][: len(TEXTS)].sum()) == len(TEXTS) - found.laid_out
    # Copies of a text stand where it stands.
    copies = [*range(5), *range(len(TEXTS), len(TEXTS) + 5)]
    assert len(result.iloc[copies][["map_x", "map_y"]].drop_duplicates()) == 5
    # Placed texts are where their kind is, and in its cluster.
    texts = result[: len(TEXTS)].assign(kind=np.repeat(np.arange(KINDS), EACH))
    placed = texts["map_placed"].astype(bool)
    centres = texts[~placed].groupby("kind")[["map_x", "map_y"]].median().to_numpy()
    gaps = np.linalg.norm(texts.loc[placed, ["map_x", "map_y"]].to_numpy()[:, None] - centres, axis=2)
    assert (gaps.argmin(axis=1) == texts.loc[placed, "kind"]).mean() > 0.97
    common = texts[~placed].groupby("kind")["cluster"].agg(lambda labels: labels.mode()[0])
    assert (texts.loc[placed, "cluster"].to_numpy() == common[texts.loc[placed, "kind"]]).mean() > 0.9
    assert found.quality.trustworthiness > 0.8
    assert f"{found.laid_out:,} laid out, {len(TEXTS) - found.laid_out:,} placed" in found.sentence()


def test_all_texts_are_on_the_map(duckdb_table: Opened, tmp_path: Path) -> None:
    check(duckdb_table, tmp_path / "vectors")


def test_spark_maps_them_too(spark_table: Opened, tmp_path: Path) -> None:
    check(spark_table, tmp_path / "vectors")


def test_the_same_map_again_keeps_what_was_placed(duckdb_table: Opened, tmp_path: Path) -> None:
    frame = pd.DataFrame({"row": range(len(ROWS)), "a text": ROWS})
    _, first = mapped(duckdb_table(frame), tmp_path / "v", laid_out=100)
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "v").rglob("places.parquet")}
    _, again = mapped(duckdb_table(frame), tmp_path / "v", laid_out=100)
    pd.testing.assert_frame_equal(again, first)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "v").rglob("places.parquet")} == made


def test_rows_in_another_order_give_the_same_map(duckdb_table: Opened, tmp_path: Path) -> None:
    frame = pd.DataFrame({"row": range(len(ROWS)), "a text": ROWS})
    _, first = mapped(duckdb_table(frame), tmp_path / "v", laid_out=100)
    turned = frame.sample(frac=1, random_state=3, ignore_index=True)
    _, again = mapped(duckdb_table(turned), tmp_path / "w", laid_out=100)
    pd.testing.assert_frame_equal(again, first)


def test_few_texts_are_all_laid_out(duckdb_table: Opened, tmp_path: Path) -> None:
    frame = pd.DataFrame({"row": range(len(ROWS)), "a text": ROWS})
    found, result = mapped(duckdb_table(frame), tmp_path / "v", laid_out=1000)
    assert found.laid_out == found.texts == len(TEXTS)
    assert not result["map_placed"][:-2].any()
    assert "none had to be placed" in found.sentence()


def test_a_graph_finds_nearly_all_that_comparing_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    from analytics.scale import placing
    from analytics.text import cluster, project

    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(600, 12)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    projection = project(vectors[:500])
    clusters = cluster(projection, [f"word{n % 7}" for n in range(500)])
    exact = placing.Places(projection, clusters)
    assert exact.recall == 1
    expected, percentile, labels = exact.of_others(vectors[500:])
    by_hand = projection.transform(vectors[500:])
    assert np.array_equal(expected, by_hand[0]) and np.array_equal(percentile, by_hand[1])
    monkeypatch.setattr(placing, "EXACTLY", 10)
    near = placing.Places(projection, clusters)
    assert near.recall > 0.95
    assert (near.of_others(vectors[500:])[2] == labels).mean() > 0.9


def test_what_cannot_be_mapped_is_refused(duckdb_table: Opened, tmp_path: Path) -> None:
    blank = pd.DataFrame({"t": [" ", None], "x": [1, 2]})
    with pytest.raises(ScaleError, match="'t' has no text to map"):
        map_lazy(duckdb_table(blank), "t", folder=tmp_path / "a", encoder=of_kinds())
    taken = pd.DataFrame({"t": ["kind1 a"], "Map_X": [1]})
    with pytest.raises(ScaleError, match="already has a column 'map_x'"):
        map_lazy(duckdb_table(taken), "t", folder=tmp_path / "b", encoder=of_kinds())
