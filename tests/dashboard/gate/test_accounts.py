"""Whom a login lets in, and whose cookie counts."""

import json
from typing import Any

import pytest

from analytics.dashboard.gate.accounts import Account, Allowed, Logins, account_of
from analytics.dashboard.server.settings import SettingsError

CLAIMS = {"is_logged_in": True, "provider": "default", "sub": "17", "email": "Ada@Example.org"}
ADA = Account("default", "17", "ada@example.org")


def somebody(address: str) -> Account:
    return Account("default", "1", address)


@pytest.mark.parametrize(
    "text", ["ada@example.org", "example.org", "@EXAMPLE.org", "x.org, example.org", "*", "a.b *"]
)
def test_who_is_named_comes_in(text: str) -> None:
    assert Allowed.of(text).lets_in(ADA)


@pytest.mark.parametrize(
    "text", ["", "grace@example.org", "ample.org", "org", "sub.example.org", "ada", "example.orgs"]
)
def test_nobody_else_does(text: str) -> None:
    assert not Allowed.of(text).lets_in(ADA)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "eve@example.org@evil.example",
        "eve@sub.example.org",
        "eve@evil-example.org",
        "example.org",
        "@example.org",
    ],
)
def test_addresses_that_only_look_like_a_named_domain_stay_out(address: str) -> None:
    assert not Allowed.of("example.org").lets_in(somebody(address))


@pytest.mark.parametrize(
    "text",
    [
        "a@b@c",
        "@",
        "ada@",
        "a..b",
        ".org",
        "*.example.org",
        "https://example.org",
        "mailto:ada@example.org",
        '"ada@example.org"',
        "<ada@example.org>",
        "ada@*",
        "*@example.org",
        "example.org;b.org",
        "example.org/",
    ],
)
def test_what_is_neither_address_nor_domain_stops_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="ZETASCOPE_ALLOW holds"):
        Allowed.of(text)


def test_an_account_is_read_from_its_claims() -> None:
    assert account_of(CLAIMS) == ADA
    assert account_of({**CLAIMS, "email_verified": True}) == ADA
    assert account_of({**CLAIMS, "email_verified": False}) == Account("default", "17", "")


def test_letters_that_only_become_those_of_a_named_domain_stay_out() -> None:
    eve = account_of({**CLAIMS, "email": "eve@ban\u212a.example"})
    assert eve and not Allowed.of("bank.example").lets_in(eve)


@pytest.mark.parametrize(
    "claims", [{}, {"is_logged_in": True}, {**CLAIMS, "is_logged_in": False}, {**CLAIMS, "sub": 17}]
)
def test_claims_of_nobody_are_no_account(claims: dict[str, Any]) -> None:
    assert account_of(claims) is None


def test_a_cookie_counts_from_its_login_to_the_logout_of_its_account() -> None:
    logins = Logins()
    first, second = (json.dumps({**CLAIMS, "nonce": nonce}).encode() for nonce in "ab")
    assert logins.account(first) is None
    logins.remember(first)
    logins.remember(second)
    assert [logins.account(first), logins.account(second)] == [ADA, ADA]
    logins.forget(ADA)
    assert [logins.account(first), logins.account(second)] == [None, None]


@pytest.mark.parametrize("cookie", [None, b"", b"[]", b"{", b"null", b'"text"', b"\xff"])
def test_what_is_no_cookie_of_ours_is_nobody(cookie: bytes | None) -> None:
    logins = Logins()
    if cookie:
        logins.remember(cookie)
    assert logins.account(cookie) is None
