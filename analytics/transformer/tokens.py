"""A text as the tokens a model reads, with what was cut off."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts
from analytics.text.words import readable


class TraceError(ZetascopeError):
    """The text or the model cannot be walked through."""


@dataclass(frozen=True)
class Token:
    """One token. ``start`` and ``end`` are character positions in the text, both 0 for special tokens.

    ``word`` counts the words of the text as the tokenizer split them; None for special tokens.
    """

    text: str
    id: int
    start: int
    end: int
    special: bool
    word: int | None


@dataclass(frozen=True)
class TokenizedText:
    """Model inputs for one text. ``total`` counts the tokens before the text was cut at ``limit``.

    ``unknown`` are the places of tokens that stand for what the vocabulary has no piece for.
    """

    text: str
    prompt: str
    tokens: tuple[Token, ...]
    total: int
    limit: int | None
    prompt_tokens: int
    unknown: tuple[int, ...] = ()

    @property
    def unknown_texts(self) -> tuple[str, ...]:
        """What the text has where a token is unknown, each once."""
        whole = self.prompt + self.text
        found = (self.tokens[place] for place in self.unknown)
        return tuple(dict.fromkeys(whole[one.start : one.end] or one.text for one in found))

    @property
    def cut(self) -> int:
        """How many tokens of the text the model never sees."""
        return self.total - len(self.tokens)


def open_encoder(encoder: Any) -> tuple[Any, AbstractContextManager[Any]]:
    """The sentence-transformers model and its tokenizer lock, from a TextEncoder or the model itself."""
    model = encoder
    while hasattr(model, "model") and not hasattr(model, "encode_query"):
        model = model.model
    if not hasattr(model, "preprocess") or not hasattr(model, "tokenizer"):
        raise TraceError(
            f"{type(encoder).__name__} is not a text encoder; pass analytics.text.load_encoder(...) "
            "or a SentenceTransformer."
        )
    return model, getattr(encoder, "lock", None) or nullcontext()


def tokenize(
    text: str, model: Any, lock: AbstractContextManager[Any]
) -> tuple[TokenizedText, dict[str, Any]]:
    """Tokens of ``text`` and the features (batch of one) a sentence-transformers model takes.

    An empty text is a text: the model then sees its special tokens alone. Raises TraceError when the
    tokenizer gives no token at all.
    """
    (shown,), features = tokenize_all([text], model, lock)
    return shown, features


def tokenize_all(
    texts: Sequence[str], model: Any, lock: AbstractContextManager[Any]
) -> tuple[tuple[TokenizedText, ...], dict[str, Any]]:
    """Tokens of each text, and the features of all as one batch, padded at the end of the shorter ones.

    The features are on the model's device.
    """
    from sentence_transformers.util import batch_to_device

    texts = [readable(text) for text in as_texts(texts)]
    prompt = (model.prompts or {}).get(model.default_prompt_name) or ""
    tokenizer = model.tokenizer
    with lock:
        features = model.preprocess(texts, **({"prompt": prompt} if prompt else {}))
        details = {"truncation": False, "verbose": False, **_details(tokenizer)}
        whole = [tokenizer(prompt + text, **details) for text in texts]
    shown = tuple(
        _tokenized(text, prompt, ids[seen.bool()].tolist(), uncut, features, model)
        for text, ids, seen, uncut in zip(
            texts, features["input_ids"], features["attention_mask"], whole, strict=True
        )
    )
    return shown, batch_to_device(features, model.device)


def _tokenized(
    text: str, prompt: str, ids: Sequence[int], whole: Any, features: Mapping[str, Any], model: Any
) -> TokenizedText:
    if not ids:
        raise TraceError("This text gives no tokens at all; type at least one character.")
    tokens = _tokens(prompt + text, ids, whole, model.tokenizer)
    prompt_tokens = int(features.get("prompt_length", 0))
    # Where one mark serves as several, those that the tokenizer added are none of the text.
    missing = model.tokenizer.unk_token_id
    unknown = tuple(i for i, one in enumerate(tokens) if one.id == missing and not one.special)
    total = len(whole["input_ids"])
    return TokenizedText(text, prompt, tokens, total, model.max_seq_length, prompt_tokens, unknown)


def accepted_inputs(base: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of ``inputs`` that the model's forward pass names."""
    names = inspect.signature(base.forward).parameters
    return {name: value for name, value in inputs.items() if name in names}


def repeated(inputs: Mapping[str, Any], count: int) -> dict[str, Any]:
    """A batch of one as a batch of ``count`` equal rows, without copying."""
    return {name: value.expand(count, *[-1] * (value.ndim - 1)) for name, value in inputs.items()}


def _details(tokenizer: Any) -> dict[str, bool]:
    return {"return_offsets_mapping": bool(tokenizer.is_fast), "return_special_tokens_mask": True}


def _tokens(text: str, ids: Sequence[int], whole: Any, tokenizer: Any) -> tuple[Token, ...]:
    """Tokens the model got; when the text was cut, the closing special tokens moved forward."""
    places = _places(ids, whole["input_ids"])
    names = tokenizer.convert_ids_to_tokens(list(ids))
    special = whole["special_tokens_mask"]
    offsets = whole.get("offset_mapping")
    words = whole.word_ids() if tokenizer.is_fast else [None] * len(special)
    return tuple(
        Token(
            text=_readable(name, text, offsets[place] if offsets else (0, 0), bool(special[place])),
            id=int(token_id),
            start=int(offsets[place][0]) if offsets else 0,
            end=int(offsets[place][1]) if offsets else 0,
            special=bool(special[place]),
            word=words[place],
        )
        for token_id, name, place in zip(ids, names, places, strict=True)
    )


def _places(ids: Sequence[int], whole: Sequence[int]) -> list[int]:
    """Where each id the model got stands in the uncut sequence: a head of it, then its last tokens."""
    head = 0
    while head < min(len(ids), len(whole)) and ids[head] == whole[head]:
        head += 1
    tail = len(ids) - head
    return [*range(head), *range(len(whole) - tail, len(whole))]


def _readable(name: str, text: str, offset: tuple[int, int], special: bool) -> str:
    """The vocabulary's own name, except for byte-level pieces, which are shown as the text they stand for."""
    start, end = offset
    byte_level = any(sign in name for sign in ("Ġ", "Ċ", "Ã", "â", "ð"))
    return text[start:end].strip() or name if byte_level and not special and end > start else name


def join_words(weights: np.ndarray, tokens: Sequence[Token]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Attention (..., T, T) between words: summed over a word's keys, averaged over its queries.

    Rows that summed to 1 still do. Special tokens stay alone. Returns the joined matrix and the words.
    """
    groups = _word_groups(tokens)
    joined = np.zeros((len(groups), len(tokens)), dtype=weights.dtype)
    for row, group in enumerate(groups):
        joined[row, group] = 1
    keys = weights @ joined.T
    queries = joined / joined.sum(1, keepdims=True)
    return queries @ keys, tuple(_word_text(group, tokens) for group in groups)


def _word_groups(tokens: Sequence[Token]) -> list[list[int]]:
    """Positions of the tokens of each word, in order; a special token is a group of its own."""
    groups: list[list[int]] = []
    previous: int | None = None
    for place, token in enumerate(tokens):
        if token.word is not None and token.word == previous:
            groups[-1].append(place)
        else:
            groups.append([place])
        previous = token.word
    return groups


def _word_text(group: Sequence[int], tokens: Sequence[Token]) -> str:
    pieces = [tokens[place].text for place in group]
    return pieces[0] + "".join(piece.removeprefix("##") for piece in pieces[1:])
