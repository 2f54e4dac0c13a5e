"""The one guard for names that come from a link, a text box or the Hub: no path of this machine passes."""

from __future__ import annotations

import os
import re

from analytics.hub.errors import HubError

# As the Hub names repositories: owner and name of letters, digits and - _ . inside, so that no drive, share,
# scheme, home folder, percent sign, NUL or wide slash fits, and none that climbs.
_PART = r"[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_PART}/{_PART}", re.ASCII)
_REVISION = re.compile(r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*){0,8}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{8,4000}")
_LONGEST = 96
"""Letters of an owner or a name, as the Hub has it."""


def is_name(text: object) -> bool:
    """Whether ``text`` can only be owner/name on the Hub: there is no file or folder here of that name."""
    if not isinstance(text, str) or not _NAME.fullmatch(text) or ".." in text or "--" in text:
        return False
    owner, _, name = text.partition("/")
    if max(len(owner), len(name)) > _LONGEST or name.endswith(".git"):
        return False
    # A loader that is given a name takes a folder of that name below the working directory first.
    return not os.path.lexists(text)


def checked_name(text: str) -> str:
    """``owner/name`` without blanks around it; HubError for everything else."""
    name = text.strip() if isinstance(text, str) else text
    if not is_name(name):
        raise HubError(
            f"{str(text)[:100]!r} is not a name on the Hub: write owner/name, of letters, digits, - _ and ."
        )
    return name


def checked_revision(text: str) -> str:
    """A branch, tag or commit; HubError for everything else."""
    revision = text.strip()
    if len(revision) > 200 or ".." in revision or not _REVISION.fullmatch(revision):
        raise HubError(f"{text[:100]!r} is not a revision: write a branch, a tag or a commit, such as main.")
    return revision


def checked_token(text: str | None) -> str | None:
    """A token that can stand in a request, None for an empty one; what was typed is never repeated."""
    token = (text or "").strip()
    if token and not _TOKEN.fullmatch(token):
        raise HubError("This is not a token of the Hub: copy it from your settings there.")
    return token or None


def is_safe_path(path: str) -> bool:
    """Whether the path of a file in a repository stays below the folder that it is put in, on any system."""
    parts = path.split("/")
    fits = all(part and part.strip(". ") and part == part.strip() for part in parts)
    return fits and len(path) <= 500 and not re.search(r'[\x00-\x1f\\:*?"<>|\x7f]', path)
