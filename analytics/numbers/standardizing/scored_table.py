"""The table people take away: scores beside the columns they come from, or in their place."""

from collections.abc import Iterable

import pandas as pd

from analytics.arguments import require_frame
from analytics.numbers.basics.parameters import Label, StandardizeError
from analytics.words import count

_SUFFIX = "_z"
MODES = ("add", "replace")


def score_name(column: Label, *, suffix: str = _SUFFIX) -> str:
    """Name of the score column that is added for ``column``."""
    return f"{column}{suffix}"


def with_scores(
    frame: pd.DataFrame, scores: pd.DataFrame, *, mode: str = "add", suffix: str = _SUFFIX
) -> pd.DataFrame:
    """``frame`` with the columns of ``scores`` added behind it as ``name_z``, or in place of the originals.

    Raises:
        StandardizeError: for another mode, frames of different length, or a name that is taken.
    """
    if mode not in MODES:
        raise StandardizeError(f"There is no mode {mode!r}: choose add or replace.")
    for table in (frame, scores):
        require_frame(table, error=StandardizeError)
    if not isinstance(suffix, str):
        raise StandardizeError(f"A suffix is a text, not {suffix!r}.")
    if len(scores) != len(frame):
        raise StandardizeError(
            f"{count(len(scores), 'row')} of scores don't fit a table of {count(len(frame), 'row')}."
        )
    if mode == "replace":
        return frame.assign(**{str(name): scores[name] for name in scores.columns})
    named = scores.rename(columns=lambda name: score_name(name, suffix=suffix))
    _refuse_taken(named.columns, frame)
    return pd.concat([frame, named.set_axis(frame.index)], axis=1)


def _refuse_taken(names: Iterable[Label], frame: pd.DataFrame) -> None:
    taken = [name for name in names if name in frame.columns]
    if taken:
        raise StandardizeError(
            f"The table already has a column {taken[0]!r}: choose another suffix, or replace the columns."
        )
