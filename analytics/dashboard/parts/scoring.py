"""Standard scores of the open data set: which columns, which groups, and the scores themselves."""

from dataclasses import dataclass, field, replace

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.links import RECIPE_PAGE, link
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.errors import ZetascopeError
from analytics.numbers import Standardizer
from analytics.numbers.basics.measurements import not_measured
from analytics.numbers.basics.parameters import MIXED, TransformParameters
from analytics.numbers.basics.selection import is_number
from analytics.numbers.standardizing.fitting import fit_and_apply
from analytics.numbers.standardizing.standardizer import current_versions
from analytics.numbers.standardizing.words import LIKE_NORMAL
from analytics.progress import Progress, silent

MOST_GROUPS = 1_000
"""Groups that a column may make, on every page: fits of as many take a tenth of a second."""
_FEWEST_ROWS = 2
"""Rows that a group needs on average: the score of an only value is 0, whatever it is."""
_MOST_AT_FIRST = 30
_SLOW_CELLS = 1_000_000
_SLOW_METHODS = ("rank_gauss", "yeo_johnson")


@dataclass(frozen=True)
class Choice:
    """What the visitor asked for; ``others`` are columns with another method than ``method``."""

    method: str
    ddof: int
    columns: tuple[str, ...]
    by: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()

    def method_of(self, column: str) -> str:
        """The method that ``column`` is scored by."""
        return dict(self.others).get(column, self.method)

    @property
    def methods(self) -> list[str]:
        """The methods in use, each once, in the order of the columns."""
        return list(dict.fromkeys(map(self.method_of, self.columns)))


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
        parameters = self.parameters
        methods = parameters.methods if parameters.method == MIXED else (parameters.method,)
        return any(method in LIKE_NORMAL for method in methods)


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


def measuring_nothing(dataset: DataSet) -> dict[str, str]:
    """Number columns that only name, such as years and codes, with what they are."""
    return _measuring_nothing(dataset.key, dataset)


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def _measuring_nothing(key: str, _dataset: DataSet) -> dict[str, str]:
    found = not_measured(_dataset.frame, numeric_columns(_dataset))
    return {str(name): what for name, what in found.items()}


@dataclass(frozen=True)
class Grouping:
    """Columns that rows can be grouped by, and categories that are not offered, each with the reason."""

    offered: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def grouping(key: str, _dataset: DataSet) -> Grouping:
    """Categories and whole numbers of few enough values, by which rows fall into groups."""
    offered, refused = [], []
    for name in _dataset.frame.columns:
        kind, column = _dataset.roles[name].kind, _dataset.frame[name]
        if kind not in ("category", "number") or pd.api.types.is_float_dtype(column.dtype):
            continue
        groups = _distinct(column)
        reason = _why_not(groups, len(column))
        if not reason:
            offered.append(str(name))
        elif kind == "category":
            refused.append((str(name), reason))
    return Grouping(tuple(offered), tuple(refused))


def _why_not(groups: int, rows: int) -> str:
    """What speaks against groups by a column of so many values; nothing where it can be offered."""
    if groups < 2:
        return "has one value only"
    if groups > MOST_GROUPS:
        return f"has more than {MOST_GROUPS:,} values"
    return f"has {groups:,} values in {rows:,} rows" if groups * _FEWEST_ROWS > rows else ""


def _distinct(column: pd.Series) -> int:
    head = column.head(20_000).nunique()
    return head if head > MOST_GROUPS else column.nunique()


def choose_groups(dataset: DataSet, page: str) -> tuple[str, ...]:
    """Columns whose combinations are the groups; none by default. Says which categories are not offered."""
    found = grouping(dataset.key, dataset)
    picked: list[str] = []
    if found.offered:
        picked = widgets.choose_columns("Within groups of", list(found.offered), key=f"{page}_by", default=[])
    tell_refused(found)
    return tuple(picked)


def tell_refused(found: Grouping) -> None:
    """Which categories make no groups, why, and what makes them fit."""
    if not found.refused:
        return
    told = "; ".join(f"{name} {reason}" for name, reason in found.refused)
    st.caption(plain(f"No groups by: {told}. Merge values by a step to have groups of them.", width=260))
    link(RECIPE_PAGE, "Add a step", icon="receipt_long")


def scored(dataset: DataSet, choice: Choice) -> Scored | None:
    """The scores for ``choice``; None while a long fit is under way."""
    if not choice.columns:
        raise ZetascopeError("No column is chosen: choose at least one number column.")
    cells = len(dataset.frame) * len(choice.columns)
    if set(choice.methods) & set(_SLOW_METHODS) and cells > _SLOW_CELLS:

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
        methods=dict(choice.others),
        ddof=choice.ddof,
        columns=choice.columns,
        by=choice.by,
        progress=progress,
    )
    made = Standardizer.from_parameters(replace(fitted, versions=current_versions()))
    made.with_source(name=dataset.name, sha256=dataset.table.sha256, recipe=dataset.recipe.to_json())
    return Scored(made, scores)
