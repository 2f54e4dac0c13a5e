"""What the server keeps of the Hub: fetched models, and for each session its visitor's own token."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.settings import read_settings
from analytics.hub import Account, FetchedData, FetchedModel, HubError

_TOKEN, _ACCOUNT, _ORIGINS = "zetascope_hub_token", "zetascope_hub_account", "zetascope_hub_origins"
_SIGNED_OUT = "zetascope_hub_signed_out"


@st.cache_resource(show_spinner=False)
def _models() -> dict[str, FetchedModel]:
    return {}


def keep_model(model: FetchedModel) -> None:
    """Its files are here from now on, for who may see them."""
    _models()[model.name] = model


def fetched_model(name: str) -> FetchedModel:
    """A model that was fetched since the server's start; HubError for every other name."""
    if name not in _models():
        raise HubError(f"{name} has not been fetched from the Hub yet: choose it once more.")
    return _models()[name]


def most_bytes() -> int:
    """What files of the Hub may take on this server."""
    return read_settings().hub_mb * 1_000_000


def session_token() -> str | None:
    """The visitor's own token, in this session's memory and nowhere else."""
    return st.session_state.get(_TOKEN)


def session_account() -> Account | None:
    """Whose token that is."""
    return st.session_state.get(_ACCOUNT)


def sign_in(token: str, account: Account) -> None:
    """Use a token from now on in this session."""
    st.session_state[_TOKEN], st.session_state[_ACCOUNT] = token, account


def has_signed_out() -> bool:
    """Whether the visitor wanted that in this session."""
    return st.session_state.get(_SIGNED_OUT, False)


def sign_out() -> None:
    """Callback: forget the token, and do not take it from the login again."""
    st.session_state[_SIGNED_OUT] = True
    st.session_state.pop(_TOKEN, None)
    st.session_state.pop(_ACCOUNT, None)


def keep_origin(sha256: str, fetched: FetchedData) -> None:
    """What the open data of this hash were fetched as, without their bytes."""
    kept = st.session_state.get(_ORIGINS, {})
    st.session_state[_ORIGINS] = {**kept, sha256: replace(fetched, parquet=b"")}


def origin_of(dataset: DataSet) -> FetchedData | None:
    """What the open data were fetched as; None for files of another origin."""
    return st.session_state.get(_ORIGINS, {}).get(dataset.table.sha256)


def provenance(dataset: DataSet) -> str:
    """Where the open data come from, as a sentence for a card."""
    origin = origin_of(dataset)
    if origin:
        licence = origin.card.licence or "not named"
        return (
            f"{origin.card.name} on the Hub at commit {origin.commit}, licence {licence}. {origin.statement}"
        )
    if dataset.sample:
        return f"{dataset.sample.credit}. Licence: {dataset.sample.licence}."
    return f"The file {dataset.name}, SHA-256 {dataset.table.sha256}."
