"""Standard scores of the open data set: which columns, which groups, and the scores themselves."""

from dataclasses import dataclass, field, replace

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.errors import ZetascopeError
from analytics.numbers import Standardizer
from analytics.numbers.basics.parameters import TransformParameters
from analytics.numbers.basics.selection import is_number
from analytics.numbers.standardizing.fitting import fit_and_apply
from analytics.numbers.standardizing.standardizer import current_versions
from analytics.numbers.standardizing.words import LIKE_NORMAL
from analytics.progress import Progress, silent

_FEW_GROUPS = 30
_MOST_AT_FIRST = 30
_SLOW_CELLS = 1_000_000
_SLOW_METHODS = ("rank_gauss", "yeo_johnson")


@dataclass(frozen=True)
class Choice:
    """What the visitor asked for."""

    method: str
    ddof: int
    columns: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """A fitted transform and the scores (n, d) of the open data set."""

    standardizer: Standardizer = field(repr=False)
    scores: pd.DataFrame = field(repr=False)

    @property
    def parameters(self) -> TransformParameters:
        """The plain parameters."""
        return self.standardizer.parameters_

    @property
    def like_normal(self) -> bool:
        """Whether the scores count standard deviations, so that a normal curve is a fair comparison."""
        return self.parameters.method in LIKE_NORMAL


def numeric_columns(dataset: DataSet) -> list[str]:
    """Every column one could standardize, whatever its role."""
    return [name for name in dataset.frame.columns if is_number(dataset.frame[name])]


def has_numbers(dataset: DataSet, *, to: str) -> bool:
    """Whether there is a value to standardize or compare; says so where there is none."""
    if numeric_columns(dataset) and not dataset.frame.empty:
        return True
    st.info(f"This data set has no numbers to {to}: open another one in the sidebar.")
    return False


def usual_columns(dataset: DataSet) -> list[str]:
    """The columns one usually would: numbers that measure something."""
    numbers = set(numeric_columns(dataset))
    usual = [name for name in dataset.columns("number") if name in numbers]
    return (usual or sorted(numbers))[:_MOST_AT_FIRST]


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def _grouping_columns(key: str, _dataset: DataSet) -> list[str]:
    """Columns of few distinct values, by which rows fall into groups."""
    return [
        str(name)
        for name in _dataset.frame.columns
        if _dataset.roles[name].kind in ("category", "number")
        and 1 < _distinct(_dataset.frame[name]) <= _FEW_GROUPS
    ]


def _distinct(column: pd.Series) -> int:
    if pd.api.types.is_float_dtype(column.dtype):
        return _FEW_GROUPS + 1
    head = column.head(20_000).nunique()
    return head if head > _FEW_GROUPS else column.nunique()


def choose_groups(dataset: DataSet, page: str) -> tuple[str, ...]:
    """Columns whose combinations are the groups; none by default."""
    options = _grouping_columns(dataset.key, dataset)
    picked = (
        widgets.choose_columns("Within groups of", options, key=f"{page}_by", default=[]) if options else []
    )
    return tuple(picked)


def scored(dataset: DataSet, choice: Choice) -> Scored | None:
    """The scores for ``choice``; None while a long fit is under way."""
    if not choice.columns:
        raise ZetascopeError("No column is chosen: choose at least one number column.")
    cells = len(dataset.frame) * len(choice.columns)
    if choice.method in _SLOW_METHODS and cells > _SLOW_CELLS:

        def work(progress: Progress) -> Scored:
            return _score(dataset, choice, progress)

        return job_result("standardize", (dataset.key, choice), work, label="Scoring columns")
    return _quickly_scored(dataset.key, choice, dataset)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _quickly_scored(key: str, choice: Choice, _dataset: DataSet) -> Scored:
    return _score(_dataset, choice, silent)


def _score(dataset: DataSet, choice: Choice, progress: Progress) -> Scored:
    fitted, scores = fit_and_apply(
        dataset.frame,
        method=choice.method,
        ddof=choice.ddof,
        columns=choice.columns,
        by=choice.by,
        progress=progress,
    )
    made = Standardizer.from_parameters(replace(fitted, versions=current_versions()))
    made.with_source(name=dataset.name, sha256=dataset.table.sha256, recipe=dataset.recipe.to_json())
    return Scored(made, scores)
