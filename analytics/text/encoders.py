"""Texts to unit vectors, with the model's own tokenizer, prompts, pooling and normalisation."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.text.arguments import as_texts
from analytics.text.batches import blocks, length_order, tokenized_batches
from analytics.text.model_files import PACKAGED_NAME, ModelSource, find_model, read_limit
from analytics.text.runtimes import (
    Candidate,
    Runtime,
    RuntimeChoice,
    keep_choice,
    kept_choice,
    measured,
)
from analytics.text.ways import (
    PROBES,
    NotTrustedError,
    candidates,
    one_batch,
    preprocessor,
    trusted,
    unit_rows,
)
from analytics.text.words import readable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BACKENDS = ("auto", "quick", "openvino", "openvino-float32", "torch", "torch-float32")
_MEASURED = ("auto", "quick")
_PROMPTS: dict[str, tuple[str, ...]] = {
    "text": (),
    "query": ("query",),
    "document": ("document", "passage", "corpus"),
}
_CHUNK = 512
_FULL_NAMES = {"f32": "float32", "bf16": "bfloat16", "f16": "float16"}


def prompt_names(role: str) -> tuple[str, ...]:
    """What models call their own prompt for texts of this role; ZetascopeError for another one."""
    if role not in _PROMPTS:
        raise ZetascopeError(f"There is no role {role!r}: choose one of {', '.join(_PROMPTS)}.")
    return _PROMPTS[role]


class TextEncoder:
    """A sentence encoder that loads when it is first used and may be shared between threads.

    Attributes:
        name: what was asked for, e.g. ``all-MiniLM-L6-v2``.
        lock: held while the model or its tokenizer runs; fast tokenizers are not thread-safe
            (huggingface/transformers #47085). Take it before using ``model`` directly.
    """

    def __init__(self, source: ModelSource, *, backend: str = "auto") -> None:
        self.name = source.name
        self.lock = threading.RLock()
        self._source = source
        self._wanted = backend
        self._model: SentenceTransformer | None = None
        self._chosen: Runtime | None = None
        self._choice: RuntimeChoice | None = None
        self._alone: Any = None

    @property
    def model(self) -> "SentenceTransformer":
        """The sentence-transformers model, loaded on first use (seconds)."""
        with self.lock:
            if self._model is None:
                self._model = _load_model(self._source)
            return self._model

    @property
    def revision(self) -> str:
        """What identifies the weights: a SHA-256 for local files, the commit for a model of the Hub."""
        if self._source.local:
            return self._source.revision
        config = getattr(self.model.transformers_model, "config", None)
        return getattr(config, "_commit_hash", None) or "unknown"

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, special tokens included."""
        if self._model is None and self._source.local:
            stated = read_limit(self._source)
            if stated:
                return stated
        return int(self.model.max_seq_length or 512)

    @property
    def space(self) -> str:
        """What two vectors must share to be exchangeable: the weights, and the precision in use."""
        return f"{self.revision} {self.precision}"

    @property
    def has_chosen(self) -> bool:
        """Whether ``space`` can be told without loading and measuring anything."""
        return self._chosen is not None or self._kept_choice() is not None

    @property
    def precision(self) -> str:
        """Such as ``float32`` or ``int8``; loads no local model whose runtime was chosen before."""
        kept = None if self._chosen else self._kept_choice()
        found = kept.best.precision if kept else self._runtime.precision
        return _FULL_NAMES.get(found, found)

    @property
    def choice(self) -> RuntimeChoice | None:
        """What was measured to choose the runtime, or None where there was nothing to choose."""
        if self._choice is None and self._chosen is None:
            return self._kept_choice()
        return self._choice

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def backend(self) -> str:
        """The runtime and precision in use, such as ``openvino bf16`` or ``torch float16``."""
        return f"{self._runtime.name} {self._runtime.precision}"

    @property
    def _reference(self) -> Runtime:
        from analytics.text.torch_backend import TorchBackend

        return TorchBackend(self.model)

    @property
    def _runtime(self) -> Runtime:
        with self.lock:
            if self._chosen is None:
                self._chosen, self._choice = self._choose()
            return self._chosen

    def _kept_choice(self) -> RuntimeChoice | None:
        may_be = self._wanted in _MEASURED and self._source.local
        return kept_choice(f"{self._source.revision} {self._wanted}") if may_be else None

    def _choose(self) -> tuple[Runtime, RuntimeChoice | None]:
        """The quickest way that runs and agrees with float32; the reference if none does."""
        model, reference = self.model, self._reference
        makers = trusted(candidates(model, self._wanted), model, reference)
        kept = self._kept_choice()
        if kept and (maker := makers.get(kept.best.candidate)):
            with suppress(NotTrustedError):
                return maker(), kept
        ready = _made(makers, [candidate for candidate in makers if candidate.plain_attention])
        if not ready or model.device.type != "cpu" or self._wanted not in _MEASURED:
            return next(iter(ready.values()), reference), None
        time = partial(measured, batches_of=partial(one_batch, model), dimension=self.dimension)
        choice = time(ready)
        # The other attention is worth a try in the best precision only: to compile each takes a second.
        other = _made(makers, [replace(choice.best.candidate, plain_attention=False)])
        if other:
            best = choice.best.candidate
            choice = choice.with_more(time({best: ready[best], **other}))
        keep_choice(f"{self.revision} {self._wanted}", choice)
        return {**ready, **other}[choice.best.candidate], choice

    @property
    def _tokenizer(self) -> Any:
        """The model's tokenizer; counting tokens does not load a local model."""
        if self._model is not None or not self._source.local:
            return self.model.tokenizer
        if self._alone is None:
            from transformers import AutoTokenizer

            self._alone = AutoTokenizer.from_pretrained(self._source.location, trust_remote_code=False)
        return self._alone

    def warm_up(self) -> None:
        """Load and compile everything that the first ``encode`` needs."""
        self.encode(list(PROBES[:3]))

    def prompt(self, role: str = "text") -> str:
        """What the model's authors put before a ``text``, a ``query`` or a ``document``; often nothing."""
        prompts = self.model.prompts or {}
        names = prompt_names(role)
        chosen = next((name for name in names if prompts.get(name)), self.model.default_prompt_name)
        return prompts.get(chosen) or "" if chosen else ""

    def encode(
        self, texts: Sequence[str], *, role: str = "text", progress: Progress | None = None
    ) -> np.ndarray:
        """Vectors of ``texts``: (n, d) float32, every row of length 1.

        Identical texts are encoded once and get identical vectors. What lies beyond ``max_tokens`` is not
        read (see ``truncation``). ``progress`` gets (distinct texts done, distinct texts) after each block,
        about a second, and may raise to cancel. ``role`` chooses the model's own prompt: ``text`` (what
        ``SentenceTransformer.encode`` uses), ``query`` or ``document``.
        """
        distinct, inverse = distinct_texts(as_texts(texts))
        vectors = np.empty((len(distinct), self.dimension), dtype=np.float32)
        done = 0
        for rows, block in self.stream(distinct, role=role):
            vectors[rows] = block
            done += len(rows)
            if progress:
                progress(done, len(distinct))
        return vectors[inverse]

    def stream(self, texts: Sequence[str], *, role: str = "text") -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield (rows, unit vectors) block by block, longest texts first; other threads get turns between."""
        prompt = self.prompt(role)
        order = length_order(texts)
        lengths = np.array([len(texts[row]) for row in order], dtype=np.int64)
        for block in blocks(lengths):
            rows = order[block]
            yield rows, self._encode_block([texts[row] for row in rows], prompt)

    def _encode_block(self, texts: list[str], prompt: str) -> np.ndarray:
        # A compiled graph cannot leave the prompt out of the pooling, as a few models ask for.
        runtime = self._reference if prompt and not _pools_prompt(self.model) else self._runtime
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        with self.lock:
            preprocess = preprocessor(self.model, prompt)
            runtime.run(tokenized_batches(preprocess, texts), vectors)
            broken = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
            if len(broken):  # half precision can overflow
                repaired = np.empty((len(broken), self.dimension), dtype=np.float32)
                self._reference.run(tokenized_batches(preprocess, [texts[i] for i in broken]), repaired)
                vectors[broken] = repaired
        return unit_rows(vectors)

    def count_tokens(self, texts: Sequence[str]) -> np.ndarray:
        """Tokens in each text, special tokens included and nothing cut off: (n,) int64."""
        if not len(as_texts(texts)):
            return np.zeros(0, dtype=np.int64)
        return np.array([len(ids) for ids in self._tokens(texts)], dtype=np.int64)

    def count_prompt(self, role: str = "document") -> int:
        """Tokens that the model's own prompt takes from every text of this role."""
        prompt = self.prompt(role)
        return int(self.count_tokens([prompt])[0]) - 2 if prompt else 0

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Numbers of all tokens of each text, special ones included and nothing cut off."""
        with self.lock:
            encoded = self._tokenizer(
                [readable(text) for text in texts],
                truncation=False,
                padding=False,
                return_attention_mask=False,
                verbose=False,
            )
        return encoded["input_ids"]

    def unknown_share(self, texts: Sequence[str]) -> np.ndarray:
        """Share of each text's tokens that stand for what the model has no token for, (n,) float64.

        Texts in ASCII have none of those in any tokenizer that is used here, so they are not looked at.
        """
        share = np.zeros(len(as_texts(texts)))
        unknown = getattr(self._tokenizer, "unk_token_id", None)
        suspects = [row for row, text in enumerate(texts) if not text.isascii()]
        if unknown is None:
            return share
        for start in range(0, len(suspects), _CHUNK):
            rows = suspects[start : start + _CHUNK]
            for row, ids in zip(rows, self._tokens([texts[row] for row in rows]), strict=True):
                share[row] = ids.count(unknown) / max(len(ids) - 2, 1)
        return share

    def read_share(self, texts: Sequence[str]) -> np.ndarray:
        """Share of each text's tokens that the model reads, (n,) float64: 1 where nothing was cut off."""
        share = np.ones(len(as_texts(texts)))
        # A token is at least one byte, so only texts with more bytes than tokens allowed need counting.
        room = self.max_tokens - 2
        suspects = [row for row, text in enumerate(texts) if len(text.encode("utf-8", "replace")) > room]
        for start in range(0, len(suspects), _CHUNK):
            rows = suspects[start : start + _CHUNK]
            counts = self.count_tokens([texts[row] for row in rows])
            share[rows] = np.minimum(1.0, self.max_tokens / counts)
        return share


def load_encoder(name: str = PACKAGED_NAME, *, backend: str = "auto") -> TextEncoder:
    """An encoder by name: the packaged model, a local folder or a Hub id; it loads when first used.

    ``backend``: ``auto`` (CUDA through PyTorch in half precision; on a CPU what was measured to be the
    quickest, see ``TextEncoder.choice``), ``quick`` (weights of 8 bits on a CPU: about twice as fast, and
    vectors of their own kind), ``openvino``, ``openvino-float32``, ``torch`` or ``torch-float32``. A backend
    must agree with PyTorch in float32 to a cosine of 0.99995 on a few texts (``quick``: 0.98), else the next
    one is used. ``ZETASCOPE_RUNTIME`` in the environment names what ``auto`` stands for, so that nothing
    is measured. Code from the Hub is never run, and only safetensors weights are read.

    Raises:
        ZetascopeError: unknown name or backend; on first use, a model that cannot be loaded.
    """
    if backend == "auto":
        backend = os.environ.get("ZETASCOPE_RUNTIME", backend).strip().lower()
    if backend not in _BACKENDS:
        raise ZetascopeError(f"There is no backend {backend!r}: choose one of {', '.join(_BACKENDS)}.")
    return TextEncoder(find_model(name), backend=backend)


def distinct_texts(texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The distinct texts in order of appearance, and for every text the index of its own: (n,) int64."""
    index: dict[str, int] = {}
    inverse = np.fromiter(
        (index.setdefault(text, len(index)) for text in texts), dtype=np.int64, count=len(texts)
    )
    return list(index), inverse


def _load_model(source: ModelSource) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    from analytics.text.torch_backend import best_device

    try:
        model = SentenceTransformer(
            source.location,
            device=best_device(),
            trust_remote_code=False,
            local_files_only=source.local,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # the loader raises anything from OSError to KeyError for a bad model
        where = "its folder" if source.local else "the Hugging Face Hub, which may be out of reach"
        raise ZetascopeError(
            f"The encoder {source.name!r} could not be loaded from {where}: check the name, or use the "
            f"packaged {PACKAGED_NAME}."
        ) from error
    return model.eval()


def _pools_prompt(model: Any) -> bool:
    return all(getattr(module, "include_prompt", True) for module in model)


def _made(
    makers: Mapping[Candidate, Callable[[], Runtime]], wanted: Sequence[Candidate]
) -> dict[Candidate, Runtime]:
    """Those of the candidates that can be made and are trusted."""
    made = {}
    for candidate in wanted:
        with suppress(NotTrustedError, KeyError):
            made[candidate] = makers[candidate]()
    return made
