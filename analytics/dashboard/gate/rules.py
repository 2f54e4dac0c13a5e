"""What the owner has decided about the door, read once when the server starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.dashboard.gate.accounts import Allowed
from analytics.dashboard.gate.headers import frame_ancestors
from analytics.dashboard.gate.names import given_names, own_names
from analytics.dashboard.server.settings import Settings, read_settings


@dataclass(frozen=True)
class Rules:
    """Settings, and what they mean for names, accounts and frames."""

    settings: Settings
    allowed: Allowed
    names: frozenset[str]
    ancestors: str
    in_space: bool

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> "Rules":
        """Raises SettingsError where a setting cannot be read."""
        given = os.environ if environment is None else environment
        settings = read_settings(given)
        in_space = bool(given.get("SPACE_ID"))
        return cls(
            settings=settings,
            allowed=Allowed.of(settings.allow),
            names=given_names(settings.hosts) | own_names(given),
            ancestors=frame_ancestors(settings.frames, in_space=in_space),
            in_space=in_space,
        )

    @property
    def checks_forgery(self) -> bool:
        """Whether uploads need the XSRF cookie.

        A Space stands in another site's frame, where browsers withhold it and every upload would answer 403;
        only there, and only while nobody logs in, it is not asked for: an upload still needs the identifier
        of a live session.
        """
        return self.settings.login or not self.in_space
