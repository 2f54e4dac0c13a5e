"""The Outliers page's decisions: steps of the recipe, made here, listed with their reasons, undone."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.outliers.over_time import opened_series
from analytics.dashboard.pages.outliers.search import Found
from analytics.dashboard.pages.outliers.steps import steps_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import recipes
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers import OutlierReport
from analytics.numbers.outliers.decisions import ACTIONS, decide
from analytics.numbers.outliers.methods import COLUMN_METHODS, OUTLIER_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.recipe import Recipe, Step
from analytics.recipe.deciding import Decision, decide_anew, first_decision, rows_decided
from analytics.reproduce import cleaning, outlier_script

_SELECTED = ""  # what stands for the selected rows where every other option is the name of a method


def draw_decisions(found: Found, after: DataSet, chosen: list[int]) -> None:
    """Controls, the list so far, and what comes of it; ``after`` is the data set with the decisions."""
    decided = after.steps[first_decision(after.steps) :]
    file = after.table.sha256
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
            disabled=not decided or not recipes.history_of(file).past,
            on_click=_undo,
            args=(file,),
        )
    _draw_earlier(after)
    if not decided:
        if not decided_before(after):
            st.caption("Nothing is decided yet; the table stays as it is.")
        return
    _draw_outcome(found, after, decided)
    _draw_downloads(found, after, decided)


def draw_unsearched(after: DataSet) -> None:
    """What was decided, where there is no search to see it beside: decisions are steps of the recipe."""
    decided = after.steps[first_decision(after.steps) :]
    if not decided and not decided_before(after):
        return
    st.subheader("What to do with them", anchor=False)
    _draw_earlier(after)
    if decided:
        st.markdown(
            f"**{count(len(decided), 'decision')}** at the end of the recipe stay, whatever is searched:"
        )
        st.markdown("\n".join(f"- {plain(step.sentence(), width=400)}" for step in decided))


def decided_before(after: DataSet) -> list[Step]:
    """Decisions that other steps have followed: they are changed on the Data page."""
    return [step for step in after.steps[: first_decision(after.steps)] if isinstance(step, Decision)]


def _draw_earlier(after: DataSet) -> None:
    earlier = decided_before(after)
    if earlier:
        told = "; ".join(step.sentence() for step in earlier)
        st.caption(
            plain(
                f"{count(len(earlier), 'earlier decision')} with steps behind, which the Data page shows "
                f"and changes: {told}.",
                width=400,
            )
        )


def _decide(
    found: Found,
    action: str,
    rule: str | None,
    chosen: list[int],
    fence: str | None,
) -> None:
    """Callback: make the decision the end of the recipe, in place of earlier ones about the same rows."""
    dataset, report = found.dataset, found.report
    file = dataset.table.sha256
    with widgets.errors_told():
        decision = decide(report, action, rows=None if rule else chosen, method=rule, fence_method=fence)
        new = steps_of(dataset.frame, report, decision)
        if not new:
            st.toast("No value of these rows is beyond a fence: nothing is to be changed.")
            return
        now = recipes.history_of(file).now
        place = first_decision(now.steps)
        numbers = report.data.row_numbers[list(decision.rows)]
        made = decide_anew(now.steps[place:], new, numbers, dataset.frame)
        before = now.steps[:place]
        if now.file != file:
            before = tuple(step for step in before if not step.by_row)
        recipes.change(file, Recipe(now.read, (*before, *made), file))


def _undo(file: str) -> None:
    """Callback: before the last decision; a quick second click undoes no step that is none."""
    steps = recipes.history_of(file).now.steps
    if first_decision(steps) < len(steps):
        recipes.undo(file)


def _draw_controls(report: OutlierReport, chosen: list[int]) -> tuple[str, str | None, str | None]:
    """What to do, the method whose flagged rows are meant (None: the selected) and that of the fences."""
    left, middle, right = st.columns(3)
    with left:
        action = widgets.choose_one(
            "What to do",
            list(ACTIONS),
            key="outliers_action",
            format_func=ACTIONS.__getitem__,
            help=hover("winsorize"),
        )
    with middle:
        rule = widgets.choose_one(
            "With", [_SELECTED, *report.methods], key="outliers_scope", format_func=_words_of_rule
        )
        if rule == _SELECTED:
            st.caption(f"{count(len(chosen), 'row')} selected above.")
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
    """What comes of the decisions: how many rows they speak of, in how many of these no method sees a reason
    as it is asked now, and the first of them in full."""

    rows: int
    without_reason: int
    listed: pd.DataFrame


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _outcome(key: tuple[object, ...], after_key: str, _found: Found, _decided: tuple[Step, ...]) -> _Outcome:
    """Kept, because a rule can decide about tens of thousands of rows."""
    rows = np.unique(np.concatenate([rows_decided(step, _found.dataset.frame) for step in _decided]))
    places = np.searchsorted(_found.report.data.row_numbers, rows)
    without = int((_found.report.votes.to_numpy()[places] == 0).sum())
    return _Outcome(len(rows), without, decisions_table(_found, _decided, first=widgets.ROWS_SHOWN))


def decisions_table(found: Found, decided: tuple[Step, ...], *, first: int | None = None) -> pd.DataFrame:
    """One line per decided row and step: number, line, name, what is done, whether it still has a reason,
    votes and the reason as they are now.

    ``first``: only so many lines.
    """
    dataset, report = found.dataset, found.report
    pairs = sorted(
        (int(number), step.sentence())
        for step in decided
        if step.active
        for number in rows_decided(step, dataset.frame)[:first]
    )[:first]
    places = np.searchsorted(report.data.row_numbers, [number for number, _ in pairs])
    explained = explain_rows(report, np.unique(places).tolist())
    reasons = {one.row: one.sentence for one in explained}
    lines = dataset.table.lines
    listed = [
        {
            "row": number,
            "line": None if lines is None else int(lines[place]),
            "name": "" if report.data.row_names is None else str(report.data.row_names[place]),
            "decision": sentence,
            "stands": "yes" if report.votes.iloc[place] else "no reason now",
            "votes": int(report.votes.iloc[place]),
            "reason": reasons[place],
        }
        for (number, sentence), place in zip(pairs, places.tolist(), strict=True)
    ]
    table = pd.DataFrame(listed, columns=["row", "line", "name", "decision", "stands", "votes", "reason"])
    unknown = {"line": lines is None, "name": report.data.row_names is None}
    return table.drop(columns=[name for name, absent in unknown.items() if absent])


def _draw_outcome(found: Found, after: DataSet, decided: tuple[Step, ...]) -> None:
    outcome = _outcome(found.key, after.key, found, decided)
    st.markdown(
        f"**{count(len(decided), 'decision')} about {count(outcome.rows, 'row')}**, at the end of the "
        rf"recipe: every other page works with {count(len(after.frame), 'row')} after them\."
    )
    if outcome.without_reason:
        st.info(
            f"For {outcome.without_reason:,} of these rows no method sees a reason with the columns, methods "
            "and thresholds chosen now. They stay decided, and are marked below.",
            icon=":material/rule:",
        )
    for account in after.account[len(after.steps) - len(decided) :]:
        st.markdown(f"- {plain(account.sentence(), width=400)}")
    widgets.table(
        outcome.listed,
        key="outliers_decided",
        alt="Decided rows with what is done, whether it still has a reason, votes and reason",
        rows=outcome.rows,
        height=240,
    )


def _draw_downloads(found: Found, after: DataSet, decided: tuple[Step, ...]) -> None:
    stem = stem_of(after.name)
    with st.container(horizontal=True):
        widgets.download(
            "Table after the decisions",
            lambda: after.frame,
            file_name=f"{stem}_decided.csv",
            key="outliers_download_table",
        )
        widgets.download(
            "Decisions with reasons",
            lambda: decisions_table(found, decided),
            file_name=f"{stem}_decisions.csv",
            key="outliers_download_decisions",
        )
        widgets.download(
            "Script",
            lambda: script(found, after),
            file_name=f"{stem}_outliers.py",
            key="outliers_download_script",
        )


def script(found: Found, after: DataSet) -> str:
    """Python that reads the file, searches it again and takes the decisions; ``after`` is with them."""
    dataset = found.dataset
    return outlier_script(
        found.report,
        others=list(found.search.others),
        label=list(found.search.label),
        in_time=opened_series(dataset),
        file_name=dataset.name,
        options=dataset.options,
        steps=cleaning(after.recipe, after.read_table, decided=first_decision(after.steps)),
    )
