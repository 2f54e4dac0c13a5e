"""A transform file from elsewhere, checked in a process of its own before it is read here."""

from __future__ import annotations

import mmap
from typing import Any

from analytics.apart import ApartError, Limits, run_apart
from analytics.numbers.basics.parameters import StandardizeError, TransformParameters
from analytics.numbers.standardizing.transform_file import parameters_from_json, parameters_to_json


def parameters_apart(data: bytes, *, limits: Limits) -> TransformParameters:
    """What ``parameters_from_json`` gives; ``StandardizeError`` too where the other process ended."""
    try:
        answer = run_apart(f"{__name__}:check_task", data, {}, limits=limits)
    except ApartError as error:
        raise StandardizeError(str(error)) from error
    return parameters_from_json(bytes(answer.memory))


def check_task(source: bytes | mmap.mmap, _arguments: dict[str, Any], target: Any) -> None:
    """What the other process does: the file written anew, with what belongs into it and nothing else."""
    target.write(parameters_to_json(parameters_from_json(source[:])).encode())
