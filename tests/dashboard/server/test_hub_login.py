"""Signing in by the Hub's OAuth: offered in a Space that has a client, and its token is nobody else's."""

import json
from collections.abc import Iterator

import pytest
from streamlit.runtime.secrets import secrets_singleton

from analytics.dashboard.server import hub_login

SPACE = {
    "SPACE_ID": "ann/zeta",
    "SPACE_HOST": "ann-zeta.hf.space",
    "OAUTH_CLIENT_ID": "client",
    "OAUTH_CLIENT_SECRET": "secret",
    "OAUTH_SCOPES": "openid profile contribute-repos",
    "OPENID_PROVIDER_URL": "https://hub.example/",
}
CLAIMS = {"is_logged_in": True, "provider": "huggingface", "origin": "https://ann-zeta.hf.space"}


@pytest.fixture
def space(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {**SPACE, "ZETASCOPE_HUB": "on"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(secrets_singleton, "_secrets", None)
    monkeypatch.setattr(secrets_singleton, "_programmatic_secrets", None)
    yield


def test_a_spaces_client_becomes_a_provider() -> None:
    section = hub_login.section_of(SPACE)
    assert section is not None
    assert section["redirect_uri"] == "https://ann-zeta.hf.space/oauth2callback"
    assert section["huggingface"] == {
        "client_id": "client",
        "client_secret": "secret",
        "server_metadata_url": "https://hub.example/.well-known/openid-configuration",
        "client_kwargs": {"scope": "openid profile contribute-repos"},
    }
    other = hub_login.section_of(SPACE)
    assert other is not None and other["cookie_secret"] != section["cookie_secret"]


@pytest.mark.parametrize("missing", ["SPACE_ID", "SPACE_HOST", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"])
def test_elsewhere_there_is_none(missing: str) -> None:
    assert hub_login.section_of({**SPACE, missing: ""}) is None


@pytest.mark.usefixtures("space")
def test_it_is_offered_with_the_hub_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETASCOPE_HUB", "off")
    assert not hub_login.is_offered()
    monkeypatch.setenv("ZETASCOPE_HUB", "on")
    assert hub_login.is_offered()
    assert hub_login.address() == "https://ann-zeta.hf.space/auth/login?with=huggingface"


@pytest.mark.usefixtures("space")
def test_the_owners_own_login_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"auth": {"client_id": "other", "huggingface": {"client_id": "of-the-owner"}}}
    monkeypatch.setattr(secrets_singleton, "_secrets", own)
    assert not hub_login.is_offered()


@pytest.mark.usefixtures("space")
@pytest.mark.parametrize(
    ("claims", "token"),
    [
        (CLAIMS, "hf_oauth_1"),
        ({**CLAIMS, "provider": "okta"}, None),
        ({**CLAIMS, "is_logged_in": False}, None),
        ({**CLAIMS, "origin": "https://evil.example"}, None),
        ([], None),
        ({}, None),
    ],
)
def test_a_token_counts_only_with_who_it_is_of(
    claims: object, token: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"_streamlit_user": claims, "_streamlit_user_tokens": {"access_token": "hf_oauth_1"}}
    monkeypatch.setattr(
        hub_login, "_get_signed_cookie_with_chunks", lambda _held, name: json.dumps(kept[name]).encode()
    )
    assert hub_login.access_token() == token
    monkeypatch.setenv("ZETASCOPE_HUB", "off")
    assert hub_login.access_token() is None
