"""Every column scored by its one fit."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.reproduce.templates.standardize.linear import score


def all_scores(frame: pd.DataFrame, transform: dict[str, Any]) -> dict[str, np.ndarray]:
    scores = {}
    for fit in transform["fits"]:
        scores[fit["column"]] = score(frame[fit["column"]].to_numpy("float64", na_value=np.nan), fit)
    return scores
