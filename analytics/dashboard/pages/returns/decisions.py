"""What looks wrong in the prices, and what the visitor decided about it: kept for each file, and undone."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache, partial

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import page_notes, widgets
from analytics.dashboard.parts.buttons import Action as Button
from analytics.dashboard.parts.buttons import draw_actions
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.history import History
from analytics.errors import ZetascopeError
from analytics.numbers.returns.headline import rests_on
from analytics.numbers.returns.price_decisions import (
    Action,
    Decision,
    Kind,
    decision_of_json,
    decision_to_json,
    with_decision,
    without_place,
)
from analytics.numbers.returns.price_suggestions import Suggestion, open_ones
from analytics.numbers.returns.study import ReturnStudy
from analytics.words import count

Place = tuple[str, str | None, str]
"""What a decision is about."""
_HISTORIES, _PAGE = "zetascope_returns_decisions", "returns"
_MOST_SHOWN = 12  # pairs of buttons that a browser draws at once; the rest is taken or refused together
KINDS = {
    "zero": "placeholder zeros",
    "negative": "negative values",
    "split": "moves like splits",
    "spike": "mistyped values",
    "gap": "gaps",
    "date": "dates",
    "missing": "missing values",
    "stale": "values standing still",
}
_BY_HAND: dict[str, tuple[Kind, Action]] = {
    "a split, new shares for an old one": ("split", "split"),
    "wrong: it does not count": ("spike", "missing"),
    "another value": ("spike", "set"),
}


_History = History[tuple[Decision, ...]]


def decisions_of(file: str) -> tuple[Decision, ...]:
    """What was decided about the file with this SHA-256 in this session."""
    return _history(file).now


def _history(file: str) -> _History:
    """What was decided and before; only what is now, where that came with the file."""
    kept: _History = st.session_state.get(_HISTORIES, {}).get(file, _History(()))
    now = _noted(page_notes.notes_of(file, _PAGE))
    return kept if kept.now == now else _History(now)


@lru_cache(maxsize=64)
def _noted(texts: tuple[str, ...]) -> tuple[Decision, ...]:
    """The decisions that are some."""
    found: tuple[Decision, ...] = ()
    for text in texts:
        with suppress(ZetascopeError):
            found = with_decision(found, decision_of_json(text))
    return found


def _keep(file: str, history: _History) -> None:
    st.session_state[_HISTORIES] = {**st.session_state.get(_HISTORIES, {}), file: history}
    page_notes.keep_notes(file, _PAGE, tuple(map(decision_to_json, history.now)))


def _change(file: str, made: tuple[Decision, ...]) -> None:
    """Callback: decide this from now on; ``_undo`` comes back."""
    _keep(file, _history(file).changed(made))


def _decide(file: str, *made: Decision) -> None:
    """Callback: these decisions in place of earlier ones about the same."""
    now = _history(file).now
    for one in made:
        now = with_decision(now, one)
    _change(file, now)


def _decide_open(file: str, suggestions: Sequence[Suggestion], *, best: bool) -> None:
    """Callback: take or refuse every suggestion that nobody has decided by now."""
    left = open_ones(suggestions, _history(file).now)
    _decide(file, *(one.best if best else one.refused for one in left))


def _reopen(file: str, place: Place) -> None:
    """Callback: nothing is decided about this any more."""
    _change(file, without_place(_history(file).now, place))


def _undo(file: str) -> None:
    """Callback: what was decided before the last change; nothing where a quick second click asks for more."""
    _keep(file, _history(file).undone())


def _redo(file: str) -> None:
    """Callback: what was undone last, if anything was."""
    _keep(file, _history(file).redone())


def draw_way_back(file: str, error: ZetascopeError) -> None:
    """What was decided leaves nothing to compare: say so, and lead back."""
    st.warning(plain(f"With what you decided here: {error}", width=400), icon=":material/undo:")
    past = _history(file).past
    st.button(
        "Undo the last decision" if past else "Undo all decisions",
        key="returns_way_back",
        icon=":material/undo:",
        on_click=_undo if past else _change,
        args=(file,) if past else (file, ()),
    )


_STANDS_OPEN = 8  # findings that a list can show without pushing the answer out of sight


def draw_findings(study: ReturnStudy, file: str) -> None:
    """What looks wrong, each with both ways to take it; the title counts it by kind."""
    found = study.findings
    if not found and not study.decisions and not _history(file).past:
        return
    counts = {kind: sum(finding.kind == kind for finding in found) for kind in KINDS}
    title = ", ".join(f"{words} ({counts[kind]})" for kind, words in KINDS.items() if counts[kind])
    left = len(open_ones(study.suggestions, study.decisions))
    state = f"; {left:,} of {len(study.suggestions):,} open" if study.suggestions else ""
    suggested = {(one.kind, one.asset) for one in study.suggestions}
    told = [one for one in found if (one.kind, one.asset) not in suggested]
    folded = len(found) + len(study.suggestions) > _STANDS_OPEN
    of_all = [one.message for one in told if one.kind == "date"]
    if folded and of_all:  # which rows count is never told behind a click alone
        st.caption(plain(" ".join(of_all), width=500))
    with st.expander(
        f"Check first: {title or 'your decisions'}{state}", icon=":material/warning:", expanded=not folded
    ):
        if study.suggestions or study.decisions:
            _draw_buttons(study, file)
            _draw_suggestions(study, file)
        if told:
            lines = [f"- **{plain(one.asset or 'All')}**: {plain(one.message, width=500)}" for one in told]
            st.markdown("\n".join(lines[:30]))
            if len(lines) > 30:
                st.caption(f"The first 30 of {len(lines):,}.")
        _draw_by_hand(study, file)


def _draw_buttons(study: ReturnStudy, file: str) -> None:
    """Decide about all at once, and go back."""
    history, left = _history(file), open_ones(study.suggestions, study.decisions)
    take = partial(_decide_open, file, study.suggestions, best=True)
    leave = partial(_decide_open, file, study.suggestions, best=False)
    with st.container(horizontal=True):
        draw_actions(
            Button("Take all suggestions", "returns_take_all", "done_all", bool(left), take),
            Button("Leave all as the file has it", "returns_refuse_all", "remove_done", bool(left), leave),
            Button("Undo", "returns_undo", "undo", bool(history.past), _undo, (file,)),
            Button("Redo", "returns_redo", "redo", bool(history.future), _redo, (file,)),
        )
    said = rests_on(study)
    if said:
        st.caption(plain(said, width=400))
    if study.idle:
        told = "; ".join(one.sentence() for one in study.idle[:5])
        st.caption(
            plain(f"{count(len(study.idle), 'decision')} about what is not here now: {told}.", width=500)
        )


def _draw_suggestions(study: ReturnStudy, file: str) -> None:
    """Every place that looks wrong, open ones first."""
    made = {one.place: one for one in study.decisions}
    order = sorted(study.suggestions, key=lambda one: (one.taken.place in made, list(KINDS).index(one.kind)))
    for one in order[:_MOST_SHOWN]:
        _draw_one(one, made.get(one.taken.place), file)
    if len(order) > _MOST_SHOWN:
        st.caption(
            f"The first {_MOST_SHOWN} of {len(order):,}; those that are open come first, and the buttons "
            "above decide about all of them."
        )


def _named(place: Place) -> str:
    """A short name for keys: of the place itself, since what is next in a list moves up."""
    return hashlib.sha256(repr(place).encode()).hexdigest()[:10]


def _draw_one(one: Suggestion, decided: Decision | None, file: str) -> None:
    key = f"returns_decide_{_named(one.taken.place)}"
    by_hand = decided not in (None, one.taken, one.refused)
    taken, refused = one.taken_words, one.refused_words
    st.session_state[key] = {one.taken: taken, one.refused: refused}.get(decided) if decided else None
    st.markdown(
        f"**{plain(one.asset or 'All')}**: {plain(one.sentence, width=500)}"
        + (f" By hand: {plain(decided.sentence())}." if by_hand and decided else "")
    )
    st.segmented_control(
        plain(f"Decide about {one.name}"),
        [taken, refused],
        key=key,
        label_visibility="collapsed",
        on_change=_take_choice,
        args=(key, file, one),
    )


def _take_choice(key: str, file: str, one: Suggestion) -> None:
    """Callback: what was clicked; a second click on it opens the question again."""
    chosen = st.session_state[key]
    if chosen is None:
        _reopen(file, one.taken.place)
    else:
        _decide(file, one.taken if chosen == one.taken_words else one.refused)


def _draw_by_hand(study: ReturnStudy, file: str) -> None:
    """What nobody suggested: a split of another ratio, a value that is wrong, another value."""
    with st.popover("Set by hand", icon=":material/edit:"):
        assets = list(study.table.prices.columns)
        asset = widgets.choose_one("Asset", assets, key="returns_hand_asset")
        what = widgets.choose_one("What it is", list(_BY_HAND), key="returns_hand_what")
        days = study.table.prices[asset].dropna().index
        date = st.text_input(
            "First date with it",
            key="returns_hand_date",
            placeholder=study.table.frequency.date(days[-1]) if len(days) else "2024-01-31",
            help="For a split the first date with new shares; earlier prices are divided.",
        )
        value = st.number_input(
            "Ratio or value", min_value=0.0, value=4.0, key="returns_hand_value", format="%g", help="4: 1:4"
        )
        made, why = _made_by_hand(asset, _BY_HAND[what], date, value, days)
        if why and date:
            st.caption(plain(why))
        st.button(
            "Set",
            key="returns_hand_set",
            disabled=made is None,
            on_click=_decide,
            args=(file, made) if made else (file,),
        )
        by_hand = [one for one in study.decisions if one not in _offered(study.suggestions)]
        for one in by_hand:
            st.button(
                f"Take back: {plain(one.sentence())}",
                key=f"returns_hand_back_{_named(one.place)}",
                on_click=_reopen,
                args=(file, one.place),
            )


def _offered(suggestions: Sequence[Suggestion]) -> set[Decision]:
    return {decision for one in suggestions for decision in (one.taken, one.refused)}


def _made_by_hand(
    asset: str, what: tuple[Kind, Action], date: str, value: float, days: pd.Index
) -> tuple[Decision | None, str]:
    """The decision, or why there is none."""
    kind, action = what
    try:
        when = pd.Timestamp(date)
    except ValueError:
        return None, f"{date} is no date: write it as 2024-01-31."
    if pd.isna(when) or when not in days:
        return None, f"{asset} has no value on {date}: write a date that it has, as 2024-01-31."
    if action != "missing" and value <= 0:
        return None, "The ratio or value has to be above 0."
    iso = when.isoformat()
    return Decision(kind, action, asset, iso, iso, None if action == "missing" else value), ""
