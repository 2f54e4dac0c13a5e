"""Texts to unit vectors, with the model's own tokenizer, prompts, pooling and normalisation."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.text.arguments import as_texts
from analytics.text.batches import Batch, blocks, length_order, tokenized_batches
from analytics.text.model_files import PACKAGED_NAME, ModelSource, find_model, read_limit
from analytics.text.words import readable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

_BACKENDS = ("auto", "openvino", "torch", "torch-float32")
_CHUNK = 512
# Every text must agree to 0.9999; a few probes leave half of that for the texts they do not speak for.
_AGREEMENT = 0.99995
_PROBES = (
    "",
    "a",
    "The quick brown fox jumps over the lazy dog.",
    "I still have not received my new card, it has been more than two weeks. " * 12,
    "Größe, naïve café, 東京, 🙂, سلام, −3.5 % p.a.",
)


class Backend(Protocol):
    """Something that turns tokenised batches into vectors; used by one thread at a time."""

    name: str
    precision: str

    def run(self, batches: Iterator[Batch], target: np.ndarray) -> None: ...


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
        self._chosen: Backend | None = None
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
        """What two vectors must share to be exchangeable; known without loading a local model."""
        return f"{self.revision} {self._wanted}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def backend(self) -> str:
        """The runtime and precision in use, such as ``openvino bf16`` or ``torch float16``."""
        return f"{self._runtime.name} {self._runtime.precision}"

    @property
    def _reference(self) -> Backend:
        from analytics.text.torch_backend import TorchBackend

        return TorchBackend(self.model)

    @property
    def _runtime(self) -> Backend:
        with self.lock:
            if self._chosen is None:
                self._chosen = _choose_backend(self.model, self._wanted, self._reference)
            return self._chosen

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
        self.encode(list(_PROBES[:3]))

    def prompt(self, role: str = "text") -> str:
        """What the model's authors put before a ``text``, a ``query`` or a ``document``; often nothing."""
        prompts = self.model.prompts or {}
        names = {"text": (), "query": ("query",), "document": ("document", "passage", "corpus")}[role]
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
            preprocess = _preprocessor(self.model, prompt)
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
        with self.lock:
            encoded = self._tokenizer(
                [readable(text) for text in texts],
                truncation=False,
                padding=False,
                return_attention_mask=False,
                verbose=False,
            )
        return np.array([len(ids) for ids in encoded["input_ids"]], dtype=np.int64)

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

    ``backend``: ``auto`` (CUDA through PyTorch in half precision, a CPU through OpenVINO, else PyTorch),
    ``openvino``, ``torch`` or ``torch-float32``. A backend must agree with PyTorch in float32 to a cosine
    of 0.99995 on a few texts, else the next one is used. Code from the Hub is never run, and only
    safetensors weights are read.

    Raises:
        ZetascopeError: unknown name or backend; on first use, a model that cannot be loaded.
    """
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


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1 as float32; a row of zeros stays, and one of length 1 keeps every bit."""
    vectors = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where((norms == 0) | (np.abs(norms - 1) < 1e-6), 1, norms)


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


def _preprocessor(model: Any, prompt: str) -> Callable[[list[str]], Any]:
    return lambda texts: model.preprocess([readable(text) for text in texts], prompt=prompt or None)


def _pools_prompt(model: Any) -> bool:
    return all(getattr(module, "include_prompt", True) for module in model)


def _choose_backend(model: Any, wanted: str, reference: Backend) -> Backend:
    """The first candidate that runs and agrees with float32; the reference if none does."""
    expected = _probe(model, reference)
    for make in _candidates(model, wanted):
        try:
            candidate = make()
            agreement = float((expected * _probe(model, candidate)).sum(axis=1).min())
        except Exception as error:  # whatever a conversion meets, the reference still works
            log.warning("A faster way of encoding was left out because it failed: %s", error)
            continue
        if agreement >= _AGREEMENT:
            return candidate
        left = f"{candidate.name} {candidate.precision}"
        log.warning("%s was left out: its vectors agree with float32 only to %.5f", left, agreement)
    return reference


def _candidates(model: Any, wanted: str) -> list[Callable[[], Backend]]:
    from analytics.text.openvino_backend import OpenVinoBackend
    from analytics.text.torch_backend import TorchBackend, fast_precision

    on_cpu = model.device.type == "cpu"
    precision = fast_precision(model.device.type)
    makers: list[Callable[[], Backend]] = []
    if wanted == "openvino" or (wanted == "auto" and on_cpu):
        makers.append(lambda: OpenVinoBackend(model))
    if wanted in {"auto", "torch"} and precision != "float32":
        makers.append(lambda: TorchBackend(model, precision=precision))
    return makers


def _probe(model: Any, backend: Backend) -> np.ndarray:
    vectors = np.empty((len(_PROBES), int(model.get_embedding_dimension())), dtype=np.float32)
    backend.run(tokenized_batches(_preprocessor(model, ""), _PROBES), vectors)
    return unit_rows(vectors)
