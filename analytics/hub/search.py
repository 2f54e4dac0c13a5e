"""What the Hub has: data sets and models that fit a few words and conditions, the most used first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analytics.hub import client
from analytics.hub.errors import HubError, told
from analytics.hub.names import is_name

SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M")
"""Numbers of rows as the Hub sorts data sets by them."""
Use = Literal["encoder", "translator", "causal"]
_TAGS: dict[Use, list[str]] = {
    "encoder": ["sentence-transformers", "safetensors"],
    "translator": ["marian", "translation", "safetensors"],
    "causal": ["text-generation", "safetensors"],
}
"""What the Hub calls the models that a page can use; others can neither be loaded safely nor shown."""
_MOST = 100
_LONGEST = 200
_BYTES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}


@dataclass(frozen=True)
class Found:
    """One data set or model of a search, with what its owner says of it; empty where nothing is said."""

    name: str
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    licence: str
    downloads: int
    gated: bool
    size: str = ""
    """Rows of a data set, as the Hub sorts them."""
    parameters: int | None = None
    disk_mb: float | None = None
    """Of a model's weights."""


def search_data(
    text: str = "",
    *,
    task: str = "",
    language: str = "",
    size: str = "",
    licence: str = "",
    gated: bool | None = None,
    token: str | None = None,
    most: int = 20,
) -> tuple[Found, ...]:
    """Data sets whose name has ``text``; conditions are the Hub's own words (``fr``).

    Raises:
        HubError: a condition that is none, or the Hub is out of reach.
    """
    asked = {"task_categories": task, "language": language, "size_categories": size, "license": licence}
    tags = [f"{key}:{_checked(value)}" for key, value in asked.items() if value]
    with told("data sets", token=token):
        found = client.api(token).list_datasets(
            search=_checked(text) or None,
            filter=tags or None,
            gated=gated,
            sort="downloads",
            limit=_count(most),
            expand=["downloads", "gated", "tags"],
        )
        return tuple(_found(one) for one in found if is_name(one.id))


def search_models(
    text: str = "",
    *,
    use: Use = "encoder",
    language: str = "",
    gated: bool | None = None,
    token: str | None = None,
    most: int = 20,
) -> tuple[Found, ...]:
    """Models that can be used here with weights as safetensors; otherwise like ``search_data``."""
    if use not in _TAGS:
        raise HubError(f"There is no use {use!r}: choose one of {', '.join(_TAGS)}.")
    tags = [*_TAGS[use], *([_checked(language)] if language else [])]
    with told("models", token=token):
        found = client.api(token).list_models(
            search=_checked(text) or None,
            filter=tags,
            gated=gated,
            sort="downloads",
            limit=_count(most),
            expand=["downloads", "gated", "tags", "safetensors", "pipeline_tag"],
        )
        return tuple(_found(one) for one in found if is_name(one.id))


def _checked(text: str) -> str:
    if not isinstance(text, str) or len(text) > _LONGEST or not text.isprintable():
        raise HubError(f"Search for at most {_LONGEST} letters on one line.")
    return text.strip()


def _count(most: int) -> int:
    if not isinstance(most, int) or not 1 <= most <= _MOST:
        raise HubError(f"Ask for 1 to {_MOST} results.")
    return most


def _found(info: Any) -> Found:
    tags = [tag for tag in info.tags or () if isinstance(tag, str)]
    weights = getattr(info, "safetensors", None)
    return Found(
        name=info.id,
        tasks=tagged(tags, "task_categories") or tuple(filter(None, [getattr(info, "pipeline_tag", None)])),
        languages=languages_of(tags),
        licence=", ".join(tagged(tags, "license")),
        downloads=int(info.downloads or 0),
        gated=bool(info.gated),
        size=", ".join(tagged(tags, "size_categories")),
        parameters=int(weights.total) if weights else None,
        disk_mb=weights_mb(weights.parameters) if weights else None,
    )


def tagged(tags: Sequence[str], kind: str) -> tuple[str, ...]:
    """Values of the tags ``kind:value``."""
    return tuple(tag.removeprefix(f"{kind}:") for tag in tags if tag.startswith(f"{kind}:"))


def languages_of(tags: Sequence[str]) -> tuple[str, ...]:
    """Languages as data sets name them, ``language:en``, or else as models do, ``en``."""
    return tagged(tags, "language") or tuple(tag for tag in tags if len(tag) == 2 and tag.islower())


def weights_mb(parameters: dict[str, int]) -> float:
    """Megabytes of weights by the number of each type; four bytes for types that are new to us."""
    return sum(_BYTES.get(kind, 4) * count for kind, count in parameters.items()) / 1e6
