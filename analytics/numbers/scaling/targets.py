"""What one would most likely predict of a table, told by names, places and values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.words import count

MOST_CLASSES = 20
"""A column with more classes is rather a name than something to predict, and is not chosen at first."""
LEAST_ROWS = 5
"""Rows that each class has, as many as a model is tried in parts."""
_NAMED = re.compile(
    r"(?:^|[\W_])(?:target|label|labels|class|classes|y|outcome|response|result|diagnosis|species|cultivar|quality"
    r"|rating|survived|churn|churned|default|defaulted|fraud|spam|approved|passed|grade|risk|income|price|sales"
    r"|revenue|attrition|subscribed|clicked|converted|ziel|klasse|ergebnis|preis|umsatz|qualit(?:y|ät|aet))"
    r"(?:$|[\W_])",
    re.I,
)
_NUMBERED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")


@dataclass(frozen=True)
class LikelyTarget:
    """A column that is likely to be what one wants to predict, and why; ``points`` order them."""

    column: str
    points: float
    reason: str


def likely_targets(frame: pd.DataFrame, kinds: Mapping[str, str]) -> tuple[LikelyTarget, ...]:
    """Columns with a reason to be predicted, the likeliest first; ``kinds`` are their roles by name.

    Counted are a name such as "target" or "price" (3), the last place, where tables for learning keep it (2),
    and few classes (1). A category of many classes or of one that has nearly all rows, an identifier, a text
    or a constant is none.
    """
    usable = [name for name in map(str, frame.columns) if kinds.get(name) in ("number", "category")]
    found = []
    for name in usable:
        one = _weighed(name, frame[name], is_last=name == usable[-1], category=kinds[name] == "category")
        if one is not None:
            found.append(one)
    return tuple(sorted(found, key=lambda one: -one.points))


def _weighed(name: str, column: pd.Series, *, is_last: bool, category: bool) -> LikelyTarget | None:
    classes = int(column.nunique())
    if classes < 2 or (category and (classes > MOST_CLASSES or not _are_parted(column))):
        return None
    spelled = _NUMBERED.sub("_", name)
    reasons = {
        "its name is one that is usually predicted": 3.0 * bool(_NAMED.search(spelled)),
        "it is the last column": 2.0 * is_last,
        f"it has {count(classes, 'class', 'classes')}": 1.0 * (category or _is_code(column, classes)),
    }
    said = [reason for reason, points in reasons.items() if points]
    points = sum(reasons.values())
    if not said or (points == 1.0 and not category):
        return None
    return LikelyTarget(name, points, " and ".join(filter(None, (", ".join(said[:-1]), said[-1]))))


def _are_parted(column: pd.Series) -> bool:
    """Whether two classes have the rows that each of them needs: with fewer, the study refuses the target."""
    return int((column.value_counts() >= LEAST_ROWS).sum()) > 1


def _is_code(column: pd.Series, classes: int) -> bool:
    """Whether numbers are whole and few, as classes are that go by a number."""
    values = column.dropna().to_numpy(dtype=np.float64)
    return classes <= 10 and bool((values == np.round(values)).all())
