"""Everything that the first map of a process would otherwise wait for."""

import numpy as np

from analytics.text.encoders import TextEncoder
from analytics.text.finding.search import index_words
from analytics.text.projection import project
from analytics.text.topics.clusters import cluster


def warm_up(encoder: TextEncoder) -> None:
    """Load the model and its runtime, the compiled loops and the libraries of clusters and search.

    Takes some ten seconds of one core; meant for a background thread after the server's first page.
    """
    encoder.warm_up()
    vectors = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    projection = project(vectors)
    projection.transform(vectors[:1] + 0.01)
    texts = ["some words"] * len(vectors)
    cluster(projection, texts)
    index_words(texts)
