"""Whose token it is, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.hub import client
from analytics.hub.errors import HubError, told
from analytics.hub.names import checked_token, is_name

_WRITERS = ("admin", "write", "contributor")
"""Roles in an organisation that may make repositories there."""


@dataclass(frozen=True)
class Account:
    """A visitor on the Hub: names under which they may publish; none where the token only reads."""

    name: str
    may_write: bool
    organisations: tuple[str, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        return (self.name, *self.organisations) if self.may_write else ()


def account(token: str) -> Account:
    """Ask the Hub whose token this is.

    Raises:
        HubError: no token, or one that the Hub does not know.
    """
    checked = checked_token(token)
    if checked is None:
        raise HubError("Type a token of the Hub first; you find it in your settings there.")
    with told("this token", token=checked):
        said = client.api(checked).whoami()
        name = str(said["name"])
        if not is_name(f"{name}/x"):
            raise HubError("The Hub does not say whose token this is.")
        return Account(name, _may_write(said), tuple(_organisations(said)))


def _may_write(said: dict[str, Any]) -> bool:
    """A token with fine-grained permissions says per repository what it may do: the attempt shows it."""
    role = said.get("auth", {}).get("accessToken", {}).get("role")
    return role != "read"


def _organisations(said: dict[str, Any]) -> list[str]:
    names = [one for one in said.get("orgs", []) if one.get("roleInOrg", "write") in _WRITERS]
    return [str(one["name"]) for one in names if is_name(f"{one['name']}/x")]
