"""The ways in which a model can be run here, each held against PyTorch in float32 before it is used."""

import logging
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import numpy as np

from analytics.text.batches import Batch, tokenized_batches
from analytics.text.runtimes import Candidate, Runtime
from analytics.text.words import readable

log = logging.getLogger(__name__)

# Every text must agree to 0.9999; a few probes leave half of that for the texts they do not speak for.
_AGREEMENT = 0.99995
# Weights of 8 bits: the page measures on the reader's own texts how much of this is left.
_QUICK_AGREEMENT = 0.98
PROBES = (
    "",
    "a",
    "The quick brown fox jumps over the lazy dog.",
    "I still have not received my new card, it has been more than two weeks. " * 12,
    "Größe, naïve café, 東京, 🙂, سلام, −3.5 % p.a.",
)

Makers = Mapping[Candidate, Callable[[], Runtime]]


class NotTrustedError(Exception):
    """A way that does not run here, or whose vectors are not the model's; the log says which."""


def candidates(model: Any, wanted: str) -> Makers:
    """The ways to run a model that ``wanted`` allows, all but the reference; making one takes seconds."""
    from analytics.text.openvino_backend import FULL, QUICK, OpenVinoBackend, converted
    from analytics.text.torch_backend import TorchBackend, fast_precision

    on_cpu = model.device.type == "cpu"
    # One translation serves all: it takes longer than to compile it for a precision.
    graph = cache(partial(converted, model))
    makers: dict[Candidate, Callable[[], Runtime]] = {}

    def compiled(precision: str | None, plain: bool) -> Runtime:
        return OpenVinoBackend(graph(), precision=precision, plain_attention=plain)

    def openvino(precision: str | None) -> None:
        for plain in (True, False):
            makers[Candidate("openvino", precision, plain)] = partial(compiled, precision, plain)

    if wanted == "quick":
        openvino(QUICK)
    if wanted == "openvino" or (wanted == "auto" and on_cpu):
        openvino(None)
    if wanted == "openvino-float32" or (wanted == "auto" and on_cpu):
        openvino(FULL)
    precision = fast_precision(model.device.type)
    if wanted in {"auto", "torch"} and precision != "float32":
        makers[Candidate("torch", precision)] = lambda: TorchBackend(model, precision=precision)
    if wanted == "auto" and on_cpu:
        makers[Candidate("torch", "float32")] = lambda: TorchBackend(model)
    return makers


def trusted(makers: Makers, model: Any, reference: Runtime) -> dict[Candidate, Callable[[], Runtime]]:
    """The same, but what is made has agreed with the reference on a few texts; else NotTrustedError."""
    expected = cache(partial(_probe, model, reference))
    return {
        candidate: partial(_agreeing, candidate, make, model, expected) for candidate, make in makers.items()
    }


def _agreeing(
    candidate: Candidate, make: Callable[[], Runtime], model: Any, expected: Callable[[], np.ndarray]
) -> Runtime:
    try:
        runtime = make()
        agreement = float((expected() * _probe(model, runtime)).sum(axis=1).min())
    except Exception as error:  # whatever a conversion meets, the reference still works
        log.warning("A faster way of encoding was left out because it failed: %s", error)
        raise NotTrustedError from error
    enough = _QUICK_AGREEMENT if candidate.precision == "int8" else _AGREEMENT
    if not agreement >= enough:  # an overflow leaves no number, which is no agreement either
        left = f"{runtime.name} {runtime.precision}"
        log.warning("%s was left out: its vectors agree with float32 only to %.5f", left, agreement)
        raise NotTrustedError
    return runtime


def _probe(model: Any, runtime: Runtime) -> np.ndarray:
    vectors = np.empty((len(PROBES), int(model.get_embedding_dimension())), dtype=np.float32)
    runtime.run(tokenized_batches(preprocessor(model, ""), PROBES), vectors)
    return unit_rows(vectors)


def one_batch(model: Any, texts: list[str]) -> Batch:
    """A few texts of like length as one batch."""
    return next(tokenized_batches(preprocessor(model, ""), texts))


def preprocessor(model: Any, prompt: str) -> Callable[[list[str]], Any]:
    return lambda texts: model.preprocess([readable(text) for text in texts], prompt=prompt or None)


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1 as float32; a row of zeros stays, and one of length 1 keeps every bit."""
    vectors = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where((norms == 0) | (np.abs(norms - 1) < 1e-6), 1, norms)
