"""The Outliers page in words: its answer, what was left out, where methods disagree, how they work."""

import streamlit as st

from analytics.dashboard.pages.outliers.search import Found, offered_columns
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import about, count, plain
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.judging.excess import (
    CLEAN_SHARE,
    FALSE_SHARE,
    Excess,
    beyond_clean,
    excess_of,
)
from analytics.numbers.outliers.masking import (
    Masking,
    Skew,
    SkewWarning,
    column_skew,
    masked_values,
    skew_warnings,
)
from analytics.numbers.outliers.methods import MIXED, OUTLIER_METHODS
from analytics.numbers.outliers.thresholds import unreachable

_MESSAGES_SHOWN = 3


def draw_answer(found: Found) -> None:
    """The page's answer in one line: rows beyond what clean data would give; below it what that rests on."""
    report = found.report
    total, methods = report.data.rows, report.methods
    by_any, by_most, beyond = _excess(found.key, found)
    if len(methods) == 1:
        by = OUTLIER_METHODS[methods[0]].label
    else:
        by = f"most of {len(methods)} methods" if len(methods) > 2 else "both methods"
    st.subheader(plain(_headline(by_most, by, total, beyond), width=400), anchor=False, help=hover("outlier"))
    share = f"{CLEAN_SHARE:.0%}"
    told = f"{share} of clean normal tables of this size have at most {by_most.at_most:,} such rows"
    if len(methods) > 1:
        told = (
            f"At least one method flags {by_any.found:,}, where clean data would give about "
            f"{about(by_any.expected)}. {told}, and at most {by_any.at_most:,} with one method or more"
        )
    st.caption(plain(f"{told}.", width=400))
    alone = _by_mixed_alone(report)
    if alone:
        told = (
            f"{count(alone, 'row is', 'rows are')} unusual by mixed rows alone: a value, a combination, a "
            "date or a text that no other method sees. Flagged by, below, shows them."
        )
        st.caption(plain(told, width=400))


def _by_mixed_alone(report: OutlierReport) -> int:
    """How many rows only their columns of other kinds, or all together, make unusual."""
    if MIXED not in report.methods or len(report.methods) == 1:
        return 0
    return int((report.flags[MIXED] & (report.votes == 1)).sum())


def _headline(found: Excess, by: str, total: int, beyond: int) -> str:
    clean = about(found.expected)
    if found.is_more:
        stand = "stands" if found.more == 1 else "stand"
        return (
            f"{count(found.more, 'more row')} than chance {stand} out by {by}: {found.found:,} of {total:,}, "
            f"where clean data would give about {clean}."
        )
    stand = "stands" if found.found == 1 else "stand"
    if beyond:
        lie = "is" if beyond == 1 else "are"
        false = f"{FALSE_SHARE:.0%}"
        return (
            f"{count(beyond, 'row')} of {total:,} {lie} farther out than clean data of this size would have "
            f"(at most {false} by chance); {found.found:,} {stand} out by {by}."
        )
    told, stands = (count(found.found, "row"), stand) if found.found else ("No row", "stands")
    return (
        f"{told} of {total:,} {stands} out by {by}, no more than chance may give: clean data of this size "
        f"would give about {clean}, and up to {found.at_most:,}."
    )


@st.cache_data(scope="session", max_entries=32, show_spinner=False)
def _excess(key: tuple[object, ...], _found: Found) -> tuple[Excess, Excess, int]:
    return *excess_of(_found.report), beyond_clean(_found.report)


def draw_notes(found: Found) -> None:
    """What was filled, left out or skipped, and thresholds that nothing can reach."""
    report = found.report
    offered = offered_columns(found.dataset.key, found.dataset)
    out = [f"{name} ({what})" for name, what in offered.left_out if name not in found.search.columns]
    if out:
        told = f"Left out, as they measure nothing: {', '.join(out)}. Columns takes them in."
        st.caption(plain(told, width=400))
    for sentence in unreachable(report).values():
        st.warning(plain(sentence, width=400), icon=":material/warning:")
    for sentence in report.skipped.values():
        st.info(plain(f"Skipped: {sentence}.", width=400), icon=":material/info:")
    for note in report.notes[:_MESSAGES_SHOWN]:
        st.caption(plain(note, width=400))
    if len(report.notes) > _MESSAGES_SHOWN:
        with st.expander(count(len(report.notes) - _MESSAGES_SHOWN, "more note")):
            for note in report.notes[_MESSAGES_SHOWN:]:
                st.caption(plain(note, width=400))


