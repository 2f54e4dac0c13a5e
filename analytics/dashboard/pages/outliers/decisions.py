"""The Outliers page's decisions: made, undone, listed and downloaded."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.decisions import (
    ACTIONS,
    Decisions,
    apply_decisions,
    cell_changes,
    decide,
    decisions_table,
    row_actions,
)
from analytics.numbers.outliers.methods import COLUMN_METHODS, OUTLIER_METHODS
from analytics.reproduce import outlier_script

_DECISIONS = "zetascope_outliers_decisions"
_SELECTED = ""  # what stands for the selected rows where every other option is the name of a method


def draw_decisions(found: Found, chosen: list[int]) -> None:
    """Controls, the list so far, and what comes of it."""
    made = _decisions_of(found)
    action, rule, fence = _draw_controls(found.report, chosen)
    with st.container(horizontal=True):
        st.button(
            "Decide",
            key="outliers_decide",
            type="primary",
            disabled=rule is None and not chosen,
            on_click=_decide,
            args=(found, action, rule, chosen, fence),
        )
        st.button(
            "Undo",
            key="outliers_undo",
            icon=":material/undo:",
            disabled=not made.made,
            on_click=_undo,
            args=(found,),
        )
    if not made.made:
        st.caption("Nothing is decided yet; the table stays as it is.")
        return
    _draw_outcome(found, made)
    _draw_downloads(found, made)


def _decide(
    found: Found,
    action: str,
    rule: str | None,
    chosen: list[int],
    fence: str | None,
) -> None:
    with widgets.errors_told():
        decision = decide(
            found.report, action, rows=None if rule else chosen, method=rule, fence_method=fence
        )
        _keep(found, _decisions_of(found).add(decision))


def _undo(found: Found) -> None:
    _keep(found, _decisions_of(found).undo())


def _draw_controls(report: OutlierReport, chosen: list[int]) -> tuple[str, str | None, str | None]:
    """What to do, the method whose flagged rows are meant (None: the selected) and that of the fences."""
    left, middle, right = st.columns(3)
    with left:
        action = widgets.choose_one(
            "What to do", list(ACTIONS), key="outliers_action", format_func=ACTIONS.__getitem__
        )
    with middle:
        rule = widgets.choose_one(
            "With", [_SELECTED, *report.methods], key="outliers_scope", format_func=_words_of_rule
        )
        if rule == _SELECTED:
            st.caption(f"{count(len(chosen), 'row')} selected in the table above.")
    fence = None
    with right:
        if action in ("winsorize", "set_missing"):
            fence = widgets.choose_one(
                "Fences of",
                list(COLUMN_METHODS),
                key="outliers_fence_method",
                index=1,
                format_func=lambda method: OUTLIER_METHODS[method].label,
            )
    return action, rule or None, fence


def _words_of_rule(method: str) -> str:
    return f"all that {OUTLIER_METHODS[method].label} flags" if method else "the selected rows"


@dataclass(frozen=True)
class _Outcome:
    """What comes of the decisions: rows by action, how many rows and values, and the first rows in full."""

    by_action: dict[str, int]
    rows: int
    changed: int
    listed: pd.DataFrame


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _outcome(key: tuple[object, ...], _found: Found, _made: Decisions) -> _Outcome:
    """Kept, because a rule can decide about tens of thousands of rows."""
    actions = row_actions(_made)
    return _Outcome(
        by_action=Counter(decision.action for decision in actions.values()),
        rows=len(actions),
        changed=len(cell_changes(_found.report, _made)),
        listed=decisions_table(
            _found.report, _made, first=widgets.ROWS_SHOWN, lines=_found.dataset.table.lines
        ),
    )


def _draw_outcome(found: Found, made: Decisions) -> None:
    # The hash stands for the decisions, whose rows Streamlit would hash one by one.
    outcome = _outcome((*found.key, hash(made)), found, made)
    told = [
        f"{words.lower()}: {outcome.by_action[action]:,}"
        for action, words in ACTIONS.items()
        if action in outcome.by_action
    ]
    decisions = count(len(made.made), "decision")
    st.markdown(
        plain(
            f"{decisions} about {count(outcome.rows, 'row')}. " + "; ".join(told).capitalize() + ".",
            width=400,
        )
        + (f" {count(outcome.changed, 'value')} changed." if outcome.changed else "")
    )
    widgets.table(
        outcome.listed,
        key="outliers_decided",
        alt="Decided rows with action, rule, changes, votes and reason",
        rows=outcome.rows,
        height=240,
    )


def _draw_downloads(found: Found, made: Decisions) -> None:
    dataset, report = found.dataset, found.report
    with st.container(horizontal=True):
        widgets.download(
            "Table after the decisions",
            lambda: apply_decisions(dataset.frame, report, made),
            file_name=f"{stem_of(dataset.name)}_decided.csv",
            key="outliers_download_table",
        )
        widgets.download(
            "Decisions with reasons",
            lambda: decisions_table(report, made, lines=dataset.table.lines),
            file_name=f"{stem_of(dataset.name)}_decisions.csv",
            key="outliers_download_decisions",
        )
        widgets.download(
            "Script",
            lambda: script(found, made),
            file_name=f"{stem_of(dataset.name)}_outliers.py",
            key="outliers_download_script",
        )


def script(found: Found, made: Decisions) -> str:
    """Python that reads the file, searches it again and applies the decisions."""
    dataset = found.dataset
    return outlier_script(found.report, made, file_name=dataset.name, options=dataset.options)


def _place(found: Found) -> tuple[object, ...]:
    return (found.dataset.key, found.search.columns, found.search.by)


def _decisions_of(found: Found) -> Decisions:
    """What was decided about this search."""
    return st.session_state.get(_DECISIONS, {}).get(_place(found), Decisions())


def _keep(found: Found, made: Decisions) -> None:
    st.session_state[_DECISIONS] = {**st.session_state.get(_DECISIONS, {}), _place(found): made}
