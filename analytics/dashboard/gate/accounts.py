"""Who is logged in, and whom the owner lets in.

The provider's answer lies in a signed cookie. A cookie counts only while this server remembers having set it:
logging out makes it forget all cookies of the account, and after a restart everybody logs in again.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from analytics.dashboard.gate.names import words
from analytics.dashboard.server.settings import SettingsError, variable

_ENTRY = re.compile(r"""([^@\s"<>()\[\]:;\\/*]*@)?[\w-]+(\.[\w-]+)*""")
"""An address or a domain; quotes, mailto: and *.example.org would let in nobody, and nobody would say so."""
_LOGINS_KEPT = 50
"""Browsers that one account can be logged in with; the oldest is let go."""


@dataclass(frozen=True)
class Account:
    """One account of a provider; ``address`` is empty where the provider gives none or an unproven one."""

    provider: str
    subject: str
    address: str

    @property
    def name(self) -> str:
        """What it is called on the screen."""
        return self.address or self.subject


@dataclass(frozen=True)
class Allowed:
    """Whom ``ZETASCOPE_ALLOW`` names."""

    entries: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Allowed":
        """Read the setting; raises SettingsError for what is neither an address nor a domain."""
        entries = words(text)
        for entry in entries:
            if entry != "*" and not _ENTRY.fullmatch(entry):
                raise SettingsError(
                    f"{variable('allow')} holds {entry!r}: write addresses such as ada@example.org, domains "
                    "such as example.org, or * for every account of the provider."
                )
        return cls(frozenset(entry.removeprefix("@") for entry in entries))

    def lets_in(self, account: Account) -> bool:
        """Whether the owner named this account's address or its domain, exactly."""
        name, _, domain = account.address.rpartition("@")
        return "*" in self.entries or bool(name and {account.address, domain} & self.entries)


def account_of(claims: dict[str, Any]) -> Account | None:
    """The account that a provider's claims, as Streamlit keeps them, speak of."""
    subject = claims.get("sub") or claims.get("email")
    if not claims.get("is_logged_in") or not isinstance(subject, str):
        return None
    address = str(claims.get("email") or "").strip()
    if address.isascii():  # other letters can turn into ASCII in lower case: the Kelvin sign becomes a k
        address = address.lower()
    # Providers of one organisation leave the mark out; where it is false, the address is anyone's word.
    proven = claims.get("email_verified", True) in (True, "true")
    return Account(str(claims.get("provider", "")), subject, address if proven else "")


@dataclass
class Logins:
    """The cookies that this server has set, by account."""

    _kept: dict[Account, list[str]] = field(default_factory=dict)

    def remember(self, cookie: bytes) -> None:
        """A login has been completed with this content of its cookie."""
        if account := _account_in(cookie):
            self._kept[account] = [*self._kept.get(account, []), _mark(cookie)][-_LOGINS_KEPT:]

    def account(self, cookie: bytes | None) -> Account | None:
        """Whose cookie it is, if it still counts."""
        found = _account_in(cookie) if cookie else None
        return found if cookie and found and _mark(cookie) in self._kept.get(found, []) else None

    def forget(self, account: Account) -> None:
        """No cookie of this account counts from now on."""
        self._kept.pop(account, None)


def _account_in(cookie: bytes) -> Account | None:
    try:
        claims = json.loads(cookie)
    except ValueError:
        return None
    return account_of(claims) if isinstance(claims, dict) else None


def _mark(cookie: bytes) -> str:
    return hashlib.sha256(cookie).hexdigest()
