"""One way, learnt from one draw of labels: what it got right and what it cost; kept on disk as JSON lines."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from analytics.retrieval.tuning.material import Material

_MOST_STUDIES = 200  # files of some kilobytes; the oldest go first
_VERSION = "1"
"""Goes up when a way is changed, so that figures of before and after are never mixed."""
_NONE = float("nan")


@dataclass(frozen=True)
class Trial:
    """Shares are in [0, 1]; NaN where a way has no such figure.

    Attributes:
        shot: labels a class asked for, 0 for all; ``labels`` is how many texts that was.
        overlap: texts measured with over texts that could be learnt from, see ``Split.overlap``.
        tested: texts measured with.
        train_seconds: by the clock, vectors of the untouched encoder not counted.
        predict_ms: for 1,000 texts, with reading them where the encoder is a tuned one.
        peak_bytes: main memory that the process held more at most while it learnt; NaN where learning was
            too quick to be seen.
        outside: accuracy on the second file.
        neighbours: share of the 10 nearest neighbours among general texts that tuning left.
        agreement: Spearman with people's ratings of general pairs, and ``agreement_before`` tuning.
    """

    way: str
    shot: int
    seed: int
    labels: int
    overlap: float
    tested: int
    accuracy: float
    macro_f1: float
    calibration: float
    train_seconds: float
    predict_ms: float
    kept_bytes: int
    parameters: int
    note: str = ""
    outside: float = _NONE
    neighbours: float = _NONE
    agreement: float = _NONE
    agreement_before: float = _NONE
    peak_bytes: float = _NONE

    @property
    def key(self) -> tuple[str, int, int]:
        return self.way, self.shot, self.seed


class TrialStore:
    """Trials of one study in one file, so that a study that was ended goes on where it was.

    It holds figures only, no text. A file that cannot be read or written counts as empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[tuple[str, int, int], Trial]:
        """The trials that are kept; damaged lines are passed over."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        return {trial.key: trial for trial in map(_trial_of, lines) if trial is not None}

    def add(self, trial: Trial) -> None:
        """Keep one more."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(trial)) + "\n")
            _thin_out(self.path.parent)
        except OSError:
            return


def study_name(material: Material, *, seed: int, more: Iterable[str] = ()) -> str:
    """What two studies share whose trials are exchangeable: texts, labels, vectors, the draws' seed."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (_VERSION, str(seed), *more, *material.texts):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    digest.update(material.codes.tobytes())
    if material.vectors is not None:
        digest.update(np.ascontiguousarray(material.vectors).tobytes())
    return digest.hexdigest()


def open_store(name: str) -> TrialStore | None:
    """The store of the study of this name in the user's cache folder; None where that is switched off."""
    if os.environ.get("ZETASCOPE_CACHE", "on").strip().lower() in {"off", "0", "false", "no"}:
        return None
    from platformdirs import user_cache_path

    return TrialStore(user_cache_path("zetascope", appauthor=False) / "trials" / f"{name}.jsonl")


def _trial_of(line: str) -> Trial | None:
    try:
        told: dict[str, Any] = json.loads(line)
        trial = Trial(**told)
    except (ValueError, TypeError):
        return None
    right = all(isinstance(getattr(trial, one.name), type(getattr(_ANY, one.name))) for one in fields(trial))
    return trial if right else None


_ANY = Trial("", 0, 0, 0, 0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0)
"""Whose values have the kinds that every trial's must have."""


def _thin_out(folder: Path) -> None:
    files = sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_MOST_STUDIES]:
        path.unlink(missing_ok=True)
