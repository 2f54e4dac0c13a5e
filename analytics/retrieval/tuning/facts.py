"""New facts: how many examples each way needs until it knows a new label, or unlearns a wrong one."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.progress import silent
from analytics.retrieval.tuning.study import Study
from analytics.retrieval.tuning.ways import WAYS

Kind = Literal["new", "wrong"]
EXAMPLES = (0, 1, 2, 4, 8, 20)


def learn_fact(study: Study, label: str, *, ways: Sequence[str], kind: Kind = "new") -> pd.DataFrame:
    """How well each way knows ``label`` after so many examples, on the first draw's texts.

    ``new``: all other labels are known, then examples of this one are added. ``wrong``: twenty texts of it
    stand under the label most like it, then so many are corrected.

    Returns:
        A row for each way and number of examples: the share of the label's test texts guessed right, that of
        all others, and the seconds until the way had learnt.

    Raises:
        ZetascopeError: a label that is not there.
    """
    if label not in study.data.names:
        raise ZetascopeError(f"There is no label {label!r}: choose among those that are compared.")
    code, split, codes = study.data.names.index(label), study.splits[0], study.data.codes
    own, others = (split.pool[codes[split.pool] == code], split.pool[codes[split.pool] != code])
    own, test = own[: max(EXAMPLES)], split.test
    rows = []
    for examples in [number for number in EXAMPLES if number < len(own)] + [len(own)]:
        taught = study.material.codes.copy()
        train = np.concatenate([others, own[:examples]])
        if kind == "wrong":
            taught[own[examples:]] = _likest(study, own, others)
            train = np.concatenate([others, own])
        material = replace(study.material, codes=taught)
        for way in ways:
            start = time.perf_counter()
            fitted = WAYS[way].fit(material, train, split.seed, silent)
            seconds = time.perf_counter() - start
            right = fitted.probabilities(test).argmax(axis=1) == codes[test]
            about = codes[test] == code
            rows.append(
                {
                    "way": WAYS[way].label,
                    "examples": examples,
                    "right": float(right[about].mean()) if about.any() else float("nan"),
                    "others right": float(right[~about].mean()),
                    "seconds": seconds,
                }
            )
    return pd.DataFrame(rows)


def _likest(study: Study, own: np.ndarray, others: np.ndarray) -> int:
    """The class whose mean vector is nearest; without vectors the first other one."""
    codes, vectors = study.data.codes, study.material.vectors
    classes = np.unique(codes[others])
    if vectors is None:
        return int(classes[0])
    means = np.stack([vectors[others[codes[others] == code]].mean(axis=0) for code in classes])
    return int(classes[(means @ vectors[own].mean(axis=0)).argmax()])
