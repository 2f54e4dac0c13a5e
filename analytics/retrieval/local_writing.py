"""Answers that a model in a folder of the owner's writes, on this machine, as they are written."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analytics.errors import ZetascopeError
from analytics.retrieval.writing import LONGEST_ANSWER, Message

_WRITING = threading.Lock()
"""Two answers at once would take twice as long each, and twice the memory."""


@dataclass(frozen=True)
class LocalModel:
    """A folder as transformers saves a causal language model, weights as safetensors.

    ``tokens`` are the most an answer has, ``most_seconds`` the longest it is written at, ``patience`` the
    seconds that another answer is waited for.
    """

    folder: str
    tokens: int = 400
    most_seconds: float = 300.0
    patience: float = 60.0


def write_locally(model: LocalModel, messages: Sequence[Message]) -> Iterator[str]:
    """The likeliest answer, piece by piece; closing the iterator ends the writing.

    No code of the folder is run and nothing is fetched. Marks that steer the model, such as the end of a
    turn, are taken out of the messages, so that no passage can speak as somebody else.

    Raises:
        ZetascopeError: no such model in the folder, a prompt longer than it reads, or others are waiting.
    """
    language, tokenizer = _loaded(model.folder, _stamp(model.folder))
    ids = _prompt_ids(tokenizer, messages)
    most = int(getattr(language.config, "max_position_embeddings", 0) or 0)
    if most and ids.shape[1] + 1 > most:
        raise ZetascopeError(
            f"The model reads {most:,} tokens, and the question with its passages has {ids.shape[1]:,}: "
            "choose shorter passages."
        )
    room = min(model.tokens, most - ids.shape[1]) if most else model.tokens
    if not _WRITING.acquire(timeout=model.patience):
        raise ZetascopeError("The model is writing for somebody else: try again in a minute.")
    try:
        yield from _streamed(language, tokenizer, ids, room, time.monotonic() + model.most_seconds)
    finally:
        _WRITING.release()


def _streamed(language: Any, tokenizer: Any, ids: Any, room: int, until: float) -> Iterator[str]:
    from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

    ended = threading.Event()
    failed: list[BaseException] = []

    class Ended(StoppingCriteria):
        def __call__(self, *_: Any, **__: Any) -> bool:
            return ended.is_set() or time.monotonic() > until

    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)

    def write() -> None:
        try:
            language.generate(
                ids,
                attention_mask=ids.new_ones(ids.shape),
                max_new_tokens=room,
                do_sample=False,
                streamer=streamer,
                stopping_criteria=StoppingCriteriaList([Ended()]),
            )
        except Exception as error:  # told by the thread that reads
            failed.append(error)
            streamer.end()

    thread = threading.Thread(target=write, name="local-writing", daemon=True)
    thread.start()
    taken = 0
    try:
        for piece in streamer:
            piece = piece[: LONGEST_ANSWER - taken]
            taken += len(piece)
            if piece:
                yield piece
            if taken >= LONGEST_ANSWER:
                return
    finally:
        ended.set()
        thread.join()
    if failed:
        raise ZetascopeError("The model broke off: the owner should try its folder with transformers.")
    if time.monotonic() > until:
        raise ZetascopeError("The model takes too long: try a shorter question, or fewer words in a passage.")


def _prompt_ids(tokenizer: Any, messages: Sequence[Message]) -> Any:
    marks = sorted({str(mark) for mark in tokenizer.get_added_vocab()} | set(tokenizer.all_special_tokens))
    harmless = [{**one, "content": _without(one["content"], marks)} for one in messages]
    if tokenizer.chat_template:
        return tokenizer.apply_chat_template(
            harmless, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )["input_ids"]
    text = "\n\n".join(one["content"] for one in harmless) + "\n\nAnswer:"
    return tokenizer(text, return_tensors="pt")["input_ids"]


def _without(text: str, marks: Sequence[str]) -> str:
    before = None
    while text != before:  # a mark cut out of another may leave one behind
        before = text
        for mark in marks:
            if mark.strip():
                text = text.replace(mark, " ")
    return text


def _stamp(folder: str) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file of the folder does."""
    files = sorted(path for path in Path(folder).glob("*") if path.is_file()) if folder else []
    return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=1)
def _loaded(folder: str, stamp: tuple[tuple[str, int, int], ...]) -> tuple[Any, Any]:
    """The model and its tokenizer; the last one that was asked for is kept."""
    names = {name for name, _, _ in stamp}
    if "config.json" not in names:
        raise ZetascopeError(f"{folder!r} is no folder with a transformers model: its owner should look.")
    if not any(name.endswith(".safetensors") for name in names):
        raise ZetascopeError(f"{folder!r} has no safetensors; other weights can run code and are not opened.")
    from transformers import AutoModelForCausalLM, AutoTokenizer

    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        if "auto_map" in json.loads((Path(folder) / "config.json").read_text(encoding="utf-8")):
            raise ZetascopeError(f"{folder!r} needs code of its own, which is not run: choose another model.")
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, **safe).eval()
    except ZetascopeError:
        raise
    except Exception as error:  # transformers raises of every kind for what it cannot read
        raise ZetascopeError(
            f"{folder!r} cannot be opened as a language model: its owner should try it with transformers."
        ) from error
    return model, tokenizer
