"""What the Hub and its client say, as one sentence: what is wrong, and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analytics.errors import ZetascopeError

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

_STATUS = {
    400: "The Hub does not take this request for {name}; check the name and the revision.",
    403: "The Hub does not allow this for {name}: the token lacks the permission, or the owner has not let "
    "you in.",
    404: "The Hub has no {name} of this name; check owner, name and revision.",
    409: "The Hub has {name} already; choose another name.",
    413: "The Hub finds {name} too large to take.",
}


class HubError(ZetascopeError):
    """Something of the Hub cannot be had, used or published."""


@contextmanager
def told(name: str, *, token: str | None = None) -> Iterator[None]:
    """Make one sentence of whatever the client raises about ``name``; never a token, address or folder."""
    from huggingface_hub import errors

    try:
        yield
    except HubError:
        raise
    except errors.HfHubHTTPError as problem:
        raise HubError(_of_answer(problem, name, token)) from problem
    except errors.OfflineModeIsEnabled as problem:
        raise HubError(
            "This machine is set to stay off the Hub (HF_HUB_OFFLINE); unset it first."
        ) from problem
    except RuntimeError as problem:  # what stops an upload comes wrapped by the client
        if isinstance(problem.__cause__, HubError):
            raise problem.__cause__ from problem
        raise HubError(f"Not all of {name} could be sent; try again later.") from problem
    except OSError as problem:
        raise HubError(_of_disk(problem)) from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise HubError(f"The Hub's answer about {name} cannot be read; try again later.") from problem


def _of_answer(problem: HfHubHTTPError, name: str, token: str | None) -> str:
    from huggingface_hub import errors

    kinds = {
        errors.GatedRepoError: _gated(name, token),
        errors.DisabledRepoError: f"The Hub has closed {name}; choose another one.",
        errors.RevisionNotFoundError: f"{name} has no such revision; leave it empty for the newest.",
        errors.RemoteEntryNotFoundError: f"{name} lacks a file that is needed; choose another revision.",
        errors.RepositoryNotFoundError: _missing(name, token),
    }
    said = next((sentence for kind, sentence in kinds.items() if isinstance(problem, kind)), "")
    return said or _of_status(name, problem.response.status_code, token)


def _of_status(name: str, status: int, token: str | None) -> str:
    if status == 401:
        known = "The Hub does not know this token, or not any more: sign in again."
        return known if token else _missing(name, token)
    usual = f"The Hub answers with a fault ({status}) about {name}; try again later."
    return _STATUS.get(status, usual).format(name=name)


def _missing(name: str, token: str | None) -> str:
    more = "this token may not see it" if token else "it is private and needs a token"
    return f"The Hub has no {name}, or {more}; check owner and name."


def _gated(name: str, token: str | None) -> str:
    if token:
        return f"{name} is gated and its owners have not let you in: ask on its page of the Hub first."
    return f"{name} is gated: ask for access on its page of the Hub, then give a token of your own here."


def _of_disk(problem: OSError) -> str:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk of this machine is full; nothing was kept. Free some room, then try again."
    return (
        f"What comes from the Hub cannot be kept on this machine ({problem.strerror or 'no reason given'})."
    )
