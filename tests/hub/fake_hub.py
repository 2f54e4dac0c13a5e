"""A small Hub of our own: what the client asks of the real one, with faults that can be ordered."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.identity_provider import Provider

_OAUTH = ("/authorize", "/token", "/keys", "/.well-known/openid-configuration")
LFS_FROM = 1_000
"""Bytes from which a file is kept as a large one, behind a redirect to another host."""


@dataclass
class Repo:
    """A repository: the files of every revision, and who may see them."""

    revisions: dict[str, dict[str, bytes]]
    tags: tuple[str, ...] = ()
    gated: bool = False
    private: bool = False
    readers: frozenset[str] = frozenset()
    more: dict[str, Any] = field(default_factory=dict)

    def files(self, revision: str) -> dict[str, bytes] | None:
        return next((f for name, f in self.revisions.items() if revision in (name, commit_of(f))), None)


@dataclass
class Fault:
    """What goes wrong at the next ``times`` requests whose path has ``part``."""

    part: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    wrong: bool = False
    wait: float = 0
    times: int = 1


@dataclass
class FakeHub:
    """Repositories by kind and name, users by token, and all that was asked."""

    repos: dict[tuple[str, str], Repo] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Method, path, Authorization, Range."""
    uploaded: dict[str, bytes] = field(default_factory=dict)
    commits: list[tuple[str, str, dict[str, bytes]]] = field(default_factory=list)
    oauth: Provider | None = None
    """Who signs in by OAuth, and with which token."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sent(self, part: str) -> list[tuple[str, str, str, str]]:
        return [one for one in self.asked if part in one[1]]

    def fault(self, path: str) -> Fault | None:
        for one in self.faults:
            if one.part in path and one.times > 0:
                one.times -= 1
                return one
        return None


def commit_of(files: dict[str, bytes]) -> str:
    whole = "".join(f"{name}{hashlib.sha1(content).hexdigest()}" for name, content in sorted(files.items()))
    return hashlib.sha1(whole.encode()).hexdigest()


def blob_id(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


@contextmanager
def serving() -> Iterator[FakeHub]:
    hub = FakeHub()

    class Bound(_Handler):
        of = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked has gone
    hub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    of: FakeHub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def _answer(self) -> None:  # noqa: C901, PLR0911, PLR0912 - one way for each question
        hub, path = self.of, urlsplit(self.path).path
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        hub.asked.append((self.command, self.path, token, self.headers.get("Range", "")))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.now = hub.fault(self.path)
        if self.now:
            time.sleep(self.now.wait)
            if self.now.status:
                return self._say(self.now.status, {"error": "ordered"}, **self.now.headers)
        if hub.oauth and path in _OAUTH:
            return self._oauth(hub.oauth, body)
        if token and token not in hub.users:
            return self._say(401, {"error": "Invalid user token."})
        for old, new in hub.renamed.items():
            if f"/{old}" in path:
                return self._say(307, {}, Location=self.path.replace(f"/{old}", f"/{new}", 1))
        if path.startswith("/lfs/"):
            return self._file(self._large(path.rsplit("/", 1)[1]), {})
        if path.startswith("/put/"):
            hub.uploaded[path.rsplit("/", 1)[1]] = body
            return self._say(200, {})
        if path == "/api/whoami-v2":
            return self._say(200, hub.users[token]) if token else self._say(401, {"error": "no token"})
        if path == "/api/validate-yaml":
            return self._say(200, {"warnings": [], "errors": []})
        if path in ("/api/datasets", "/api/models"):
            return self._search(path.removeprefix("/api/").rstrip("s"))
        if path == "/api/repos/create":
            return self._create(json.loads(body), token)
        if path == "/api/repos/delete":
            return self._delete(json.loads(body), token)
        if path.endswith("/info/lfs/objects/batch"):
            return self._batch(json.loads(body))
        return self._of_repo(path, token, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as http.server calls them

    def _of_repo(self, path: str, token: str, body: bytes) -> None:  # noqa: PLR0911
        parts = [unquote(part) for part in path.strip("/").split("/")]
        api = parts[0] == "api"
        parts = parts[1:] if api else parts
        kind = parts.pop(0).rstrip("s") if parts[0] in ("datasets", "models", "spaces") else "model"
        if len(parts) < 2:
            return self._say(404, {"error": "Not found"})
        name, rest = f"{parts[0]}/{parts[1]}", parts[2:]
        repo = self.of.repos.get((kind, name))
        if repo is None or (repo.private and token not in repo.readers):
            return self._say(404 if token else 401, {"error": "no"}, **{"X-Error-Code": "RepoNotFound"})
        what = rest[0] if rest else "revision"
        closed = repo.gated and token not in repo.readers
        if what == "auth-check":
            return self._gated() if closed else self._say(200, {})
        if what == "preupload":
            listed = json.loads(body)["files"]
            modes = {True: "lfs", False: "regular"}
            told = [
                {"path": f["path"], "uploadMode": modes[f["size"] >= LFS_FROM], "shouldIgnore": False}
                for f in listed
            ]
            return self._say(200, {"files": told})
        if what == "commit":
            return self._commit(kind, name, repo, body)
        revision = rest[1] if len(rest) > 1 else "main"
        files = repo.files(revision)
        if files is None:
            return self._say(404, {"error": "no"}, **{"X-Error-Code": "RevisionNotFound"})
        if what == "revision":
            return self._say(200, self._info(name, repo, files))
        if what == "tree":
            return self._say(200, [self._listed(path, content) for path, content in files.items()])
        if closed:
            return self._gated()
        content = files.get("/".join(rest[2:]))
        if content is None:
            return self._say(404, {"error": "no"}, **{"X-Error-Code": "EntryNotFound"})
        if len(content) >= LFS_FROM:
            digest = hashlib.sha256(content).hexdigest()
            return self._say(302, {}, Location=f"http://localhost:{self.of.port}/lfs/{digest}")
        return self._file(content, {})

    def _oauth(self, provider: Provider, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        if path == "/authorize":
            return self._say(302, {}, Location=provider.authorize(parse_qs(query)))
        answers = {
            "/token": lambda: provider.token(parse_qs(body.decode())),
            "/keys": provider.keys,
            "/.well-known/openid-configuration": provider.metadata,
        }
        return self._say(200, answers[path]())

    def _gated(self) -> None:
        self._say(403, {"error": "gated"}, **{"X-Error-Code": "GatedRepo"})

    def _info(self, name: str, repo: Repo, files: dict[str, bytes]) -> dict[str, Any]:
        about = {"id": name, "sha": commit_of(files), "tags": list(repo.tags), "downloads": 7}
        gated = "auto" if repo.gated else False
        return {**about, "gated": gated, "private": repo.private, "disabled": False, **repo.more}

    def _listed(self, path: str, content: bytes) -> dict[str, Any]:
        one: dict[str, Any] = {"type": "file", "path": path, "size": len(content), "oid": blob_id(content)}
        if len(content) >= LFS_FROM:
            digest = hashlib.sha256(content).hexdigest()
            one["lfs"] = {"oid": digest, "size": len(content), "pointerSize": 130}
        return one

    def _large(self, digest: str) -> bytes:
        for repo in self.of.repos.values():
            for files in repo.revisions.values():
                for content in files.values():
                    if hashlib.sha256(content).hexdigest() == digest:
                        return content
        raise KeyError(digest)

    def _search(self, kind: str) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        words, tags = asked.get("search", [""])[0].lower(), set(asked.get("filter", []))
        found = [
            self._info(name, repo, next(iter(repo.revisions.values())))
            for (of, name), repo in self.of.repos.items()
            if of == kind and words in name.lower() and tags <= set(repo.tags) and not repo.private
        ]
        if "gated" in asked:
            found = [one for one in found if bool(one["gated"]) == (asked["gated"][0].lower() == "true")]
        self._say(200, found[: int(asked.get("limit", ["100"])[0])])

    def _create(self, asked: dict[str, Any], token: str) -> None:
        user = self.of.users.get(token)
        owner = asked.get("organization") or (user or {}).get("name")
        kind, name = asked["type"] or "model", f"{owner}/{asked['name']}"
        if user is None or user.get("role") == "read":
            return self._say(403, {"error": "You don't have the rights to create a repo"})
        if owner != user["name"] and owner not in [org["name"] for org in user["orgs"]]:
            return self._say(403, {"error": "not a member"})
        if (kind, name) in self.of.repos:
            return self._say(409, {"error": "You already created this repo"})
        private = asked.get("visibility") == "private"
        readers = frozenset({token})
        self.of.repos[kind, name] = Repo(
            {"main": {}}, private=private, readers=readers, more={"asked": asked}
        )
        prefix = "" if kind == "model" else f"{kind}s/"
        return self._say(200, {"url": f"{self.of.url}/{prefix}{name}"})

    def _delete(self, asked: dict[str, Any], token: str) -> None:
        owner = asked.get("organization") or self.of.users[token]["name"]
        self.of.repos.pop((asked["type"] or "model", f"{owner}/{asked['name']}"))
        self._say(200, {})

    def _batch(self, asked: dict[str, Any]) -> None:
        put = f"{self.of.url}/put/"
        objects = [
            {"oid": o["oid"], "size": o["size"], "actions": {"upload": {"href": put + o["oid"]}}}
            for o in asked["objects"]
        ]
        self._say(200, {"transfer": "basic", "objects": objects})

    def _commit(self, kind: str, name: str, repo: Repo, body: bytes) -> None:
        files = {}
        for line in body.splitlines():
            one = json.loads(line)
            value = one["value"]
            if one["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif one["key"] == "lfsFile":
                files[value["path"]] = self.of.uploaded[value["oid"]]
        repo.revisions["main"] = {**repo.revisions["main"], **files}
        self.of.commits.append((kind, name, files))
        oid = commit_of(repo.revisions["main"])
        self._say(200, {"commitUrl": f"{self.of.url}/{name}/commit/{oid}", "commitOid": oid})

    def _file(self, content: bytes, headers: dict[str, str]) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-") or 0)
        rest = content[start:]
        if self.now and self.now.wrong:
            rest = bytes(len(rest))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        cut = self.now.cut if self.now else None
        self.wfile.write(rest if cut is None else rest[:cut])
        if cut is not None:
            self.close_connection = True

    def _say(self, status: int, document: Any, **headers: str) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
