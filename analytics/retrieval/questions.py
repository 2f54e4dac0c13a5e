"""Questions with the documents that answer them: from a file, or from titles that must find their texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.arguments import require_column, require_frame
from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts, check_listed
from analytics.text.words import query_terms, search_key
from analytics.words import count

_PARTS = re.compile(r"[;,|\s\[\]()'\"]+")


@dataclass(frozen=True)
class Questions:
    """q questions and the places, from 0, of the documents that answer each; ``notes``: what was left out."""

    texts: tuple[str, ...]
    answers: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...] = ()


def questions_of_frame(
    frame: pd.DataFrame, *, question: str, answers: str, names: Sequence[Any]
) -> Questions:
    """Questions from a table: a line each, or a line for each pair of question and answer.

    ``answers`` is the column that says which documents answer, by their ``names`` (n,): identifiers, or row
    numbers. A cell may hold several: a list, or commas, semicolons, bars or blanks between.

    Raises:
        ZetascopeError: a column is not there, or no question has an answer among the names.
    """
    require_frame(frame)
    check_listed(names, what="names")
    for name in (question, answers):
        if name not in frame.columns:
            raise ZetascopeError(
                f"There is no column {name!r}: there are {', '.join(map(str, frame.columns))}."
            )
        require_column(frame[name])
    places = _places(names)
    found: dict[str, dict[int, None]] = {}
    unknown = 0
    for text, cell in zip(frame[question], frame[answers], strict=True):
        if pd.isna(text) is True or pd.isna(cell) is True:
            continue
        whole = _name(cell)
        parts = [whole] if whole in places else [part for part in _PARTS.split(whole) if part]
        known = [place for part in parts for place in places.get(part, ())]
        unknown += sum(part not in places for part in parts)
        found.setdefault(str(text), {}).update(dict.fromkeys(known))
    notes = [f"{count(unknown, 'answer')} named no document."] if unknown else []
    return _usable(found, notes, said="No question is answered by a row of the documents")


def questions_of_pairs(
    questions: pd.DataFrame, relevance: pd.DataFrame, *, names: Sequence[Any]
) -> Questions:
    """Questions from two tables as test collections have them: (number, text), and (number, document).

    The first two columns of each are taken.

    Raises:
        ZetascopeError: a table with fewer than two columns, or nothing that belongs together.
    """
    for frame, what in ((questions, "questions"), (relevance, "relevance")):
        require_frame(frame)
        if frame.shape[1] < 2:
            raise ZetascopeError(f"The table of {what} has {frame.shape[1]} columns: two are needed.")
    numbers, texts = (questions.iloc[:, place] for place in (0, 1))
    asked: dict[str, str] = {}
    for number, text in zip(numbers, texts, strict=True):
        asked.setdefault(_name(number), str(text))
    twice = len(numbers) - len(asked)
    asking = relevance.iloc[:, 0].map(_name).map(asked)
    lost = int(asking.isna().sum())
    frame = pd.DataFrame({"question": asking, "answer": relevance.iloc[:, 1]}).dropna(subset="question")
    made = questions_of_frame(frame, question="question", answers="answer", names=names)
    alone = len(asked) - len(made.texts)
    notes = [f"{count(lost, 'judgement')} belonged to no question."] if lost else []
    notes += [f"{count(alone, 'question')} without a judged document left out."] if alone else []
    notes += [f"{count(twice, 'question')} left out whose number an earlier one has."] if twice else []
    return Questions(made.texts, made.answers, (*made.notes, *notes))


def questions_of_titles(titles: Sequence[Any], documents: Sequence[str]) -> Questions:
    """Every title as a question that only its own text answers; needs no labels.

    Texts that hold their title word for word make the test easy, so how many do is told. Titles of several
    texts have all of them as answers.

    Raises:
        ZetascopeError: as many titles as documents are needed, and one with words.
    """
    check_listed(titles, what="titles")
    as_texts(documents)
    if len(titles) != len(documents):
        raise ZetascopeError(f"Titles: {len(titles):,}, documents: {len(documents):,}; give one for each.")
    found: dict[str, dict[int, None]] = {}
    held = 0
    for place, (title, document) in enumerate(zip(titles, documents, strict=True)):
        if pd.isna(title) is True or not document.strip():
            continue
        found.setdefault(str(title), {})[place] = None
        held += search_key(str(title)) in search_key(document)
    told = f"Texts that hold their title word for word, which makes finding easy: {held:,}."
    notes = [told] if held else []
    return _usable(found, notes, said="No title can be asked")


def _usable(found: Mapping[str, Mapping[int, None]], notes: list[str], *, said: str) -> Questions:
    kept = {text: tuple(places) for text, places in found.items() if places and query_terms(text)}
    if not kept:
        raise ZetascopeError(f"{said}: name the column of questions and the one of the rows that answer.")
    left = len(found) - len(kept)
    if left:
        notes = [*notes, f"{count(left, 'question')} without words or without an answer left out."]
    return Questions(tuple(kept), tuple(kept.values()), tuple(notes))


def _places(names: Sequence[Any]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if pd.isna(name) is not True:
            places.setdefault(_name(name), []).append(place)
    return places


def _name(value: object) -> str:
    """An identifier as people write it: 7 for 7.0."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()
