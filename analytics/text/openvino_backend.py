"""Run a sentence-transformers model on the OpenVINO runtime, converted in memory."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.text.batches import Batch
from analytics.text.int8_weights import GROUP_SIZE, with_int8_weights

_SETTINGS = {"PERFORMANCE_HINT": "THROUGHPUT"}
# Attention as products of matrices, not as one generated loop: texts of 6 to 34 tokens are encoded 1.1 to 1.4
# times as fast on AMX, those of 200 tokens 0.9 times. The runtime takes this name without documenting it.
PLAIN_ATTENTION = {"SNIPPETS_MODE": "DISABLE"}
FULL, QUICK = "f32", "int8"
_PRECISIONS = {
    FULL: {"INFERENCE_PRECISION_HINT": "f32"},
    QUICK: {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(GROUP_SIZE)},
}


def _openvino() -> Any:
    """The runtime, imported when it is needed; ``analytics`` has put its telemetry away."""
    import openvino

    return openvino


@dataclass(frozen=True)
class Graph:
    """The whole module chain (transformer, pooling, normalisation) as the runtime's own graph."""

    graph: Any
    inputs: tuple[str, ...]


class OpenVinoBackend:
    """A converted model, compiled for the CPU.

    ``precision`` None leaves it to the runtime (bfloat16 where the processor says that it multiplies it
    natively, which does not make it the quickest); ``f32`` asks for float32, ``int8`` for weights of 8 bits
    and activations that are quantized in groups while it runs. Several requests are in flight at once, one
    per stream of the processor.
    """

    name = "openvino"

    def __init__(self, model: Graph, *, precision: str | None = None, plain_attention: bool = True) -> None:
        openvino = _openvino()
        self._inputs = model.inputs
        self.plain_attention = plain_attention
        graph = with_int8_weights(model.graph) if precision == QUICK else model.graph
        wanted = _SETTINGS | (_PRECISIONS[precision] if precision else {})
        compiled = _compile(openvino.Core(), graph, wanted, plain_attention)
        given = str(compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name())
        self.precision = QUICK if precision == QUICK else given
        self._queue = openvino.AsyncInferQueue(compiled)
        self._queue.set_callback(_deliver)

    def run(self, batches: Iterable[Batch], target: np.ndarray) -> None:
        """Write the vector of each batch's row ``i`` to ``target[batch.rows[i]]``; not thread-safe."""
        try:
            for batch in batches:
                features = {index: batch.features[key] for index, key in enumerate(self._inputs)}
                self._queue.start_async(features, userdata=(target, batch.rows))
        finally:
            self._queue.wait_all()


def _compile(core: Any, graph: Any, settings: dict[str, str], plain_attention: bool) -> Any:
    if not plain_attention:
        return core.compile_model(graph, "CPU", settings)
    try:
        return core.compile_model(graph, "CPU", settings | PLAIN_ATTENTION)
    except RuntimeError:  # a release that no longer knows the name
        return core.compile_model(graph, "CPU", settings)


def _deliver(request: Any, userdata: tuple[np.ndarray, np.ndarray]) -> None:
    target, rows = userdata
    target[rows] = request.get_output_tensor(0).data


def converted(model: Any) -> Graph:
    """Trace the model and translate the trace (about 2 s).

    The PyTorch front end is called directly: ``openvino.convert_model`` does the same, but reports usage
    to its maker without asking.
    """
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    features = model.preprocess(["a short text", "another text, a little longer than the first"])
    inputs = tuple(key for key, value in features.items() if isinstance(value, torch.Tensor))

    class Chain(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.chain = torch.nn.ModuleList(model)

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            passed = dict(zip(inputs, tensors, strict=True))
            for module in self.chain:
                passed = module(passed)
            return passed["sentence_embedding"]

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        decoder = TorchScriptPythonDecoder(
            Chain().eval(),
            example_input=tuple(features[key].cpu() for key in inputs),
            trace_kwargs={"check_trace": False},  # the caller compares the vectors themselves
        )
        front_end = FrontEndManager().load_by_framework("pytorch")
        return Graph(front_end.convert(front_end.load(decoder)), inputs)
