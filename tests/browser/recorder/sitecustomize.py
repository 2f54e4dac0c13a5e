"""Put on PYTHONPATH, this writes down every connection a Python process opens beyond its own machine."""

import os
import socket
from pathlib import Path

_LOG = Path(os.environ["ZETASCOPE_CONNECTIONS"])
_connect, _connect_ex, _resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in {None, "", "localhost", "0.0.0.0", "::", "::1"} or str(name).startswith("127.")


def _note(host: object) -> None:
    if not _is_local(host):
        with _LOG.open("a") as log:
            log.write(f"{host}\n")


def _noted(original):
    def connect(self, address):
        if isinstance(address, tuple):
            _note(address[0])
        return original(self, address)

    return connect


def _resolved(host, *arguments, **settings):
    _note(host)
    return _resolve(host, *arguments, **settings)


socket.socket.connect = _noted(_connect)
socket.socket.connect_ex = _noted(_connect_ex)
socket.getaddrinfo = _resolved
