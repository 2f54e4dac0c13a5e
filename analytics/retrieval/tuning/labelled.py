"""Texts with their labels, made sure of: what is left out of a comparison is counted and listed."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import regex

from analytics.errors import ZetascopeError
from analytics.text.arguments import check_listed
from analytics.text.words import readable
from analytics.words import count

MOST_LABELS = 500
"""A few hundred: beyond, a class has too few texts in any file read here to be measured by."""
MOST_TEXTS = 20_000
"""Of more, a draw from every class is compared: as clear, and heads take seconds, not minutes."""
_MOST_NUMBERS = 30
"""Whole numbers with more values than this are amounts or ids; grades and stars have at most a few dozen."""
_LISTED = 3
_TEXT_LENGTH = 60
_BETWEEN = regex.compile(r"[\p{P}\p{Z}\p{C}]+")
"""Punctuation and spaces; symbols such as + and smileys stay, since they can be the difference."""


@dataclass(frozen=True)
class Conflict:
    """One text that stands in the file with several labels; ``rows`` are its positions."""

    text: str
    labels: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class LabelledTexts:
    """n texts, each in one class and none of them twice.

    Attributes:
        texts: the n texts.
        codes: (n,) int64, the place of each text's label in ``names``.
        names: the labels, in alphabetical order.
        rows: (n,) int64, the place of each text among those given.
        unlabelled: (m,) int64, the places of the texts without a label.
        notes: what was left out or taken for granted, a sentence each.
        conflicts: identical texts with different labels, left out.
    """

    texts: tuple[str, ...] = field(repr=False)
    codes: np.ndarray = field(repr=False)
    names: tuple[str, ...]
    rows: np.ndarray = field(repr=False)
    unlabelled: np.ndarray = field(repr=False)
    notes: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = field(repr=False)

    @property
    def sizes(self) -> np.ndarray:
        """(classes,) texts of each class."""
        return np.bincount(self.codes, minlength=len(self.names))


def labelled_texts(texts: Sequence[Any], labels: Sequence[Any]) -> LabelledTexts:
    """The texts that can be learnt from and measured with.

    Texts that differ only in case, spaces and punctuation count as the same: a copy among what is measured
    would be known by heart. Missing texts and labels may be ``None``, NaN or blank.

    Raises:
        ZetascopeError: no two classes of two texts, measurements in place of labels, or too many labels.
    """
    texts, labels = _listed(texts, "texts"), _listed(labels, "labels")
    if len(texts) != len(labels):
        raise ZetascopeError(
            f"There are {len(texts):,} texts and {len(labels):,} labels: give one label a text."
        )
    written, named = [_text_of(text) for text in texts], [label_name(label) for label in labels]
    notes = _check_kinds([label for label in labels if label_name(label)], named)
    filled = [place for place, text in enumerate(written) if text]
    if not filled:
        raise ZetascopeError("No row has a text: choose another text column.")
    kept, copies, conflicts = _one_of_each([row for row in filled if named[row]], written, named)
    notes += _left_out(len(texts) - len(filled), copies, conflicts)
    kept, small = _large_enough(kept, named)
    notes += small
    names = tuple(sorted({named[row] for row in kept}))
    notes += _alike(names)
    _check_classes(names, kept, named, labels=len({name for name in named if name}))
    kept, thinned = _thinned(kept, named)
    notes += thinned
    place = {name: code for code, name in enumerate(names)}
    return LabelledTexts(
        texts=tuple(written[row] for row in kept),
        codes=np.array([place[named[row]] for row in kept], dtype=np.int64),
        names=names,
        rows=np.array(kept, dtype=np.int64),
        unlabelled=np.array([row for row in filled if not named[row]], dtype=np.int64),
        notes=tuple(notes),
        conflicts=tuple(conflicts),
    )


def label_name(label: Any) -> str:
    """A label as text, "" for a missing one; 3.0 is the label 3, as a file with gaps has whole numbers."""
    if label is None or (not isinstance(label, str) and pd.api.types.is_scalar(label) and pd.isna(label)):
        return ""
    if isinstance(label, float | np.floating) and float(label).is_integer():
        label = int(label)
    return " ".join(readable(str(label)).split())


def same_text(text: str) -> str:
    """What two copies of a text have in common: its words without case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _BETWEEN.sub(" ", folded).strip() or " ".join(folded.split())


def _listed(given: Any, what: str) -> list[Any]:
    check_listed(given, what=what)
    return list(given)


def _text_of(text: Any) -> str:
    if text is None or (not isinstance(text, str) and pd.api.types.is_scalar(text) and pd.isna(text)):
        return ""
    return readable(str(text)).strip()


