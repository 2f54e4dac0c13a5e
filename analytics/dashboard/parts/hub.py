"""Pieces of every page that asks the Hub: the visitor's own token, and what a card says in words."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import hub
from analytics.hub import Card, HubError, account

_TYPED = "zetascope_hub_typed"
_REFUSED = "zetascope_hub_refused"


def draw_sign_in(page: str) -> None:
    """Who the visitor is on the Hub: a token for this session, which is not kept anywhere else."""
    known = hub.session_account()
    if known:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"On the Hub you are **{plain(known.name)}** in this session.", width="content")
            st.button("Sign out", key=f"{page}_hub_sign_out", on_click=hub.sign_out, type="tertiary")
        return
    key = f"{page}_{_TYPED}"
    st.text_input(
        "Your token of the Hub",
        key=key,
        type="password",
        autocomplete="off",
        on_change=_sign_in,
        args=(key,),
        help="Needed for gated and private things, and to publish. It stays in the memory of this session, "
        "and is in no link, file or log. Make one that can do no more than you need here.",
    )
    with errors_told():
        if refused := st.session_state.pop(_REFUSED, None):
            raise HubError(refused)


def _sign_in(key: str) -> None:
    typed, st.session_state[key] = st.session_state[key].strip(), ""
    if not typed:
        return
    try:
        hub.sign_in(typed, account(typed))
    except HubError as error:
        st.session_state[_REFUSED] = str(error)


def as_visitor() -> str:
    """Whose questions these are, for keys of jobs: another account gets other answers."""
    known = hub.session_account()
    return known.name if known else ""


def draw_card(card: Card) -> None:
    """What the owner says, and what to know first."""
    languages = ", ".join(card.languages[:6]) + (" …" if len(card.languages) > 6 else "")
    told = [f"**{plain(card.name)}**", f"licence {plain(card.licence or 'not named')}"]
    told += [f"languages {plain(languages)}"] * bool(languages) + ["gated"] * card.gated
    st.markdown(", ".join(told) + f", {card.downloads:,} downloads lately\\.")
    if card.summary:
        st.markdown(plain(card.summary, width=700))
    for warning in card.warnings:
        st.warning(plain(warning, width=300), icon=":material/warning:")
