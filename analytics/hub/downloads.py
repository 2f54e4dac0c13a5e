"""Files of the Hub on disk: only whole and checked ones have their name, and a second try goes on.

The Hub's own client (2.4) compares the size and not the hash of what comes over HTTP, and lets go what came
of a download that was cut. So its addresses and connections are used here, and the files are our own.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from analytics.hub import client
from analytics.hub.errors import HubError, told
from analytics.hub.names import is_safe_path
from analytics.progress import Done, Progress, silent

Kind = Literal["dataset", "model"]
MB = 1_000_000
MOST_BYTES = 5_000 * MB
"""What all files of the Hub may take here together, unless a server's owner sets another size."""
_PART = ".part"
_TRIES = 3


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository at a commit; ``digest``: SHA-256 of a large file, Git's SHA-1 of a small one."""

    repo: str
    kind: Kind
    commit: str
    path: str
    size: int
    digest: str


def cache_folder() -> Path:
    """Where they are kept."""
    from platformdirs import user_cache_path

    return user_cache_path("zetascope", appauthor=False) / "hub"


def folder_of(repo: str, kind: Kind, commit: str) -> Path:
    """Where the files of a commit are kept."""
    return cache_folder() / f"{kind}s" / repo.replace("/", "--") / commit


def files_of(repo: str, *, kind: Kind, revision: str, token: str | None) -> list[RemoteFile]:
    """All files at a revision, each with its size and hash, which the Hub's list says.

    Raises:
        HubError: no such repository or revision, no access, or the Hub is out of reach.
    """
    from huggingface_hub.hf_api import RepoFile

    with told(repo, token=token):
        api = client.api(token)
        commit = str(api.repo_info(repo, repo_type=kind, revision=revision).sha or "")
        if not commit.isalnum():
            raise HubError(f"The Hub does not say which commit {repo} is at; try again later.")
        listed = api.list_repo_tree(repo, repo_type=kind, revision=commit, recursive=True)
        return [
            RemoteFile(repo, kind, commit, one.path, one.size, one.lfs.sha256 if one.lfs else one.blob_id)
            for one in listed
            if isinstance(one, RepoFile) and is_safe_path(one.path)
        ]


def download(
    files: Sequence[RemoteFile],
    *,
    token: str | None = None,
    progress: Progress = silent,
    most_bytes: int = MOST_BYTES,
) -> list[Path]:
    """Paths of these files here, whole and with the hash that the Hub's list says; counts in MB.

    What ``progress`` raises stops it; what came so far is where the next try goes on.

    Raises:
        HubError: no access, no room, a connection that ends, or content of another hash.
    """
    paths = [folder_of(one.repo, one.kind, one.commit) / one.path for one in files]
    missing = [(one, path) for one, path in zip(files, paths, strict=True) if not path.is_file()]
    total = sum(one.size for one, _ in missing)
    _make_room(total, most_bytes=most_bytes, keep=paths)
    before = 0
    for one, path in missing:

        def advance(done: int, before: int = before) -> None:
            counted = (before + done) // MB
            share = min(1.0, (before + done) / total) if total else 1.0
            progress(Done(counted, share=share), max(1, -(-total // MB)))

        with told(one.repo, token=token):
            _fetch(one, path, token, advance)
        before += one.size
    for path in paths:
        with suppress(OSError):
            os.utime(path)  # the least used go first
    return paths


def _fetch(file: RemoteFile, path: Path, token: str | None, advance: Any) -> None:
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + _PART)
    lock = FileLock(f"{part}.lock")
    while True:
        try:
            lock.acquire(timeout=0.2)
            break
        except Timeout:  # another visitor fetches the same file
            advance(0)
    try:
        if path.is_file():
            return
        for _ in range(_TRIES):
            if _received(part) >= file.size:
                break
            _receive(file, part, token, advance)
        _keep(file, part, path)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            part.unlink(missing_ok=True)  # others need the room more than we the beginning
        raise
    finally:
        lock.release()
        Path(f"{part}.lock").unlink(missing_ok=True)


def _received(part: Path) -> int:
    return part.stat().st_size if part.is_file() else -1


def _receive(file: RemoteFile, part: Path, token: str | None, advance: Any) -> None:
    """Go on where the part ends, as far as this connection leads."""
    import httpx2
    from huggingface_hub import hf_hub_url
    from huggingface_hub.utils import hf_raise_for_status

    url = hf_hub_url(
        file.repo, file.path, repo_type=file.kind, revision=file.commit, endpoint=client.endpoint()
    )
    have = max(0, _received(part))
    asked = {**client.headers(token), "Accept-Encoding": "identity"}
    if have:
        asked["Range"] = f"bytes={have}-"
    advance(have)
    with client.session().stream("GET", url, headers=asked) as response:
        hf_raise_for_status(response)
        have = have if response.status_code == 206 else 0
        with part.open("r+b" if have else "wb") as target:
            target.seek(have)
            with suppress(httpx2.TransportError):  # cut: what came is kept, and the size is compared after
                for chunk in response.iter_raw():
                    have += len(chunk)
                    if have > file.size:
                        raise HubError(
                            f"A file of {file.repo} is larger than the Hub says; nothing was kept."
                        )
                    target.write(chunk)
                    advance(have)


def _keep(file: RemoteFile, part: Path, path: Path) -> None:
    if _received(part) < file.size:
        raise HubError(
            f"The connection to the Hub ended before {file.repo} was here; try again: it goes on where it "
            "stopped."
        )
    if _digest(part, file) != file.digest:
        part.unlink()
        raise HubError(
            f"A file of {file.repo} came with another content than the Hub lists; nothing was kept. "
            "Try again, and tell its owner if it stays so."
        )
    part.replace(path)


def _digest(path: Path, file: RemoteFile) -> str:
    with path.open("rb") as content:
        if len(file.digest) == 64:
            return hashlib.file_digest(content, "sha256").hexdigest()
        digest = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)  # as Git names a file
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
        return digest.hexdigest()


def _make_room(size: int, *, most_bytes: int, keep: Sequence[Path]) -> None:
    """Let the least used files go until these fit; refuse what never can."""
    if size > most_bytes:
        raise HubError(
            f"This takes {size / MB:,.0f} MB, and files of the Hub may take {most_bytes / MB:,.0f} MB here; "
            "choose a smaller one, or ask the owner of this server for more."
        )
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    here = [path for path in folder.rglob("*") if path.is_file()]
    states = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in here if path not in keep)
    taken = size + sum(path.stat().st_size for path in here)
    for _, freed, path in states:
        if taken <= most_bytes:
            break
        path.unlink(missing_ok=True)
        taken -= freed
    if shutil.disk_usage(folder).free < size:
        raise HubError(
            f"This takes {size / MB:,.0f} MB, and the disk of this machine has less; free some room."
        )
