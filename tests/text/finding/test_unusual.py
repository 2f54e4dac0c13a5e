"""Texts far from all."""

import numpy as np

from analytics.text.finding.unusual import semantic_outliers
from analytics.text.neighbors import neighbor_graph


def test_a_stray_text_is_the_most_unusual(three_blobs) -> None:
    vectors = np.vstack([three_blobs, -three_blobs.mean(axis=0) / np.linalg.norm(three_blobs.mean(axis=0))])
    graph = neighbor_graph(vectors, k=15)
    unusual = semantic_outliers(graph)
    assert unusual.rows(1)[0] == 120
    assert unusual.percentile[120] == 100
    np.testing.assert_allclose(unusual.distance, graph.distances[:, :10].mean(axis=1))
