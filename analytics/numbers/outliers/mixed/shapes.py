"""How a text is written, whatever it says: letters, digits, blanks and marks in their order."""

import re

import pandas as pd

_LONGEST = 40  # characters; of a longer text only the kinds of characters are told
_CLASSES = (
    ("A", re.compile(r"[A-Z]+")),
    ("a", re.compile(r"[a-zß-öø-ÿ]+")),
    ("9", re.compile(r"\d+")),
)
_KINDS = (
    ("letters", re.compile(r"[A-Za-z]")),
    ("digits", re.compile(r"\d")),
    ("letters beyond A to Z", re.compile(r"[^\W\d_A-Za-z]")),
    ("control characters", re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")),
    ("angle or curly brackets", re.compile(r"[<>{}]")),
)


def character_shapes(texts: pd.Series) -> pd.Series:
    """The shape of each text, missing where it is missing.

    Short texts have the order of their parts, where at least half of the texts are short (``AB-123`` is
    ``A-9``: capitals, a hyphen, digits; the length says how many); otherwise it is the kinds of characters.
    """
    present = texts.dropna()
    if len(present) and (present.str.len() <= _LONGEST).mean() >= 0.5 and present.str.count(r"\s").mean() < 1:
        shape = _order_of
    else:
        shape = _kinds_of
    made = present.map({text: shape(text) for text in present.unique()})
    return made.reindex(texts.index).astype(object)


def _order_of(text: str) -> str:
    if len(text) > _LONGEST:
        return _kinds_of(text)
    for mark, run in _CLASSES:
        text = run.sub(mark, text)
    return text


def _kinds_of(text: str) -> str:
    return ", ".join(name for name, found in _KINDS if found.search(text)) or "marks only"
