"""What the owner of a data set or a model says of it, read before anything of it is opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.hub.downloads import Kind, RemoteFile, download, files_of
from analytics.hub.names import checked_name, checked_revision
from analytics.hub.search import languages_of, tagged

_LONGEST_CARD = 2_000_000
_LONGEST_SUMMARY = 600
_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_MARKUP = re.compile(
    r"<[^<>]{0,500}>|!\[[^\[\]]{0,200}\]\([^()]{0,500}\)|\[([^\[\]]{0,200})\]\([^()]{0,500}\)"
)
_NOT_PROSE = ("#", "|", "```", "- ", "* ", ">", "<", "=", "---")


@dataclass(frozen=True)
class Card:
    """A repository before it is opened; ``warnings`` are sentences for the visitor."""

    name: str
    kind: Kind
    commit: str
    summary: str
    licence: str
    languages: tuple[str, ...]
    tasks: tuple[str, ...]
    downloads: int
    gated: bool
    warnings: tuple[str, ...]
    files: tuple[RemoteFile, ...]

    @property
    def bytes(self) -> int:
        return sum(one.size for one in self.files)


def read_card(name: str, *, kind: Kind, revision: str = "main", token: str | None = None) -> Card:
    """The card of ``owner/name`` and the list of its files; only its README is fetched.

    Raises:
        HubError: no such name or revision, no access, or the Hub is out of reach.
    """
    from analytics.hub import client
    from analytics.hub.errors import told

    name, revision = checked_name(name), checked_revision(revision)
    with told(name, token=token):
        info: Any = client.api(token).repo_info(name, repo_type=kind, revision=revision)
        current = checked_name(str(info.id))
        tags = [tag for tag in info.tags or () if isinstance(tag, str)]
        gated, downloads, disabled = bool(info.gated), int(info.downloads or 0), bool(info.disabled)
    files = files_of(current, kind=kind, revision=revision, token=token)
    licence = ", ".join(tagged(tags, "license"))
    warnings = [f"{name} has been renamed: it is {current} now."] * (current != name)
    warnings += ["Its owner names no licence: ask before you use it for more than a look."] * (not licence)
    warnings += ["It is gated: its owners decide who may have the files."] * gated
    warnings += ["It is closed by the Hub."] * disabled
    warnings += _by_its_files(files, kind)
    return Card(
        name=current,
        kind=kind,
        commit=files[0].commit if files else str(info.sha),
        summary=_summary(files, gated=gated, token=token),
        licence=licence,
        languages=languages_of(tags),
        tasks=tagged(tags, "task_categories"),
        downloads=downloads,
        gated=gated,
        warnings=tuple(warnings),
        files=tuple(files),
    )


def _by_its_files(files: Sequence[RemoteFile], kind: Kind) -> list[str]:
    code = [one.path for one in files if one.path.endswith(".py")]
    if not code:
        return []
    told = "It brings code of its own, which is never run here"
    return [f"{told}: what needs it cannot be opened." if kind == "model" else f"{told}."]


def _summary(files: Sequence[RemoteFile], *, gated: bool, token: str | None) -> str:
    """The first sentences of the README; nothing where there is none, or only those let in may read it."""
    readme = [one for one in files if one.path == "README.md" and one.size <= _LONGEST_CARD]
    if not readme or (gated and not token):
        return ""
    (path,) = download(readme, token=token)
    return prose_of(path.read_text(encoding="utf-8", errors="replace"))


def prose_of(text: str) -> str:
    """The first paragraphs of a README as plain text: no front matter, headings, tables, code or markup."""
    said: list[str] = []
    for paragraph in re.split(r"\n\s*\n", _FRONT.sub("", text[:100_000])):
        plain = " ".join(_MARKUP.sub(r"\1", paragraph).split())
        if plain and not plain.startswith(_NOT_PROSE):
            said.append(plain)
        if sum(map(len, said)) >= _LONGEST_SUMMARY:
            break
    whole = " ".join(said)
    return whole if len(whole) <= _LONGEST_SUMMARY else whole[: _LONGEST_SUMMARY - 1].rstrip() + "…"
