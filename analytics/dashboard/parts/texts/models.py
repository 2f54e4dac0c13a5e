"""Which model a page works with: the packaged one, or one of the Hub where the owner allows that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.parts.markdown import digits, plain
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.dashboard.parts.widgets import choose_one, errors_told
from analytics.dashboard.server import hub
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.settings import read_settings
from analytics.dashboard.server.tuned import tuned_names
from analytics.hub import (
    FetchedModel,
    Found,
    ModelCard,
    fetch_model,
    is_name,
    measured_flops,
    model_card,
    search_models,
)
from analytics.hub.search import Use
from analytics.progress import Progress

_AGREED = "zetascope_hub_agreed"
_MB = 1_000_000


def ask_for_model(
    packaged: str,
    *,
    key: str,
    about: str,
    use: Use = "encoder",
    local: Sequence[str] = (),
    on_change: Callable[[], None] | None = None,
    place: DeltaGenerator | None = None,
) -> str:
    """The model's name: ``packaged`` unless the owner allows the Hub and the one that was chosen is here.

    A name never opens a folder of the server, whatever a link says, but for the ``local`` ones its owner
    offers, and encoders that this session has tuned. What is to be known of another model first is drawn in
    ``place``.
    """
    local = (*local, *(tuned_names() if use == "encoder" else ()))
    if not read_settings().hub:
        if not local:
            return packaged
        return str(choose_one("Model", [packaged, *local], key=key, width=260, on_change=on_change))
    found: tuple[Found, ...] = st.session_state.get(f"{key}_found", ())
    offered = _offered((packaged, *local), found, now=str(st.session_state.get(key) or ""))
    typed = st.selectbox(
        "Model",
        offered,
        key=key,
        bind="query-params",
        accept_new_options=True,
        help=f"{about} Choose one, or type owner/name.",
        on_change=on_change,
    )
    with st.popover("Find a model", icon=":material/search:"):
        _draw_search(key, use)
        hub_parts.draw_sign_in(key)
    if typed not in offered and is_name((typed or "").strip()):
        st.rerun()  # a name of the link: from now on it is among those that are offered
    name = (typed or "").strip() or packaged
    if name in (packaged, *local):
        return name
    with place or st.container(), errors_told():
        if is_name(name):
            return name if _fetched(name, use, key) else packaged
        st.warning(
            f"{plain(name)} is not the id of a model on the Hub, so {_instead(packaged, use)} is used.",
            icon=":material/warning:",
        )
    return packaged


def _instead(packaged: str, use: Use) -> str:
    return (plain(packaged) or "none") if use == "causal" else "the packaged model"


def _offered(own: tuple[str, ...], found: tuple[Found, ...], *, now: str) -> list[str]:
    """The models that are here, those that were found, and the one that is chosen now."""
    chosen = [now] if is_name(now.strip()) else []
    return list(dict.fromkeys([*own, *(one.name for one in found), *chosen]))


def _draw_search(key: str, use: Use) -> None:
    with st.form(f"{key}_search", border=False):
        st.text_input("Words in its name", key=f"{key}_words", max_chars=100)
        st.text_input("Language", key=f"{key}_language", max_chars=3, placeholder="fr")
        st.form_submit_button("Search the Hub", on_click=_ask, args=(key,))
    token = hub.session_token()
    question = st.session_state.get(f"{key}_asked")
    if not question:
        return

    def search(_progress: Progress) -> tuple[Found, ...]:
        return search_models(question[0], language=question[1], use=use, token=token)

    found = job_result(f"{key}_search", question, search, label="Searching the Hub", network=True)
    if found is None:
        return
    if st.session_state.get(f"{key}_found") != found:
        st.session_state[f"{key}_found"] = found
        st.rerun()  # the choice was drawn before
    st.dataframe(_table_of(found), hide_index=True, alt="Models of the Hub that this page can use")
    st.caption(
        "Only models whose weights are safetensors, which cannot run code. Choose one under Model."
        if found
        else "The Hub has none of these words that this page can use."
    )


def _ask(key: str) -> None:
    words, language = st.session_state[f"{key}_words"], st.session_state[f"{key}_language"]
    st.session_state[f"{key}_asked"] = (words, language, hub_parts.as_visitor())


def _table_of(found: tuple[Found, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": [one.name for one in found],
            "languages": [", ".join(one.languages[:5]) for one in found],
            "parameters (millions)": [one.parameters and round(one.parameters / 1e6, 1) for one in found],
            "disk (MB)": [one.disk_mb and round(one.disk_mb) for one in found],
            "licence": [one.licence for one in found],
            "downloads": [one.downloads for one in found],
            "gated": [one.gated for one in found],
        }
    )


def _fetched(name: str, use: Use, key: str) -> bool:
    """Whether the model is here for this visitor; until then its card, and the button that fetches it."""
    asked, token = (name, hub_parts.as_visitor()), hub.session_token()
    known = job_result(
        f"{key}_card",
        asked,
        lambda _progress: model_card(name, use=use, token=token),
        label=f"Asking the Hub for {name}",
        network=True,
    )
    if known is None:
        return False
    agreed = st.session_state.get(_AGREED, frozenset())
    if asked not in agreed:
        _offer(known, asked)
        return False
    most = hub.most_bytes()

    def fetch(progress: Progress) -> FetchedModel:
        return fetch_model(name, use=use, token=token, most_bytes=most, progress=progress)

    model = job_result(f"{key}_fetch", asked, fetch, label=f"Fetching {name}, in MB", network=True)
    if model is None:
        return False
    hub.keep_model(model)
    return True


def _offer(known: ModelCard, asked: tuple[str, str]) -> None:
    with st.container(border=True):
        hub_parts.draw_card(known.card)
        if known.problem:
            st.error(plain(known.problem, width=300), icon=":material/error:")
            return
        st.markdown(_cost(known))
        st.button(
            f"Fetch {_mb(known)} and use it",
            key=f"hub_fetch_{asked[0]}",
            on_click=_agree,
            args=(asked,),
            type="primary",
        )
        st.caption("Until it is here, the packaged model is used.")


def _mb(known: ModelCard) -> str:
    size = known.bytes / _MB
    return f"{size:,.0f} MB" if size >= 1 else f"{digits(size, significant=1)} MB"


def _cost(known: ModelCard) -> str:
    said = [f"{known.parameters / 1e6:,.0f} million parameters"] if known.parameters else []
    said.append(f"{_mb(known)} on disk")
    speed = known.texts_per_second(_flops())
    if speed:
        said.append(
            f"about {digits(speed, significant=2)} texts of two sentences a second here, an estimate from "
            "its size and from what this machine multiplies"
        )
    return plain(", ".join(said), width=300) + "\\."


@st.cache_resource(show_spinner=False)
def _flops() -> float:
    return measured_flops()


def _agree(asked: tuple[str, str]) -> None:
    st.session_state[_AGREED] = st.session_state.get(_AGREED, frozenset()) | {asked}
