"""The language of every text, told by a small offline model, and how far an encoder knows it."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from analytics.text.arguments import as_texts
from analytics.text.model_files import PACKAGED_NAME
from analytics.text.projection import spread

UNKNOWN = "und"
"""ISO 639-2: not determined."""
_SURE_FROM = 0.4  # probability, of some hundred languages; five clear words of Spanish reach 0.46
_LETTERS = 12  # fewer letters of the Latin script are of any language: "ok", "no", "menu"
_READ = 1_000  # characters that tell a language; more change nothing
_MUCH_UNKNOWN = 0.2
_MOST_NAMED = 3
LOOKED_AT = 300
"""Texts, evenly spread, that tell whether a model serves them all."""
_WORTH_TELLING = 0.05  # of the texts
_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
    UNKNOWN: "not clear",
}  # fmt: skip


@dataclass(frozen=True)
class Languages:
    """The language of n texts: ISO 639 ``codes`` (n,) object, ``und`` where it is not clear."""

    codes: np.ndarray

    @property
    def counts(self) -> dict[str, int]:
        """How many texts each language has, the most first."""
        return dict(Counter(self.codes.tolist()).most_common())

    def share_beyond(self, known: Sequence[str]) -> float:
        """Share of the texts in a language that is clear and not one of ``known``."""
        if not len(self.codes):
            return 0.0
        return float((~np.isin(self.codes.astype(str), [*known, UNKNOWN])).mean())


def languages_of(texts: Sequence[str]) -> Languages:
    """Tell the language of every text by py3langid (naive Bayes on groups of bytes, Lui & Baldwin 2012).

    A text with few letters, or whose likeliest language has less than 40 % probability, is not clear.
    Equal texts are looked at once. Loading the model takes a second or two.
    """
    known: dict[str, str] = {}
    for text in as_texts(texts):
        if text not in known:
            known[text] = _language(text[:_READ])
    return Languages(np.array([known[text] for text in texts], dtype=object))


def name_of(code: str) -> str:
    """The language in English; its code where the name is not known here."""
    return _NAMES.get(code, code)


def _language(text: str) -> str:
    letters = [character for character in text if character.isalpha()]
    latin = all(character.isascii() or _is_latin(character) for character in letters)
    if len(letters) < (_LETTERS if latin else 1):
        return UNKNOWN
    code, probability = _identifier().classify(text)
    return str(code) if probability >= _SURE_FROM else UNKNOWN


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@dataclass(frozen=True)
class LanguageCheck:
    """The languages of some texts, and the share of each one's tokens that a model does not know, (n,)."""

    languages: Languages
    unknown: np.ndarray
    known: tuple[str, ...]
    """Languages that the model was made for; empty where that is not known."""

    def warning(self, model: str) -> str:
        """What a reader should know before believing the map, or ""."""
        beyond = self.languages.share_beyond(self.known) if self.known else 0.0
        unread = float((self.unknown > _MUCH_UNKNOWN).mean()) if len(self.unknown) else 0.0
        if beyond < _WORTH_TELLING and unread < _WORTH_TELLING:
            return ""
        said = []
        if beyond >= _WORTH_TELLING:
            other = [code for code in self.languages.counts if code not in {*self.known, UNKNOWN}]
            names = ", ".join(name_of(code) for code in other[:_MOST_NAMED])
            names += " and others" if len(other) > _MOST_NAMED else ""
            said.append(
                f"{beyond:.0%} of the texts are not in English ({names}), and {model} was made for it"
            )
        if unread >= _WORTH_TELLING:
            said.append(
                f"in {unread:.0%} of the texts the model has no token for more than a fifth of what it reads "
                f"(on average {self.unknown.mean():.0%} of their tokens are unknown to it)"
            )
        told = "; ".join(said)
        return (
            f"{told[0].upper()}{told[1:]}: near points need not be alike there. Choose a multilingual "
            "encoder, such as paraphrase-multilingual-MiniLM-L12-v2, where a network is at hand."
        )


def check_languages(texts: Sequence[str], unknown: np.ndarray, *, model: str) -> LanguageCheck:
    """The languages of texts, beside the share of each one's tokens that the model does not know."""
    known = ("en",) if model == PACKAGED_NAME else ()
    return LanguageCheck(languages_of(texts), unknown, known)


def warning_of_some(texts: Sequence[str], unknown: np.ndarray, *, model: str) -> str:
    """``LanguageCheck.warning`` from some of the ``texts``, evenly spread; ``unknown`` (n,) is of all."""
    places = spread(len(texts), LOOKED_AT)
    return check_languages([texts[place] for place in places.tolist()], unknown[places], model=model).warning(
        model
    )