def _check_kinds(labels: list[Any], named: list[str]) -> list[str]:
    """Refuse measurements; say so where numbers are taken as names."""
    distinct = {name for name in named if name}
    if not distinct or any(isinstance(label, bool | np.bool_) for label in labels):
        return []
    numbers = {name: number for name in distinct if (number := _number(name)) is not None}
    if len(numbers) < len(distinct):
        return []
    broken = next((name for name, number in numbers.items() if not number.is_integer()), None)
    if broken is not None or len(numbers) > _MOST_NUMBERS:
        shown = broken or next(iter(sorted(numbers)))
        raise ZetascopeError(
            f"The labels are amounts such as {shown}, {len(numbers):,} different ones, and no classes: "
            "choose a column of names, or make ranges of the numbers first."
        )
    return [
        "The labels are numbers and are taken as names: 4 in place of 5 counts as wrong as 1 in its place."
    ]


def _number(name: str) -> float | None:
    try:
        return float(name)
    except ValueError:
        return None


def _one_of_each(
    rows: list[int], written: list[str], named: list[str]
) -> tuple[list[int], int, list[Conflict]]:
    """The first row of each text, how many copies go, and the texts whose copies have different labels."""
    alike: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        alike[same_text(written[row])].append(row)
    kept, copies, conflicts = [], 0, []
    for group in alike.values():
        labels = tuple(dict.fromkeys(named[row] for row in group))
        if len(labels) > 1:
            conflicts.append(Conflict(written[group[0]], labels, tuple(group)))
        else:
            kept.append(group[0])
            copies += len(group) - 1
    return kept, copies, conflicts


def _left_out(empty: int, copies: int, conflicts: list[Conflict]) -> list[str]:
    notes = []
    if empty:
        notes.append(f"{count(empty, 'row')} without a text left out.")
    if copies:
        notes.append(
            f"{count(copies, 'copy', 'copies')} of other texts left out, so that none is learnt and measured "
            "at once."
        )
    if conflicts:
        rows = sum(len(one.rows) for one in conflicts)
        notes.append(
            f"{count(len(conflicts), 'text')} with different labels left out ({count(rows, 'row')}): nobody "
            "can guess them right."
        )
    return notes


def _large_enough(rows: list[int], named: list[str]) -> tuple[list[int], list[str]]:
    """Only classes of two texts or more: one to learn from, one to measure with."""
    sizes: dict[str, int] = defaultdict(int)
    for row in rows:
        sizes[named[row]] += 1
    single = sorted(name for name, size in sizes.items() if size < 2)
    if not single:
        return rows, []
    shown = ", ".join(_short(name) for name in single[:_LISTED])
    shown += f" and {len(single) - _LISTED:,} more" if len(single) > _LISTED else ""
    one = len(single) == 1
    note = f"{count(len(single), 'label')} with one text only {'is' if one else 'are'} left out: {shown}."
    return [row for row in rows if sizes[named[row]] > 1], [note]


def _thinned(rows: list[int], named: list[str]) -> tuple[list[int], list[str]]:
    """At most ``MOST_TEXTS``, the same share of every class and at least two of each."""
    if len(rows) <= MOST_TEXTS:
        return rows, []
    members: dict[str, list[int]] = defaultdict(list)
    for row in np.random.default_rng(0).permutation(rows).tolist():
        members[named[row]].append(row)
    share = MOST_TEXTS / len(rows)
    kept = [row for group in members.values() for row in group[: max(2, round(share * len(group)))]]
    return sorted(kept), [
        f"Of {len(rows):,} labelled texts {len(kept):,} are compared, drawn from every class."
    ]


def _alike(names: tuple[str, ...]) -> list[str]:
    """Labels that somebody may have meant to be one."""
    folded: dict[str, list[str]] = defaultdict(list)
    for name in names:
        folded[same_text(name)].append(name)
    found = [group for group in folded.values() if len(group) > 1]
    if not found:
        return []
    shown = "; ".join(" and ".join(map(_short, group)) for group in found[:_LISTED])
    more = f" and {len(found) - _LISTED:,} more" if len(found) > _LISTED else ""
    return [f"Labels that differ only in case, spaces or punctuation count as different: {shown}{more}."]


def _check_classes(names: tuple[str, ...], rows: list[int], named: list[str], *, labels: int) -> None:
    if not labels:
        raise ZetascopeError("No row has a label: choose another label column, or label a few texts first.")
    if labels == 1:
        only = next(name for name in named if name)
        raise ZetascopeError(f"There is one label only, {_short(only)}: to classify takes at least two.")
    if not names:
        raise ZetascopeError(
            f"There are {labels:,} labels, and none has two different texts: to learn from one and measure "
            "with another, give each label at least two."
        )
    if len(names) == 1:
        raise ZetascopeError(
            f"Only the label {_short(names[0])} has two different texts or more: give another one two."
        )
    if len(names) > MOST_LABELS:
        raise ZetascopeError(
            f"There are {len(names):,} labels with {count(len(rows), 'text')}: at most {MOST_LABELS} can be "
            "compared, so choose a column of fewer classes."
        )


def _short(text: str) -> str:
    return repr(text if len(text) <= _TEXT_LENGTH else text[: _TEXT_LENGTH - 1] + "…")
