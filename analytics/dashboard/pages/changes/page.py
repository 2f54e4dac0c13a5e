"""The Changes page: yesterday's file and today's, down to the cell."""

import streamlit as st

from analytics.comparison import TableComparison, compare_tables
from analytics.comparison.columns import LOOKED_AT, MOST_PAIRS
from analytics.dashboard.pages.changes import choices, views
from analytics.dashboard.pages.changes.choices import Pair
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.progress import Progress


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    answer = st.container()
    pair = choices.choose_pair(dataset)
    if pair is None:
        with answer:
            st.info(
                "Bring the other file, or choose one that is open already: both are compared column by "
                "column and row by row.",
                icon=":material/difference:",
            )
        return
    found = None
    with widgets.errors_told():
        renamed = views.accepted_renames(pair)
        found = _compared(pair, renamed)
    if found is None:
        return
    with answer:
        st.subheader(plain(views.headline(found), width=400), anchor=False)
        st.caption(plain(f"Before: {pair.before.name}. Now: {pair.now.name}.", width=300))
    views.draw_found(pair, found)
    with st.expander("How this is computed", icon=":material/functions:"):
        st.markdown(_METHOD.replace("<rows>", f"{LOOKED_AT:,}").replace("<pairs>", f"{MOST_PAIRS:,}"))


def _compared(pair: Pair, renamed: tuple[tuple[str, str], ...]) -> TableComparison | None:
    before, now = pair.before, pair.now

    def work(progress: Progress) -> TableComparison:
        return compare_tables(
            before.frame,
            now.frame,
            key=pair.key,
            renamed=dict(renamed),
            **({"tolerance": 0.0} if pair.exact else {}),
            roles_old={name: before.roles[str(name)] for name in before.frame.columns},
            roles_new={name: now.roles[str(name)] for name in now.frame.columns},
            progress=progress,
        )

    return job_result("changes", (*pair.named, renamed), work, label="Comparing files", quick=True)


_METHOD = r"""
Columns are the same where their names are. One that is gone and one that was added **look renamed** where
the names differ only in case or marks, or where they share 80% of their different values; columns of few
values must have alike names too. Values are those of at most <rows> rows at even steps. With more than
<pairs> pairs of a column that is gone and one that was added, names alone are looked at, which is then said.
Nothing is taken as renamed until you say so.

**PSI** is $\sum_b (q_b-p_b)\ln(q_b/p_b)$ over ten ranges that held a tenth of the old values each, or over
the levels of a category, with half a row added to every one. Beside it stands what it stays below in 95 of
100 pairs of such samples of one law, $\chi^2_{B-1,\,0.95}\,(1/n+1/m)$ (Yurdakul 2018). **KS** is the
largest difference between the shares of rows up to a value; for categories, half the sum of the differences
of shares. p is of the two-sample Kolmogorov-Smirnov test (exact up to 1,000 rows; ties make it careful) or
of the table of counts, corrected over the columns by Holm (1979). A column has **changed** where that is
below 2.5% and PSI or KS is at least 0.1; there are **too few rows** to judge where chance alone may reach a
PSI of 0.25. Means, spreads and missing shares are judged by the drift report of the Standardize page, with
the other 2.5%: of two files of one law, any column is called changed or drifted once in twenty at most.

Rows whose key another row has too, or that have none, are not matched and are counted. A cell has changed
where its value is another one; of a column that changed its type, texts are compared.
"""
