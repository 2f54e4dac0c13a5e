"""The field's words in one plain paragraph each: for the Glossary page, and as hovers elsewhere."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.dashboard.parts.markdown import plain

_FILE = Path(__file__).parent / "assets" / "glossary.toml"


@dataclass(frozen=True)
class Word:
    """One word: what it means, the names of the pages where it occurs, and where to read more."""

    name: str
    text: str
    pages: tuple[str, ...]
    source: str


@cache
def words() -> Mapping[str, Word]:
    """All words by name, in the order of the alphabet."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    made = (Word(name, one["text"], tuple(one["pages"]), one["source"]) for name, one in listed.items())
    return {word.name: word for word in sorted(made, key=lambda word: word.name.casefold())}


def hover(name: str) -> str:
    """What a word means, for ``help=``; raises KeyError for a word that the glossary lacks."""
    return plain(words()[name].text, width=600)


def hover_of(label: str) -> str | None:
    """What the longest word of the glossary in a label means; None where there is none."""
    said = f" {label.casefold()} "
    found = [name for name in words() if f" {name.casefold()} " in said]
    return hover(max(found, key=len)) if found else None
