"""The Relations page: how strongly every two columns hang together."""

import streamlit as st

from analytics.dashboard.pages.relations import downloads, pair, study, views
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.relations.relations import Relations, sample_sentence
from analytics.numbers.relations.words import relation_sentence


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    found = None
    with widgets.errors_told():
        found = study.relations_of(dataset)
    if found is None:
        return
    _draw_answer(found)
    if len(found.columns.names) >= 2:
        views.draw_views(dataset, found)
        st.subheader("Two columns", anchor=False)
        pair.draw_pair(dataset, found)
        st.subheader("Take it with you", anchor=False)
        downloads.draw_downloads(dataset, found)
    with st.expander("How this is computed", icon=":material/functions:"):
        st.markdown(_METHOD)


def _draw_answer(found: Relations) -> None:
    """The strongest pair in words, and what was compared."""
    names = found.columns.names
    if len(names) < 2:
        st.info("A relation needs two columns of numbers, dates or categories.", icon=":material/info:")
    else:
        clear = found.pairs[found.pairs["p_adjusted"] < views.SIGNIFICANT]
        head = (
            f"{len(clear):,} of {count(len(found.pairs), 'pair')} of columns hang together more than chance "
        )
        st.subheader(head + "explains.", anchor=False)
        if len(clear):
            st.markdown(f"The strongest: {plain(relation_sentence(clear.iloc[0]), width=400)}")
    if found.columns.sampled:
        st.caption(plain(sample_sentence(found.columns), width=300))
    if found.columns.left_out:
        left_out = found.columns.left_out
        with st.expander(count(len(left_out), "column left out", "columns left out"), icon=":material/info:"):
            st.markdown("\n".join(f"- {plain(name)}: {plain(why)}" for name, why in left_out.items()))


_METHOD = r"""
**Two numbers or dates**: Spearman's rank correlation, ties sharing their mean rank; Pearson's beside it.
Dates count in days. The interval is Fisher's on $\operatorname{artanh} r$ with the error of Bonett and
Wright (2000), made wider where the fourth moments of the data ask for it. p is exact for up to eight rows,
else Student's.

**A number by a category**: the correlation ratio $\hat\varepsilon=\sqrt{1-(1-\eta^2)\frac{n-1}{n-k}}$
(Kelley 1935), the root of the share of the variance that the $k$ groups explain, 0 where groups of chance
explain as much. The interval inverts the noncentral F law (Steiger 2004), made wider where the rows'
influence asks for it. p is the largest of the F test, Welch's (1951) and Brown and Forsythe's (1974); the
two do without equal spreads.

**Two categories**: Cramér's V with Bergsma's correction (2013); levels beyond the 50 commonest count as
one. The interval inverts the noncentral chi-squared law; none is stated with fewer than five rows per cell
of the table and cells expected less than once. p is of the chi-squared test where every cell is expected
five times, else Fisher's exact test or a gamma law with the exact mean and variance over all tables with
the same margins.

A pair is compared over the rows that have both values. **Corrected p** is Benjamini and Hochberg's (1995)
over all pairs: of the pairs below 5%, one in twenty is chance on average, or fewer. **Against a column** cuts
the other columns into groups of equally many rows and takes the share of the target they explain: of the
variance of its ranks (Kruskal and Wallis 1952) or, for a category, of its variety (Goodman and Kruskal 1954);
so a U is seen. Its p is twice the smaller one of that and of the straight measure, corrected by Holm (1979).
**Missing together** is phi, Pearson's correlation of which rows lack a value. Columns are ordered by
average linkage of $1-|\text{measure}|$ with the leaves ordered best. None of this says which column is the
cause.
"""
