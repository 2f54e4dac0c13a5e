"""Every column scored by the fit of the row's group, or by that of all rows where the group is new."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.reproduce.templates.standardize.linear import score


def label(value: Any) -> Any:
    if pd.isna(value):
        return None
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def all_scores(frame: pd.DataFrame, transform: dict[str, Any]) -> dict[str, np.ndarray]:
    fits = {(fit["column"], fit["group"] and tuple(fit["group"])): fit for fit in transform["fits"]}
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row, values in enumerate(zip(*(frame[name] for name in transform["by"]), strict=True)):
        groups.setdefault(tuple(map(label, values)), []).append(row)
    scores = {}
    for column in transform["columns"]:
        x = frame[column].to_numpy("float64", na_value=np.nan)
        scores[column] = np.full(len(x), np.nan)
        for group, rows in groups.items():
            fit = fits.get((column, group), fits[column, None])
            scores[column][rows] = score(x[rows], fit)
    return scores
