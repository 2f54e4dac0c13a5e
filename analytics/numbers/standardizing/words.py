"""What a standard score means, in words, for one cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analytics.numbers.basics.parameters import ColumnFit, Label
from analytics.numbers.basics.statistics import Floats

_UNIT = {
    "zscore": ("standard deviation", "standard deviations", "the mean"),
    "robust": ("robust standard deviation", "robust standard deviations", "the median"),
    "iqr": ("interquartile range", "interquartile ranges", "the median"),
    "rank_gauss": ("standard deviation", "standard deviations", "the middle rank"),
    "yeo_johnson": ("standard deviation", "standard deviations", "the mean, after the power transform"),
}
LIKE_NORMAL = ("zscore", "robust", "rank_gauss", "yeo_johnson")


@dataclass(frozen=True)
class CellMeaning:
    """One cell's score and where it stands.

    ``below`` and ``equal`` are shares of the other rows that have a value; ``normal_below`` is the
    share a normal distribution would have below this score (None for methods on another scale).
    """

    value: float
    score: float
    below: float
    equal: float
    normal_below: float | None
    sentence: str
    magnitude: str


def group_named(by: Sequence[Label]) -> str:
    """What rows are measured among: "class" where one column makes the groups, else "group"; "" without."""
    return "" if not by else str(by[0]) if len(by) == 1 else "group"


def describe_cell(value: float, score: float, column: Floats, fit: ColumnFit, *, method: str) -> CellMeaning:
    """Say what ``score`` means for ``value`` among the values of its ``column`` (n,), missing allowed."""
    present = column[~np.isnan(column)]
    others = max(present.size - 1, 1)
    below = float(np.count_nonzero(present < value)) / others
    equal = max(float(np.count_nonzero(present == value)) - 1, 0.0) / others
    normal = normal_below(score) if method in LIKE_NORMAL and np.isfinite(score) else None
    return CellMeaning(
        value=value,
        score=score,
        below=below,
        equal=equal,
        normal_below=normal,
        sentence=_sentence(value, score, below, equal, normal, fit, method),
        magnitude="" if fit.n == 1 else magnitude_in_words(score, method),
    )


def _sentence(
    value: float,
    score: float,
    below: float,
    equal: float,
    normal: float | None,
    fit: ColumnFit,
    method: str,
) -> str:
    if np.isnan(value):
        return "This cell is missing, so it has no score."
    if np.isinf(value):
        return "This cell is infinite: it lies beyond every other value and was left out of the statistics."
    where = "column" if fit.group is None else "group"
    if fit.n == 1:
        return f"This is the only value of its {where}, so it is not comparable: the score of 0 says nothing."
    if fit.constant:
        all_of = "this column" if fit.group is None else "its group"
        return f"All values of {all_of} are equal, so there is no spread to measure by and the score is 0."
    if np.isnan(score):
        return f"Its {where} had no values when the transform was fitted, so there is no score."
    group = "" if fit.group is None else "group"
    share = _share_in_words(below, equal, " of its group" if group else "")
    compared = "" if normal is None else f"; in a normal distribution {percent(normal)} would lie below"
    return f"{position_in_words(score, method, group=group)}; {share}{compared}."


def normal_below(score: float) -> float:
    """Share of a normal distribution below ``score``, never rounded up to all of it."""
    return min(float(ndtr(score)), 1 - 1e-16)


def _share_in_words(below: float, equal: float, of_group: str) -> str:
    if below == 1:
        return f"higher than all other rows{of_group}"
    if below + equal == 0:
        return f"lower than all other rows{of_group}"
    return f"higher than {percent(below)} of the other rows{of_group}" + (
        f", equal to {percent(equal)}" if equal else ""
    )


def position_in_words(score: float, method: str, *, group: str = "") -> str:
    """The score as a distance: "2.1 standard deviations above the mean", or "... above the mean of its class"
    where the rows are measured within their ``group``."""
    of_group = f" of its {group}" if group else ""
    if method == "minmax":
        return f"{percent(score)} of the way from the smallest to the largest value{of_group}"
    if method == "maxabs":
        return f"{percent(score)} of the largest magnitude{of_group}"
    one, many, center = _UNIT[method]
    center += of_group
    size = abs(score)
    if round(size, 2) == 0:
        return f"At {center}"
    amount = f"{size:.{2 if size < 0.995 else 1 if size < 9.95 else 0}f}"
    amount = f"{float(amount):,.10g}"
    return f"{amount} {one if amount == '1' else many} {'above' if score > 0 else 'below'} {center}"


def magnitude_in_words(score: float, method: str) -> str:
    """How unusual a score of this size is, by the normal curve."""
    if method not in LIKE_NORMAL or not np.isfinite(score):
        return ""
    size = abs(score)
    steps = (
        (1.0, "usual: about 68% of a normal distribution lies within 1"),
        (2.0, "not unusual: about 95% of a normal distribution lies within 2"),
        (3.0, "unusual: about 1 in 22 of a normal distribution lies beyond 2"),
        (4.0, "rare: about 1 in 370 of a normal distribution lies beyond 3"),
    )
    for limit, words in steps:
        if size < limit:
            return words
    return "extreme: fewer than 1 in 15,000 of a normal distribution lie beyond 4"


def percent(share: float) -> str:
    """A share with the digits that tell it from 0 and 100 %."""
    if share in (0.0, 1.0):
        return f"{100 * share:.0f}%"
    for digits in (1, 2, 3):
        if round(100 * share, digits) not in (0.0, 100.0):
            return f"{100 * share:.{digits}f}%"
    return "more than 99.999%" if share > 0.5 else "less than 0.001%"
