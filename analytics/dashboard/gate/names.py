"""The names that a server answers under.

A page of another site can give its own name the address of this machine and then read what is served here. It
cannot do that with an address in numbers, so only names need to be known.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping

from analytics.dashboard.server.settings import SettingsError, variable

_HEADER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::[0-9]{1,5})?")
_NAME = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def words(text: str) -> list[str]:
    """The parts of a list that a setting holds, in lower case."""
    return [word.lower() for word in re.split(r"[,\s]+", text) if word]


def given_names(text: str) -> frozenset[str]:
    """The names of the setting; raises SettingsError for what is none."""
    found = [word.rstrip(".") for word in words(text)]
    for name in found:
        if name != "*" and not _NAME.fullmatch(name):
            raise SettingsError(f"{variable('hosts')} holds {name!r}: write names such as stats.example.org.")
    return frozenset(found)


def own_names(environment: Mapping[str, str]) -> frozenset[str]:
    """Names that need no setting: this machine's, and that of the Space it runs in."""
    names = {"localhost", "*.localhost", socket.gethostname().lower()}
    if space := environment.get("SPACE_ID"):
        names.add(
            environment.get("SPACE_HOST", "").lower()
            or f"{re.sub(r'[^a-z0-9]+', '-', space.lower())}.hf.space"
        )
    return frozenset(names)


def answers_to(host: str, names: Iterable[str]) -> bool:
    """Whether a request's Host header holds one of ``names`` or an address in numbers."""
    match = _HEADER.fullmatch(host)
    if not match:
        return False
    name = match.group(1).lower().rstrip(".")
    return _is_number(name) or any(_matches(name, known) for known in names)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _matches(name: str, known: str) -> bool:
    return known in ("*", name) or (known.startswith("*.") and name.endswith(known[1:]))
