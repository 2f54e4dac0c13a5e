"""What the Outliers page searches for, and what it found: one object that names all that follows from it."""

from dataclasses import dataclass, field, replace

import streamlit as st

from analytics.dashboard.pages.outliers.names import choose_label
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.scoring import grouping, tell_refused
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.numbers import OutlierReport, OutlierSearch
from analytics.numbers.basics.measurements import not_measured
from analytics.numbers.basics.selection import is_number
from analytics.numbers.outliers.methods import MIXED, OUTLIER_METHODS
from analytics.numbers.outliers.mixed.scoring import OTHERS
from analytics.progress import Progress

AT_FIRST = ("zscore", "modified_zscore", "iqr", "mahalanobis")
"""Those chosen at first where there are numbers; mixed rows beside them where there is more than numbers."""
_METHOD_OF = {method.label: method.name for method in OUTLIER_METHODS.values()}
_NO_GROUPS = ""  # no column has this name: reading gives each one without a name a name
# Cells that are searched in about a second, so that the search need not wait behind long jobs.
_QUICK_CELLS = 4_000_000
_QUICK_MIXED = 500_000  # cells of any kind: dates and texts take longer than numbers
_SLOW = ("isolation_forest", "lof")  # the simulated clean rows alone take them some seconds


@dataclass(frozen=True)
class Search:
    """One search: hashable, so that it names its result."""

    columns: tuple[str, ...]
    methods: tuple[str, ...]
    by: str | None = None
    seed: int = 0
    others: tuple[str, ...] = ()
    """Columns of other kinds, for mixed rows."""
    label: tuple[str, ...] = ()
    """Columns that name rows."""

    def run(self, searches: OutlierSearch, progress: Progress | None = None) -> OutlierReport:
        """Find the outliers and put them in order; ``progress`` may raise to cancel."""
        report = searches.find(
            methods=self.methods,
            columns=self.columns,
            others=self.others,
            label=self.label,
            by=self.by,
            seed=self.seed,
            progress=progress,
        )
        report.flagged_rows()
        return report

    def is_quick(self, searches: OutlierSearch, rows: int) -> bool:
        """Whether this takes a moment only, with what is known from the searches before."""
        by = () if self.by is None else (self.by,)
        cells = rows * len(self.columns)
        if MIXED in self.methods and rows * (len(self.columns) + len(self.others)) > _QUICK_MIXED:
            return False
        missing = searches.missing(self.methods, columns=self.columns, by=by, seed=self.seed)
        return all(cells <= _QUICK_CELLS and method not in _SLOW for method in missing)


@dataclass(frozen=True)
class Found:
    """What a search of the open data set found, at the thresholds of the moment.

    Everything the page derives from it is kept under ``key``; what is the same wherever the thresholds lie,
    and whichever methods are chosen beside it, under ``scores_key``.
    """

    dataset: DataSet = field(repr=False)
    search: Search
    report: OutlierReport = field(repr=False)

    @property
    def key(self) -> tuple[object, ...]:
        """Names data, search and thresholds; a method that was skipped is in the search alone."""
        return (self.dataset.key, self.search, tuple(self.report.thresholds.items()))

    @property
    def scores_key(self) -> tuple[object, ...]:
        """Names what every method's scores depend on."""
        return (self.dataset.key, self.search.columns, self.search.by, self.search.seed)

    def at(self, thresholds: dict[str, float]) -> "Found":
        """The same scores with other thresholds."""
        return replace(self, report=_at_thresholds(self.key, tuple(thresholds.items()), self.report))


def find(dataset: DataSet, search: Search) -> Found | None:
    """What the search found, or None while its progress is drawn."""
    searches = searches_of(dataset)
    report = job_result(
        "outliers",
        (dataset.key, search),
        lambda progress: search.run(searches, progress),
        label="Searching for outliers",
        quick=search.is_quick(searches, len(dataset.frame)),
    )
    return None if report is None else Found(dataset, search, report)


def searches_of(dataset: DataSet) -> OutlierSearch:
    """The searches of the open data set, which know each other's results."""
    return _searches_of(dataset.key, dataset)


@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def _searches_of(key: str, _dataset: DataSet) -> OutlierSearch:
    return OutlierSearch(_dataset.frame, row_numbers=_dataset.row_numbers, roles=_dataset.roles)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _at_thresholds(
    key: tuple[object, ...], thresholds: tuple[tuple[str, float], ...], _report: OutlierReport
) -> OutlierReport:
    """Kept, so that flags and votes are counted once for each choice of thresholds."""
    return _report.with_thresholds(dict(thresholds))


@dataclass(frozen=True)
class Offered:
    """Columns that can be searched: ``numbers`` of any use, of which ``usual`` measure something and
    ``left_out`` do not, with what they are instead; and columns of other kinds."""

    numbers: tuple[str, ...]
    usual: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    others: tuple[str, ...]


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def offered_columns(key: str, _dataset: DataSet) -> Offered:
    """What the page can search in a data set, and what it does at first."""
    frame, roles = _dataset.frame, _dataset.roles
    numbers = [
        name
        for name, role in roles.items()
        if is_number(frame[name]) and role.kind not in ("constant", "empty", "category")
    ]
    chosen = {name for name in numbers if roles[name].reason.startswith("chosen")}
    named = {str(name): what for name, what in not_measured(frame, numbers).items() if name not in chosen}
    named = {name: "identifiers" for name in numbers if roles[name].kind == "identifier"} | named
    usual = tuple(name for name in numbers if name not in named and roles[name].kind == "number")
    others = tuple(name for name in _dataset.columns(*OTHERS) if name not in numbers)
    return Offered(tuple(numbers), usual, tuple(named.items()), others)


def choose_search(dataset: DataSet) -> Search:
    """Draw the controls and give what they ask for."""
    offered = offered_columns(dataset.key, dataset)
    usual = (*(AT_FIRST if offered.usual else ()), *((MIXED,) if offered.others else ()))
    found = grouping(dataset.key, dataset)
    labels = widgets.choose_columns(
        "Methods",
        list(_METHOD_OF),
        key="outliers_methods",
        default=[OUTLIER_METHODS[name].label for name in usual or AT_FIRST],
        wrap=True,
    )
    by = widgets.choose_one(
        "Unusual within",
        [_NO_GROUPS, *found.offered],
        key="outliers_by",
        format_func=lambda name: name or "no groups",
        help="With groups, a value is compared with its own group only.",
    )
    tell_refused(found)
    with st.popover("Columns", icon=":material/tune:", width="stretch"):
        columns = widgets.choose_columns(
            "Numbers to search", list(offered.numbers), key="outliers_columns", default=list(offered.usual)
        )
        if offered.left_out:
            told = ", ".join(f"{name} ({what})" for name, what in offered.left_out)
            st.caption(plain(f"Not searched at first, as they measure nothing: {told}.", width=400))
        others = (
            widgets.choose_columns(
                "Other columns, for mixed rows", list(offered.others), key="outliers_others"
            )
            if offered.others
            else []
        )
        seed = st.number_input(
            "Seed of sampling and trees",
            min_value=0,
            max_value=2**31,
            value=0,
            key="outliers_seed",
            bind="query-params",
        )
    label = choose_label(dataset)
    # In the file's order, so that what is taken away and put back is the same search again.
    return Search(
        columns=tuple(name for name in offered.numbers if name in set(columns) - {by}),
        methods=tuple(name for label, name in _METHOD_OF.items() if label in labels),
        by=by or None,
        seed=int(seed),
        others=tuple(name for name in offered.others if name in set(others) - {by}),
        label=label,
    )
