"""Pieces of every page that asks the Hub: the visitor's own token, and what a card says in words."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Hashable
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import hub, hub_login
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.settings import read_settings
from analytics.hub import (
    Card,
    HubError,
    Publication,
    account,
    checked_licence,
    checked_name,
    model_publication,
    publish,
)

_TYPED = "zetascope_hub_typed"
_REFUSED = "zetascope_hub_refused"


def draw_sign_in(page: str) -> None:
    """Who the visitor is on the Hub: by its own login in a Space, elsewhere by a token for this session."""
    known = hub.session_account()
    if known:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"On the Hub you are **{plain(known.name)}** in this session.", width="content")
            st.button("Sign out", key=f"{page}_hub_sign_out", on_click=_sign_out, type="tertiary")
    elif hub_login.is_offered():
        _draw_login(page)
    else:
        _draw_token(page)


def _draw_login(page: str) -> None:
    """Inside a Space: the Hub's own page asks, and nothing is typed here."""
    token = hub_login.access_token()
    if token and not hub.has_signed_out():
        with errors_told():
            found = job_result(
                f"{page}_hub_login", token, lambda _progress: account(token), label="Signing in", network=True
            )
            if found:
                hub.sign_in(token, found)
                st.rerun()
    st.link_button("Sign in with Hugging Face", hub_login.address(), icon=":material/login:")
    st.caption(
        "Opens a tab of its own, in which you open your data again. Zetascope asks to create repositories "
        "and to change only those, and to read gated ones that you may read; it never sees your password\\."
    )


def _draw_token(page: str) -> None:
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


def _sign_out() -> None:
    hub.sign_out()
    if hub_login.access_token():
        st.logout()  # whose cookies they are


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


def publishing_panel(page: str) -> DeltaGenerator | None:
    """The open panel in which a page's result goes to the Hub; None while it is closed or the Hub is off."""
    if not read_settings().hub:
        return None
    panel = st.expander(
        "Publish on the Hub", icon=":material/cloud_upload:", on_change="rerun", key=f"{page}_publish_panel"
    )
    return panel if panel.open else None


def draw_publishing(
    page: str,
    make: Callable[[str], Publication],
    *,
    name: str,
    about: Hashable,
    label: str,
    quick: bool = True,
) -> None:
    """Publish what ``make`` gives for a licence: every file and the card are seen first; private at first.

    ``make`` runs in a thread, once for each licence and ``about``, which names all that its files depend on;
    ``quick`` where it takes no more than about two seconds.
    """
    draw_sign_in(f"{page}_publish")
    known, token = hub.session_account(), hub.session_token()
    if known is None or token is None:
        return
    if not known.owners:
        st.info("This token only reads. To publish, sign in with one that may write.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        owner = st.selectbox("Owner", known.owners, key=f"{page}_publish_owner", width=170)
        chosen = st.text_input("Name", _as_name(name), key=f"{page}_publish_name", max_chars=96, width=240)
        licence = st.text_input("Licence", key=f"{page}_publish_licence", placeholder="cc-by-4.0", width=130)
        private = st.toggle("Private", True, key=f"{page}_publish_private")
    if not licence.strip():
        st.caption("Name the licence under which others may use it, as the Hub writes it.")
        return
    full, licence = checked_name(f"{owner}/{chosen.strip()}"), checked_licence(licence)
    publication = job_result(
        f"{page}_publish_files",
        (about, licence),
        lambda _progress: make(licence),
        label="Putting the files together",
        quick=quick,
    )
    if publication is None:
        return
    st.dataframe(
        publication.preview(),
        hide_index=True,
        alt="Every file that will go",
        height="content",
        column_config={"bytes": st.column_config.NumberColumn(format="localized")},
    )
    with st.expander("The card, as it will go"):
        st.code(publication.card, language="markdown", wrap_lines=True)
    if not private:
        st.warning("Everybody will be able to read all of these files.", icon=":material/public:")
    asked = (full, private, licence, about, known.name)
    wanted = f"{page}_publish_wanted"
    st.button(label, key=f"{page}_publish_go", type="primary", on_click=_want, args=(wanted, asked))
    if st.session_state.get(wanted) != asked:
        return
    address = job_result(
        f"{page}_publish",
        asked,
        lambda progress: publish(publication, full, token=token, private=private, progress=progress),
        label=f"Publishing {full}, files",
        network=True,
    )
    if address:
        st.success(f"Published in one commit: {plain(address, width=300)}", icon=":material/cloud_done:")


def draw_publishing_model(
    page: str, save: Callable[[Path, str], object], *, name: str, about: Hashable, label: str
) -> None:
    """The panel for a model that ``save`` writes into a folder for a licence; nothing with the Hub off."""
    panel = publishing_panel(page)
    if panel is None:
        return

    def made(licence: str) -> Publication:
        with tempfile.TemporaryDirectory() as folder:
            save(Path(folder), licence)
            return model_publication(Path(folder))

    with panel, errors_told():
        draw_publishing(page, made, name=name, about=about, label=label)


def _as_name(text: str) -> str:
    """A name that the Hub takes, made of a file's."""
    plainer = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9_]+", plainer)
    return "-".join(words)[:90].strip("-") or "zetascope"


def _want(key: str, asked: Hashable) -> None:
    st.session_state[key] = asked
