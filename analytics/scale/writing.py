"""A table written piece by piece under a temporary name, gone on with after a stop, committed at the end."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analytics.progress import Progress, silent
from analytics.scale.engines import Native, ScaleError, engine_name
from analytics.scale.files import Files, is_sentence, open_files, unreadable
from analytics.scale.sessions import first_line

_UNFINISHED = ".unfinished"
_STATE = "_run.json"  # Spark overlooks names with a line in front
_SPARK_PIECE = 64  # files a job of Spark takes at once: enough to keep a cluster busy, few to lose with it

Work = Callable[[Native], Native]
"""Makes the rows to write of the rows of some files."""


@dataclass(frozen=True)
class Written:
    """What was written to ``target``: ``pieces`` in all, ``kept`` of them by a run that was stopped."""

    target: Path
    pieces: int
    kept: int
    left_out: tuple[str, ...] = ()


class Run:
    """One run into ``target``: what it has made lies beside it as ``target.unfinished`` until it is whole.

    ``asked`` says what is done (plain data); an unfinished run that was asked something else is refused.
    """

    def __init__(self, target: Path, files: Files, asked: object) -> None:
        self.target, self.files = target, files
        self.folder = target.with_name(target.name + _UNFINISHED)
        stamps = [[path, *_stamp(path)] for path in files.paths]
        told = json.dumps([asked, stamps, files.left_out], sort_keys=True, default=str)
        self._id = hashlib.sha256(told.encode()).hexdigest()

    def begin(self) -> bool:
        """Make the folder; whether an earlier run is gone on with.

        Raises ScaleError where ``target`` exists, or another run is unfinished there.
        """
        if self.target.exists():
            raise ScaleError(f"{self.target} exists: name another folder, or remove it.")
        if not self.target.absolute().parent.is_dir():
            raise ScaleError(f"There is no folder {str(self.target.parent)!r}: create it first.")
        state = self.folder / _STATE
        if state.exists():
            if json.loads(state.read_text(encoding="utf-8"))["run"] != self._id:
                raise ScaleError(
                    f"{self.folder} is what another command, or one over other files, left unfinished: give "
                    "that command again, or remove the folder."
                )
            return True
        self.folder.mkdir(exist_ok=True)
        write_whole(state, json.dumps({"run": self._id}))
        return False

    def kept(self, name: str, make: Callable[[], str]) -> str:
        """A text that the run needs more than once, such as a fitted transform: made, or kept from before."""
        path = self.folder / name
        if not path.exists():
            write_whole(path, make())
        return path.read_text(encoding="utf-8")

    def write(
        self,
        session: Any,
        work: Work,
        *,
        progress: Progress = silent,
        pieces: int | None = None,
        skip_bad: bool = False,
    ) -> Written:
        """Do the work on each piece that is not there yet, then give the folder its name.

        A piece is one file of DuckDB's, 64 of Spark's, or an even share of the files for so many ``pieces``.

        Raises ScaleError with what to do where a piece fails; the finished ones are kept. ``skip_bad`` leaves
        files out whose cells cannot be decoded.
        """
        size = _SPARK_PIECE if hasattr(session, "createDataFrame") else 1
        size = -(-len(self.files.paths) // pieces) if pieces else size
        parts = [self.files.paths[at : at + size] for at in range(0, len(self.files.paths), size)]
        # What a column of CSV holds is decided by all files, not by each.
        like = open_files(session, self.files) if self.files.kind == "csv" else None
        kept, left_out = 0, list(self.files.left_out)
        for number, paths in enumerate(parts):
            done = self.folder / f"part-{number:05d}"
            note = self.folder / f"_left-{number:05d}.json"
            if done.exists() or note.exists():
                kept += 1
            else:
                bad = self._piece(session, work, paths, done, like, skip_bad=skip_bad)
                if bad:
                    write_whole(note, json.dumps(bad))
            if note.exists():
                left_out += json.loads(note.read_text(encoding="utf-8"))
            progress(number + 1, len(parts))
        self._commit(len(parts))
        return Written(self.target, len(parts), kept, tuple(left_out))

    def _piece(
        self,
        session: Any,
        work: Work,
        paths: Sequence[str],
        done: Path,
        like: Native | None,
        *,
        skip_bad: bool,
    ) -> list[str]:
        """Write one piece; the files of it that were left out, with the reason."""
        try:
            write_piece(work(open_files(session, self.files, paths=paths, like=like)), done)
            return []
        except Exception as error:  # each engine has errors of its own
            if is_sentence(error):
                raise
            full = "No space left" in str(error) or getattr(error, "errno", None) == errno.ENOSPC
            bad = (
                []
                if full or self.files.elsewhere
                else unreadable(session, replace(self.files, paths=tuple(paths)))
            )
            if not (bad and skip_bad):
                raise self._stopped(error, bad, paths, full=full) from error
        rest = [path for path in paths if path not in dict(bad)]
        if rest:
            write_piece(work(open_files(session, self.files, paths=rest, like=like)), done)
        return [f"{path}: {reason}; what could be read of it was measured" for path, reason in bad]

    def _stopped(
        self, error: Exception, bad: Sequence[tuple[str, str]], paths: Sequence[str], *, full: bool
    ) -> ScaleError:
        where = paths[0] if len(paths) == 1 else f"{len(paths)} files from {paths[0]} on"
        why = "the disk is full: make room" if full else first_line(error).rstrip(".")
        if bad:
            (where, why), *_ = bad
            where, why = f"{where}, which can't be read", f"{why}: mend it (or add --bad-files skip)"
        return ScaleError(
            f"The work stopped at {where}: {why} and give the same command again; what was done is kept in "
            f"{self.folder}."
        )

    def _commit(self, pieces: int) -> None:
        for number in range(pieces):
            part = self.folder / f"part-{number:05d}"
            if not part.exists():  # none of its files could be read
                continue
            for place, path in enumerate(sorted(part.glob("*.parquet"))):
                path.rename(self.folder / f"part-{number:05d}-{place:05d}.parquet")
            shutil.rmtree(part)
        for kept in self.folder.glob("_*"):
            shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
        self.folder.rename(self.target)


def _stamp(path: str) -> list[int]:
    try:
        facts = Path(path).stat()
    except OSError:
        return []
    return [facts.st_size, facts.st_mtime_ns]


def write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def write_piece(native: Native, done: Path) -> None:
    """Write one piece under a name that is no finished piece's, then rename it."""
    partial = done.with_name(done.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for moved in done.parent.glob(f"{done.name}-*.parquet"):  # by a commit that was stopped
        moved.unlink()
    if engine_name(native) == "spark":
        native.write.mode("overwrite").parquet(partial.absolute().as_uri())
        for rest in (*partial.glob("_*"), *partial.glob(".*")):
            rest.unlink()
    else:
        partial.mkdir()
        native.write_parquet(str(partial / "rows.parquet"))
    partial.rename(done)
