"""Documents as the passages that questions find."""

from collections.abc import Sequence

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text import Passages, TextEncoder, cut_passages
from analytics.text.arguments import as_texts, check_whole

SHORTEST = 16  # tokens: below it a passage is hardly a sentence


def passages(texts: Sequence[str], *, encoder: TextEncoder, tokens: int | None = None) -> Passages:
    """The passages of n documents, as the model can read them; a document without text has none.

    ``tokens``: the most a passage may have, special tokens included; default: as many as the model reads.

    Raises:
        ZetascopeError: no document has text, or passages of fewer than 16 tokens are asked for.
    """
    if tokens is not None:
        check_whole(tokens, name="The length of a passage in tokens", least=SHORTEST)
    texts = list(as_texts(texts))  # a column of a table has names of rows, which are not their places
    filled = [place for place, text in enumerate(texts) if text.strip()]
    if not filled:
        raise ZetascopeError("No document has any text: choose a column with texts.")
    cut = cut_passages([texts[place] for place in filled], encoder, tokens=tokens)
    return Passages(cut.texts, np.array(filled, dtype=np.int64)[cut.owners], len(texts))
