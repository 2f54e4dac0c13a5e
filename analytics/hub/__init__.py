"""Models and data of the Hugging Face Hub, for who has a network; no code that comes from it is run."""

from analytics.hub.accounts import Account, account
from analytics.hub.cards import Card, read_card
from analytics.hub.data import DataCard, FetchedData, OpenedData, Split, data_card, fetch_data, open_data
from analytics.hub.errors import HubError
from analytics.hub.models import FetchedModel, ModelCard, fetch_model, measured_flops, model_card
from analytics.hub.names import checked_name, checked_revision, checked_token, is_name
from analytics.hub.publishing import (
    Publication,
    checked_licence,
    data_publication,
    model_publication,
    page_publication,
    publish,
)
from analytics.hub.search import SIZES, Found, search_data, search_models

__all__ = [
    "SIZES",
    "Account",
    "Card",
    "DataCard",
    "FetchedData",
    "FetchedModel",
    "Found",
    "HubError",
    "ModelCard",
    "OpenedData",
    "Publication",
    "Split",
    "account",
    "checked_licence",
    "checked_name",
    "checked_revision",
    "checked_token",
    "data_card",
    "data_publication",
    "fetch_data",
    "fetch_model",
    "is_name",
    "measured_flops",
    "model_card",
    "model_publication",
    "open_data",
    "page_publication",
    "publish",
    "read_card",
    "search_data",
    "search_models",
]
