"""BM25 of texts with labelled ones, by ``bm25s``."""

from typing import Any

import numpy as np

from analytics.retrieval.tuning.material import Material


def index_words(material: Material, train: np.ndarray) -> Any:
    """What bm25s keeps of the labelled texts: a score for each text and word, (n, words) sparse."""
    from bm25s import BM25
    from scipy.sparse import csc_matrix

    ids, words = [material.term_ids[row] for row in train], max(len(material.vocabulary), 1)
    if not any(ids):
        return csc_matrix((len(train), words), dtype=np.float32)
    index = BM25()
    # By the numbers of the words, which all draws share; bm25s would cut and number them anew.
    scores = index.build_index_from_ids(list(range(words)), ids, show_progress=False)
    return csc_matrix((scores["data"], scores["indices"], scores["indptr"]), shape=(len(train), words))


def bytes_of(index: Any) -> int:
    """What must be kept of it."""
    return int(sum(part.nbytes for part in (index.data, index.indices, index.indptr)))


def relative_scores(material: Material, index: Any, rows: np.ndarray) -> np.ndarray:
    """BM25 of texts (m) with the labelled ones (n), as shares of each text's own best: (m, n) in [0, 1]."""
    scores = np.asarray((_counts(material, rows) @ index.T).todense(), dtype=np.float32)
    best = scores.max(axis=1, keepdims=True)
    return scores / np.where(best > 0, best, 1)


def _counts(material: Material, rows: np.ndarray) -> Any:
    """How often each text has each word, (m, words) sparse."""
    from scipy.sparse import csr_matrix

    ids = [material.term_ids[row] for row in rows]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in ids])])
    flat = np.array([term for one in ids for term in one], dtype=np.int64)
    words = max(len(material.vocabulary), 1)
    return csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(rows), words))
