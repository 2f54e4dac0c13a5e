"""Four sessions map at once, with one encoder and one cache between them: nobody gets another's result."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from analytics.text import (
    VectorCache,
    cluster,
    encode_cached,
    load_encoder,
    map_table,
    near_duplicates,
    neighbor_graph,
    project,
    semantic_outliers,
    text_column,
)

TOPICS = ("cheese", "railways", "card payments", "the weather")


def made(number: int, encoder, store: VectorCache) -> pd.DataFrame:
    frame = pd.DataFrame({"t": [f"{TOPICS[number]} remark {i % 70} of session {number}" for i in range(90)]})
    column = text_column(frame["t"])
    vectors = encode_cached(encoder, column.texts, store=store).vectors
    projection = project(vectors, neighbors=neighbor_graph(vectors, k=45))
    return map_table(
        frame,
        column.rows,
        projection,
        clusters=cluster(projection, column.texts, min_size=5),
        duplicates=near_duplicates(projection.neighbors, 0.999, vectors=projection.vectors),
        unusual=semantic_outliers(projection.neighbors),
    )


@pytest.mark.slow
def test_four_sessions_do_not_mix(tmp_path) -> None:
    encoder = load_encoder()
    cache = VectorCache(tmp_path / "v.sqlite")
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda number: made(number % 4, encoder, cache), range(12)))
    for number in range(4):
        alone = made(number, encoder, VectorCache(tmp_path / "v.sqlite"))
        for table in at_once[number::4]:
            assert table["t"].str.contains(f"session {number}").all()
            # Vectors are stored by whoever is first; from then on every map of them is the same.
            agree = np.isclose(table["map_trust"], alone["map_trust"], atol=0.35).mean()
            assert agree > 0.9
            assert (table["duplicate_group"] == alone["duplicate_group"]).all()
        pd.testing.assert_frame_equal(at_once[8 + number], alone)
