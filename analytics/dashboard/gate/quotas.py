"""How much a browser tab, and all of them together, may have on the server, whatever uploader it is for."""

from collections import Counter
from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException

from analytics.dashboard.server.settings import Settings
from analytics.words import count

_MEGABYTE = 1024**2
_TOO_MUCH = 413
_AROUND_A_FILE = 64 * 1024
"""Bytes for its name and the marks around it; forms of browsers take less than one thousand."""


@dataclass(frozen=True)
class Held:
    """Files and their bytes."""

    files: int = 0
    size: int = 0

    def __add__(self, other: "Held") -> "Held":
        return Held(self.files + other.files, self.size + other.size)

    def within(self, most: "Held") -> bool:
        """Whether both are within their limits."""
        return self.files <= most.files and self.size <= most.size


def held_by(files: Mapping[str, Any]) -> Held:
    """What one session's stored files, with their ``data``, come to."""
    sized: list[Sized] = [file.data for file in list(files.values())]
    return Held(len(sized), sum(map(len, sized)))


@dataclass
class Uploads:
    """What is stored and on its way, and where that has to end."""

    of_a_file: int
    of_a_tab: Held
    of_all: Held
    stored: Mapping[str, Mapping[str, Any]]
    """The server's own store: files by session and identifier."""
    _coming: Counter[str] = field(default_factory=Counter)
    _announced: Counter[str] = field(default_factory=Counter)
    _coming_files: Counter[str] = field(default_factory=Counter)

    @classmethod
    def limited_by(cls, settings: Settings, stored: Mapping[str, Mapping[str, Any]]) -> "Uploads":
        """With the owner's limits; one file of the largest size fits into all of them."""
        file = settings.max_upload_mb * _MEGABYTE + _AROUND_A_FILE
        tab = Held(settings.tab_upload_files, max(file, settings.tab_upload_mb * _MEGABYTE))
        both = Held(settings.all_upload_files, max(file, settings.all_upload_mb * _MEGABYTE))
        return cls(file, tab, both, stored)

    def begin(self, session: str, *, size: int) -> None:
        """Let a file of ``size`` announced bytes come in, or raise HTTPException 413.

        ``end`` has to follow. Of files that come together the first ones fit, not none: what is announced
        counts for its own tab from here on, and for all tabs once it is there.
        """
        self._check(session, Held(1, size), file=size)
        self._coming_files[session] += 1
        self._announced[session] += size

    def take(self, session: str, size: int, *, taken: int) -> None:
        """``size`` more bytes have arrived, ``taken`` with them; raises HTTPException 413 if too much."""
        self._coming[session] += size
        self._check(session, Held(), file=taken)

    def end(self, session: str, *, size: int, taken: int) -> None:
        """It is stored, or has failed; ``size`` as it was announced."""
        self._coming[session] -= taken
        self._coming_files[session] -= 1
        self._announced[session] -= size
        self._coming, self._coming_files = +self._coming, +self._coming_files
        self._announced = +self._announced

    def _check(self, session: str, more: Held, *, file: int) -> None:
        if file > self.of_a_file:
            raise HTTPException(_TOO_MUCH, f"A file may have {self.of_a_file // _MEGABYTE:,} MB here.")
        mine = held_by(self.stored.get(session, {})) + self._on_its_way(session)
        if not (mine + more).within(self.of_a_tab):
            most = f"{count(self.of_a_tab.files, 'file')} and {self.of_a_tab.size // _MEGABYTE:,} MB"
            raise HTTPException(
                _TOO_MUCH, f"A browser tab may have {most} here: remove a file, or reload the page."
            )
        everyone = Held(sum(self._coming_files.values()), sum(self._coming.values()))
        for files in list(self.stored.values()):
            everyone += held_by(files)
        if not (everyone + more).within(self.of_all):
            raise HTTPException(_TOO_MUCH, "This server holds all the files it can; please come back later.")

    def _on_its_way(self, session: str) -> Held:
        return Held(self._coming_files[session], max(self._coming[session], self._announced[session]))
