"""Which runtime and precision reads texts quickest on this processor: measured once, and kept on disk."""

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from analytics.text.batches import Batch

FILE_NAME = "runtimes.json"
BUDGET = 0.4
"""Seconds that all runs of a measurement take together after their first one, which loads kernels; there are
two measurements."""
_PACKAGES = ("openvino", "torch", "sentence-transformers", "transformers")
_SHORT = "Where is my new card, I ordered it a week ago?"
_LONG = "The bank has not told me when the transfer of the money that I sent last week will arrive. " * 8
LONG_TOKENS = 160
"""Tokens of each long text, with a usual tokenizer."""
_MOST_BATCHES = 16


class Runtime(Protocol):
    """Something that turns tokenised batches into vectors; used by one thread at a time."""

    name: str
    precision: str

    def run(self, batches: Iterator[Batch], target: np.ndarray) -> None: ...


@dataclass(frozen=True)
class Candidate:
    """A way to run a model: the runtime's name, its precision or None for its own choice, and attention."""

    runtime: str
    precision: str | None = None
    plain_attention: bool = True


@dataclass(frozen=True)
class Timing:
    """What a candidate reached: texts per second of a few short texts and of a few long ones."""

    candidate: Candidate
    precision: str
    short: float
    long: float

    @property
    def cost(self) -> float:
        """Seconds for a short and a long text; both count alike."""
        return float(np.sqrt(1 / (self.short * self.long)))


@dataclass(frozen=True)
class RuntimeChoice:
    """The quickest first, as measured on this ``processor``."""

    processor: str
    timings: tuple[Timing, ...]

    @property
    def best(self) -> Timing:
        return self.timings[0]

    def with_more(self, other: "RuntimeChoice") -> "RuntimeChoice":
        """Both measurements; what is in both is told as the other has it."""
        again = {one.candidate for one in other.timings}
        kept = [one for one in self.timings if one.candidate not in again]
        return replace(self, timings=tuple(sorted([*other.timings, *kept], key=lambda one: one.cost)))

    def sentence(self) -> str:
        """What was measured, in words."""
        listed = "; ".join(
            f"{_NAMES[one.candidate.runtime]} in {one.precision}"
            f"{'' if one.candidate.plain_attention else ' with fused attention'} "
            f"{one.short:,.0f} short and {one.long:,.0f} long texts a second"
            for one in self.timings
        )
        return f"Measured on this processor ({self.processor}), the quickest is used: {listed}."


_NAMES = {"openvino": "OpenVINO", "torch": "PyTorch"}


@cache
def processor() -> str:
    """The processor's name, its cores that are ours, and what it multiplies natively, as far as it says."""
    name, flags = platform.processor() or platform.machine(), set[str]()
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        told = []
    for line in told:
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            name = value.strip()
        if key.strip() in {"flags", "Features"}:
            flags = set(value.split())
            break
    known = ("amx_bf16", "amx_int8", "avx512_bf16", "avx512_vnni", "avx512f", "avx2", "bf16")
    native = [flag for flag in known if flag in flags][:4]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores{', ' if native else ''}{' '.join(native)}"


def kept_choice(revision: str) -> RuntimeChoice | None:
    """What was measured before for these weights on this processor with these versions, or None."""
    found = _read().get(_key(revision))
    try:
        return _from_plain(found) if found else None
    except (KeyError, TypeError, ValueError):  # written by another version
        return None


def keep_choice(revision: str, choice: RuntimeChoice) -> None:
    """Write it down for the next process; where that is not possible, it measures again."""
    path = _path()
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({**_read(), _key(revision): asdict(choice)}), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        return


def measured(
    made: Mapping[Candidate, Runtime],
    batches_of: Callable[[list[str]], Batch],
    *,
    dimension: int,
    clock: Callable[[], float] = time.perf_counter,
) -> RuntimeChoice:
    """Time the candidates in turns, within a second after their first runs; the quickest first.

    ``batches_of`` tokenises texts into one batch. As many batches are in flight as a run would have.
    """
    works = [_Work.of(batches_of, text, dimension) for text in (_SHORT, _LONG)]
    best: dict[Candidate, list[float]] = {candidate: [np.inf] * len(works) for candidate in made}
    for runtime in made.values():
        for work in works:
            work.run(runtime)
    started = clock()
    while True:
        for candidate, runtime in made.items():
            for place, work in enumerate(works):
                before = clock()
                work.run(runtime)
                best[candidate][place] = min(best[candidate][place], clock() - before)
        spent = clock() - started
        if 2 * spent > BUDGET:  # another round would go beyond it
            break
    timings = [
        Timing(
            candidate,
            made[candidate].precision,
            *(work.texts / seconds for work, seconds in zip(works, best[candidate], strict=True)),
        )
        for candidate in made
    ]
    ordered = tuple(sorted(timings, key=lambda one: one.cost))
    return RuntimeChoice(processor(), ordered)


@dataclass(frozen=True)
class _Work:
    """Batches to run for a time, all alike."""

    batches: tuple[Batch, ...]
    target: np.ndarray

    @classmethod
    def of(cls, batches_of: Callable[[list[str]], Batch], text: str, dimension: int) -> "_Work":
        count = max(2, min(os.cpu_count() or 2, _MOST_BATCHES))
        each = 8 if text == _SHORT else 2
        one = batches_of([text] * each)
        batches = tuple(replace(one, rows=one.rows + each * turn) for turn in range(count))
        return cls(batches, np.empty((each * count, dimension), np.float32))

    @property
    def texts(self) -> int:
        return len(self.target)

    def run(self, runtime: Runtime) -> None:
        runtime.run(iter(self.batches), self.target)


def _key(revision: str) -> str:
    versions = ",".join(f"{name}={version(name)}" for name in _PACKAGES)
    return hashlib.sha256(f"{processor()} {revision} {versions}".encode()).hexdigest()[:32]


def _path() -> Path | None:
    if os.environ.get("ZETASCOPE_CACHE", "on").strip().lower() in {"off", "0", "false", "no"}:
        return None
    from platformdirs import user_cache_path

    return user_cache_path("zetascope", appauthor=False) / FILE_NAME


def _read() -> dict[str, Any]:
    path = _path()
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _from_plain(kept: dict[str, Any]) -> RuntimeChoice:
    timings = tuple(
        Timing(Candidate(**one["candidate"]), str(one["precision"]), float(one["short"]), float(one["long"]))
        for one in kept["timings"]
    )
    if not timings:
        raise ValueError("no timing")
    return RuntimeChoice(str(kept["processor"]), timings)