def draw_disagreement(found: Found) -> None:
    """Skewed columns and outliers that hide each other."""
    masked, skewed = _disagreement(found.key, found)
    if not masked and not skewed:
        st.caption("No column is skewed enough to mislead |z|, and no outliers hide each other.")
    misleading = [warning for warning in skewed if warning.low_flags + warning.high_flags]
    for masking in masked[:_MESSAGES_SHOWN]:
        st.info(plain(masking.sentence, width=600), icon=":material/visibility_off:")
    for warning in misleading[:_MESSAGES_SHOWN]:
        st.warning(plain(warning.sentence, width=600), icon=":material/show_chart:")
    others = [masking.sentence for masking in masked[_MESSAGES_SHOWN:]]
    others += [warning.sentence for warning in skewed if warning not in misleading[:_MESSAGES_SHOWN]]
    if others:
        with st.expander(f"{count(len(others), 'more remark')}"):
            for sentence in others:
                st.markdown("- " + plain(sentence, width=600))


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _disagreement(
    key: tuple[object, ...], _found: Found
) -> tuple[tuple[Masking, ...], tuple[SkewWarning, ...]]:
    return masked_values(_found.report), skew_warnings(_found.report, _skews(_found))


def _skews(found: Found) -> dict[int, Skew]:
    skews = {
        column: _skew(found.dataset.key, str(name), column, found)
        for column, name in enumerate(found.report.columns)
    }
    return {column: skew for column, skew in skews.items() if skew is not None}


@st.cache_data(scope="session", max_entries=1_000, show_spinner=False)
def _skew(dataset_key: str, name: str, _column: int, _found: Found) -> Skew | None:
    """Kept for each column by itself: groups, thresholds and the other columns do not change it."""
    return column_skew(_found.report.data.values[_column])


def draw_method() -> None:
    """How the methods work, in words and formulas."""
    for method in OUTLIER_METHODS.values():
        st.markdown(f"**{plain(method.label)}**: {plain(method.meaning, width=400)}")
    st.markdown(
        r"""
The column-wise scores of a value $x$ are $|x-\bar x|/s$, $|x-\tilde x|/(1.4826\,\mathrm{MAD})$ and
$\max(q_1-x,\;x-q_3)/\mathrm{IQR}$; a row gets the largest over its columns. The squared Mahalanobis
distance $(x-\mu)^\top\Sigma^{-1}(x-\mu)$ is split as $\sum_j w_j^2$ with $w=C^{-1/2}z$, so that the parts
sum to it exactly. The methods across columns see standard scores (within the group, where there are groups),
so that units do not decide; LOF on columns as they are, as other libraries run it, ranks the rows of some
tables better and of others worse. Columns that are mostly one value have no spread in the bulk and count
singly in the distance, without regard to the columns they go with. A missing value stands at the median, so
that it never makes a row unusual by itself; distances leave it out, if enough rows are complete. No row is
dropped.

**By chance** is the number of rows that the same threshold would flag in clean normal data of this size: by
the exact law of $|z|$ and by the simulated laws of the other column-wise methods in samples of each size,
whose columns go together as their ranks do (correlated ones flag the same rows), and by running the methods
across columns on 20,000 or more normal rows in tables of this size and these groups, with the same rank
correlations. The dotted lines show it bar by bar. The headline lets all methods judge the same simulated
rows. A false discovery rate is that of Benjamini and Hochberg by the same laws; the methods without one
(Isolation Forest, LOF, ECOD) keep their thresholds, which one clean row in a hundred exceeds.

**Rows stand in order** of their votes, those with equal votes in order of the combined score: the mean over
the methods of $-\ln(\text{share of rows at least as unusual})$.

**Mixed rows** are scored by $\sum_j \max(-\ln p_j - \ln 20,\,0)$ over columns and the rarest pair of values,
where $p_j$ is the share of the rows that are at least as rare or as far out; far-away values add
$2\ln(\text{distance}/3\,\mathrm{IQR})$. What clean data would score comes from rows whose columns keep
their values and go together as ranks do here, and have nothing else to do with each other.
"""
    )
