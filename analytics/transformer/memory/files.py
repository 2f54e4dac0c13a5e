"""A memory on disk: arrays as safetensors, all else as JSON inside the same file; nothing is unpickled."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np

from analytics.transformer.memory.pairs import MOST_PAIRS, LeftOut, Pair
from analytics.transformer.memory.states import States
from analytics.transformer.memory.store import Memory
from analytics.transformer.memory.weighing import USUAL, Weighing
from analytics.transformer.tokens import TraceError

_KIND = "zetascope memory 1"
_ARRAYS = {"keys": np.float16, "ids": np.int32, "owners": np.int32, "places": np.int16}
_NO_MEMORY = "This file is no memory saved by Zetascope; make the memory anew from its sentence pairs."


def to_bytes(memory: Memory) -> bytes:
    """One safetensors file with the entries, and pairs and settings in its header."""
    from safetensors.numpy import save

    about = {
        "model_name": memory.model_name,
        "revision": memory.revision,
        "pairs": [asdict(pair) for pair in memory.pairs],
        "left_out": [{**asdict(one.pair), "reason": one.reason} for one in memory.left_out],
        "notes": memory.notes,
        "coefficients": memory.weighing.coefficients,
        "steps": memory.weighing.steps,
        "neighbours": memory.neighbours,
        "temperature": memory.temperature,
    }
    arrays = {name: np.ascontiguousarray(getattr(memory.states, name)) for name in _ARRAYS}
    return save(arrays, metadata={"kind": _KIND, "about": json.dumps(about, ensure_ascii=False)})


def from_bytes(content: bytes) -> Memory:
    """A memory that ``to_bytes`` wrote; raises TraceError for anything else, however it is broken."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        content = bytes(memoryview(content))
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])["__metadata__"]
        about = json.loads(header["about"]) if header["kind"] == _KIND else {}
        made = _memory(about, load(content))
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise TraceError(_NO_MEMORY) from problem
    return made.asked()


def _memory(about: dict, arrays: dict[str, np.ndarray]) -> Memory:
    """Raises KeyError, TypeError or ValueError where something is missing or does not fit together."""
    states = States(*(arrays[name] for name in _ARRAYS))
    pairs = tuple(Pair(int(one["row"]), str(one["source"]), str(one["target"])) for one in about["pairs"])
    coefficients = tuple(float(one) for one in about["coefficients"])
    count = len(states.ids)
    fits = (
        all(getattr(states, name).dtype == kind for name, kind in _ARRAYS.items()),
        states.keys.ndim == 2 and states.keys.shape[0] == count == len(states.owners) == len(states.places),
        0 < len(pairs) <= MOST_PAIRS and len({pair.row for pair in pairs}) == len(pairs),
        count and (states.ids >= 0).all() and np.isfinite(states.keys).all(),
        np.array_equal(np.unique(states.owners), np.arange(len(pairs)))
        and (np.diff(states.owners) >= 0).all(),
        len(coefficients) == len(USUAL) and np.isfinite(coefficients).all(),
    )
    if not all(fits):
        raise ValueError
    return Memory(
        model_name=str(about["model_name"]),
        revision=str(about["revision"]),
        pairs=pairs,
        states=states,
        weighing=Weighing(coefficients, int(about["steps"])),
        left_out=tuple(
            LeftOut(Pair(int(one["row"]), str(one["source"]), str(one["target"])), str(one["reason"]))
            for one in about["left_out"]
        ),
        notes=tuple(map(str, about["notes"])),
        neighbours=about["neighbours"],
        temperature=about["temperature"],
    )
