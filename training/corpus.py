"""Sentence pairs for training the packaged translator: reading, cleaning, splitting, varying."""

import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import ZetascopeError
from analytics.transformer.translator.vocabulary import PAGE_EXAMPLE

_CLOSING = re.compile(r"\s*[.!?…]+$")
_KEEPS_CAPITAL = re.compile(r"^(Tom|Mary|Mr|Mrs|Ms|Dr)\b")


@dataclass(frozen=True)
class Pair:
    """One English sentence and one French translation of it."""

    english: str
    french: str


def normalise(text: str) -> str:
    """NFKC with every run of white space made one plain space (French puts narrow ones before ? and !)."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def bare(text: str) -> str:
    """What two sentences share when only case and closing punctuation differ."""
    return _CLOSING.sub("", normalise(text)).casefold()


def read_pairs(archive: Path) -> list[Pair]:
    """The pairs of a manythings.org archive (``fra-eng.zip`` holding ``fra.txt``, tab-separated).

    Raises ZetascopeError if the file is not such an archive.
    """
    try:
        with zipfile.ZipFile(archive) as box:
            lines = box.read("fra.txt").decode("utf-8").splitlines()
    except (OSError, KeyError, zipfile.BadZipFile) as problem:
        raise ZetascopeError(
            f"{archive} is not the Tatoeba archive fra-eng.zip with fra.txt inside ({problem}); "
            "download it from www.manythings.org/anki and name it with --pairs."
        ) from problem
    columns = [line.split("\t") for line in lines if "\t" in line]
    return [Pair(normalise(row[0]), normalise(row[1])) for row in columns]


def read_heldout(path: Path) -> dict[str, list[str]]:
    """Held-out English sentences, each with all its French references."""
    return json.loads(path.read_text(encoding="utf-8"))


def without_heldout(pairs: Iterable[Pair], heldout: Iterable[str]) -> list[Pair]:
    """The pairs whose English is not held out and not the page's example, whatever case and closing mark."""
    barred = {bare(sentence) for sentence in heldout} | {bare(PAGE_EXAMPLE)}
    return [pair for pair in pairs if bare(pair.english) not in barred]


def without_closing(pair: Pair) -> Pair:
    """Both sentences without their closing mark: what a hurried reader types."""
    return Pair(_CLOSING.sub("", pair.english), _CLOSING.sub("", pair.french))


def without_capital(pair: Pair) -> Pair:
    """The English with a small first letter; the French keeps its own."""
    if _KEEPS_CAPITAL.match(pair.english):
        return pair
    return Pair(pair.english[:1].lower() + pair.english[1:], pair.french)


def vary(pair: Pair, rng: random.Random, *, no_closing: float = 0.15, no_capital: float = 0.1) -> Pair:
    """The pair, with the stated chances without its closing mark and without its capital.

    The marks are dropped from both sides, so that the model answers in the manner of the question.
    """
    varied = without_closing(pair) if rng.random() < no_closing else pair
    varied = without_capital(varied) if rng.random() < no_capital else varied
    return varied if varied.english and varied.french else pair
