"""Half precision on CUDA, with PyTorch's own casts for that device and a processor in its place."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from analytics.tables import read_table
from analytics.text import encoders
from analytics.text.batches import Batch
from analytics.text.encoders import TextEncoder, load_encoder
from analytics.text.torch_backend import TorchBackend, best_device
from tests.conftest import ROOT
from tests.other_device import Device, moved, other_device

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def on_cpu() -> TextEncoder:
    encoder = load_encoder(backend="torch-float32")
    encoder.warm_up()
    return encoder


@pytest.fixture
def cuda() -> Iterator[Device]:
    with other_device("cuda:0") as device:
        yield device


@pytest.fixture
def on_cuda(cuda: Device, on_cpu: TextEncoder, monkeypatch: pytest.MonkeyPatch) -> TextEncoder:
    monkeypatch.setattr(encoders, "_load_model", lambda source: moved(on_cpu.model, "cuda:0"))
    monkeypatch.delenv("ZETASCOPE_RUNTIME")
    return load_encoder()


def test_half_precision_agrees_on_every_text(on_cpu: TextEncoder, on_cuda: TextEncoder) -> None:
    opinions = read_table(ROOT / "sample_data" / "opinions.csv").frame["text"].dropna().tolist()
    texts = ["", " ", "🙂🙂", "東京は晴れ", "word " * 10_000, *opinions[::150]]
    assert on_cuda.backend == "torch float16"
    expected = on_cpu.model.encode(texts, show_progress_bar=False)
    assert (on_cuda.encode(texts) * expected).sum(axis=1).min() >= 0.9999
    order = np.random.default_rng(0).permutation(len(texts))
    assert (on_cuda.encode([texts[row] for row in order]) * expected[order]).sum(axis=1).min() >= 0.9999


def test_products_are_in_half_precision_and_norms_are_not(cuda: Device, on_cuda: TextEncoder) -> None:
    on_cuda.warm_up()
    cuda.operations.clear()
    on_cuda.encode(["where is my card?"])

    def types(name: str) -> set[torch.dtype]:
        return {dtype for operation, taken in cuda.operations if operation == name for dtype in taken}

    assert types("addmm.default") == {torch.float16}
    assert types("native_layer_norm.default") == {torch.float32}
    assert types("linalg_vector_norm.default") == {torch.float32}


def test_weights_are_cast_once_for_many_batches(cuda: Device, on_cuda: TextEncoder) -> None:
    on_cuda.warm_up()

    def count(texts: list[str]) -> tuple[int, int]:
        cuda.operations.clear()
        on_cuda.encode(texts)
        names = [name for name, _ in cuda.operations]
        return names.count("_to_copy.default"), names.count("addmm.default")

    casts, products = count(["card " * 200])
    casts_of_three_batches, products_of_three = count([f"card {number} " * 200 for number in range(24)])
    assert products_of_three == 3 * products
    assert casts_of_three_batches < 2 * casts


def test_numbers_too_large_for_half_precision_are_computed_in_float32(
    cuda: Device, on_cpu: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steep(source: object) -> object:
        model = moved(on_cpu.model, "cuda:0")
        model[0].model.encoder.layer[5].output.dense.weight.inner.mul_(1e7)
        return model

    monkeypatch.setattr(encoders, "_load_model", steep)
    monkeypatch.delenv("ZETASCOPE_RUNTIME")
    assert load_encoder().backend == "torch float32"


def test_a_text_that_overflows_is_computed_again_in_float32(
    on_cpu: TextEncoder, on_cuda: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_cuda.backend == "torch float16"
    run = TorchBackend.run

    def overflowing(backend: TorchBackend, batches: Iterator[Batch], target: np.ndarray) -> None:
        run(backend, batches, target)
        if backend.precision == "float16":
            target[1] = np.inf

    monkeypatch.setattr(TorchBackend, "run", overflowing)
    texts = ["where is my card?", "I lost my card", "what is the exchange rate?"]
    np.testing.assert_allclose(on_cuda.encode(texts), on_cpu.encode(texts), atol=1e-3)


def test_a_gpu_that_works_is_used(cuda: Device) -> None:
    assert best_device() == "cuda"


def test_a_gpu_that_cannot_compute_is_not_used(cuda: Device, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def too_old(*arguments: object, **options: object) -> None:
        raise RuntimeError("CUDA error: no kernel image is available for execution on the device")

    monkeypatch.setattr(torch, "ones", too_old)
    assert best_device() == "cpu"
    assert "no kernel image" in caplog.text


def test_a_processor_alone_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert best_device() == "cpu"
