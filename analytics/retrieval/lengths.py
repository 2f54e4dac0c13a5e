"""What the length of a passage does to finding, on questions whose answers are known."""

from collections.abc import Sequence

import pandas as pd

from analytics.progress import Progress, silent
from analytics.retrieval.evaluation import evaluate
from analytics.retrieval.index import build_index
from analytics.retrieval.questions import Questions
from analytics.text import TextEncoder
from analytics.text.vector_cache import VectorStore

LENGTHS: tuple[int | None, ...] = (32, 64, 128, None)
"""Tokens of a passage, special ones included; None is as many as the model reads."""


def effect_of_length(
    documents: Sequence[str],
    questions: Questions,
    *,
    encoder: TextEncoder,
    lengths: Sequence[int | None] = LENGTHS,
    store: VectorStore | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The same questions to the documents cut into passages of each length, each read anew.

    One line a length and method: tokens (missing: as the model reads), passages, method, and nDCG@10 with
    its 95 % interval: mean, low, high. ``progress`` counts lengths, and may raise to cancel.

    Raises:
        ZetascopeError: as ``build_index`` does.
    """
    tell = progress or silent
    lines = []
    for number, tokens in enumerate(lengths):

        def between(_done: int, _total: int, number: int = number) -> None:
            tell(number, len(lengths))  # the chance to cancel, within a length too

        between(0, 1)
        index = build_index(documents, encoder=encoder, tokens=tokens, store=store, progress=between)
        found = evaluate(questions, index, progress=between)
        for method, measures in found.measures.items():
            one = measures["nDCG@10"]
            lines.append((tokens, len(index.passages.texts), method, one.value, one.low, one.high))
    made = pd.DataFrame(lines, columns=["tokens", "passages", "method", "mean", "low", "high"])
    return made.astype({"tokens": "Int64"})
