"""Results of different units on one scale: which was the better one, and who did best over all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.numbers.basics.parameters import Label, StandardizeError, TransformParameters
from analytics.numbers.basics.selection import float_values, group_index, require_columns
from analytics.numbers.basics.statistics import Floats
from analytics.numbers.standardizing.fitting import apply_parameters
from analytics.numbers.standardizing.words import group_named, normal_below, percent, position_in_words
from analytics.words import value_text

_SAME = 0.005  # scores closer than this read the same with two digits


@dataclass(frozen=True)
class Result:
    """One value of one column: its score, and the shares of its column (and group) below and equal.

    ``merit`` is the score with its sign turned where less is better, ``beaten`` the share of rows
    it is better than; both are NaN where the value is missing. ``judged`` is False where nobody said whether
    more or less of the column is better: then nothing is called better. ``group`` is what the rows are
    measured within ("" for all rows); ``comparable`` is False for the only value of its group, whose score
    is 0 whatever it is.
    """

    column: Label
    value: float
    score: float
    merit: float
    below: float
    equal: float
    beaten: float
    normal_below: float
    lower_is_better: bool
    group: str = ""
    comparable: bool = True
    judged: bool = True

    @property
    def named(self) -> str:
        """The value with its column."""
        return f"{value_text(self.value)} in {self.column}"

    def sentence(self, method: str) -> str:
        """The result in words."""
        if np.isnan(self.score):
            return f"{self.column} has no score here."
        wanted = " (less is better)" if self.lower_is_better else ""
        if not self.comparable:
            of = f"its {self.group}" if self.group else "its column"
            return f"{self.named}{wanted} is not comparable: it is the only value of {of}."
        place = position_in_words(self.score, method, group=self.group)
        place = place[0].lower() + place[1:]
        among = f"its {self.group}" if self.group else "the rows"
        than = "better" if self.judged else "higher"
        return f"{self.named}{wanted} is {place}, {than} than {percent(self.beaten)} of {among}."


@dataclass(frozen=True)
class Comparison:
    """Two results and the verdict; ``better`` is None where they are equal, one is missing, or of one it is
    not said whether more or less is better."""

    first: Result
    second: Result
    better: Label | None
    difference: float
    agree: bool
    sentence: str


def result_of(
    parameters: TransformParameters,
    frame: pd.DataFrame,
    column: Label,
    value: float,
    *,
    row: int,
    lower_is_better: bool = False,
    judged: bool = True,
) -> Result:
    """Score ``value`` in ``column``, among the rows of the group that ``row`` belongs to.

    Raises:
        StandardizeError: if the column is not one of the transform's.
    """
    if column not in parameters.columns:
        raise StandardizeError(
            f"Column {column!r} has no scores: choose one of {', '.join(map(str, parameters.columns))}."
        )
    peers = peer_rows(parameters, frame, row)
    one = frame.iloc[[row]].assign(**{str(column): np.array([value], dtype=np.float64)})
    score = float(apply_parameters(parameters, one)[column].iloc[0])
    others = float_values(frame[column], column)[peers]
    below, equal = shares(others, value)
    above = 1.0 - below - equal if not np.isnan(value) else np.nan
    return Result(
        column=column,
        value=value,
        score=score,
        merit=-score if lower_is_better else score,
        below=below,
        equal=equal,
        beaten=above if lower_is_better else below,
        normal_below=normal_below(score) if np.isfinite(score) else np.nan,
        lower_is_better=lower_is_better,
        group=group_named(parameters.by),
        comparable=int(np.count_nonzero(np.isfinite(others))) > 1,
        judged=judged,
    )


def shares(values: Floats, value: float) -> tuple[float, float]:
    """Shares of the present ``values`` (n,) that lie below ``value`` and that equal it."""
    present = values[~np.isnan(values)]
    if np.isnan(value) or present.size == 0:
        return np.nan, np.nan
    return float(np.mean(present < value)), float(np.mean(present == value))


def peer_rows(parameters: TransformParameters, frame: pd.DataFrame, row: int) -> np.ndarray:
    """Positions of the rows that ``row`` is measured against: its group, or all."""
    if not parameters.by:
        return np.arange(len(frame))
    codes = group_index(frame, parameters.by).codes
    return np.flatnonzero(codes == codes[row])


def compare_results(first: Result, second: Result, *, method: str) -> Comparison:
    """Which of two results is further on the good side of its column, or only higher where none is said."""
    difference = first.merit - second.merit
    alone = not (first.comparable and second.comparable)
    if np.isnan(difference) or alone:
        silent = [one for one in (first, second) if np.isnan(one.score) or not one.comparable]
        said = " ".join(one.sentence(method) for one in silent)
        return Comparison(first, second, None, difference, True, f"{said} There is nothing to compare.")
    if not (first.judged and second.judged):
        return _only_higher(first, second)
    if abs(difference) < _SAME:
        said = f"{first.named} and {second.named} are equally good."
        return Comparison(first, second, None, difference, True, said)
    best, other = (first, second) if difference > 0 else (second, first)
    agree = best.beaten >= other.beaten
    said = f"{best.named} is the better result, by {abs(difference):.2f} on the common scale."
    if not agree:
        said += f" By rank it is the other way round: {other.column} beats more rows."
    return Comparison(first, second, best.column, difference, agree, said)


def _only_higher(first: Result, second: Result) -> Comparison:
    """Which of two results stands higher in its own column; none is better."""
    difference = first.score - second.score
    if abs(difference) < _SAME:
        said = f"{first.named} and {second.named} stand equally high in their columns."
        return Comparison(first, second, None, difference, True, said)
    high, low = (first, second) if difference > 0 else (second, first)
    said = (
        f"{high.named} stands higher in its column than {low.named} in its own, by {abs(difference):.2f} on "
        "the common scale."
    )
    agree = high.below >= low.below
    if not agree:
        said += f" By rank it is the other way round: {low.column} is above more rows."
    return Comparison(first, second, None, difference, agree, said)


def rank_rows(
    scores: pd.DataFrame, *, lower_is_better: Sequence[Label] = (), least: int | None = None
) -> pd.DataFrame:
    """Rows in order of their mean score, best first.

    Args:
        scores: score columns (n, d).
        lower_is_better: columns whose sign is turned first.
        least: how many scores a row needs to be ranked; by default all.

    Returns:
        The index of ``scores`` with ``rank`` (1 is best, ties share the better rank), ``mean_score``,
        ``used`` (scores present) and the signed scores; rows with too few scores are left out.
    """
    require_columns(scores, lower_is_better)
    signed = scores.copy()
    signed[list(lower_is_better)] *= -1
    finite = signed.where(np.isfinite(signed))
    used = finite.count(axis=1)
    enough = used >= (scores.shape[1] if least is None else max(1, least))
    mean = finite.mean(axis=1)[enough]
    ranked = pd.DataFrame(
        {"rank": mean.rank(ascending=False, method="min").astype("int64"), "mean_score": mean}
    )
    ranked["used"] = used[enough]
    return ranked.join(signed[enough]).sort_values(["rank"], kind="stable")
