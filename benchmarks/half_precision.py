"""How far half precision on CUDA takes the vectors from float32, measured without a graphics card.

    python -m benchmarks.half_precision FOLDER

FOLDER is that of ``benchmarks.text_map``. PyTorch casts as it does for CUDA, and the processor computes the
products in half precision, attention and its softmax too; the tests' stand-in for a card does this. It says
nothing of speed. With a card, ``python -m benchmarks.text_map`` measures both on the card itself.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from analytics.text import load_encoder
from analytics.text.batches import blocks, length_order, tokenized_batches
from analytics.text.encoders import unit_rows
from analytics.text.torch_backend import TorchBackend
from benchmarks.text_map import read_banking
from tests.other_device import moved, other_device


def half_precision_vectors(model: object, texts: list[str]) -> np.ndarray:
    """Unit vectors (n, d) as CUDA's casts make them."""
    torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True)
    vectors = np.empty((len(texts), model.get_embedding_dimension()), np.float32)
    order = length_order(texts)
    with other_device("cuda:0") as device:
        backend = TorchBackend(moved(model, "cuda:0"), precision="float16")
        for block in blocks(np.array([len(texts[row]) for row in order])):
            part = np.empty((len(order[block]), vectors.shape[1]), np.float32)
            chosen = [texts[row] for row in order[block]]
            backend.run(tokenized_batches(model.preprocess, chosen), part)
            vectors[order[block]] = part
            device.operations.clear()
    return unit_rows(vectors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    texts = read_banking(parser.parse_args().folder)["text"].tolist()
    encoder = load_encoder(backend="torch-float32")
    expected = encoder.encode(texts)
    start = time.perf_counter()
    cosine = (half_precision_vectors(encoder.model, texts) * expected).sum(axis=1)
    print(f"{len(texts):,} texts in {time.perf_counter() - start:.0f} s", end="; ")
    print(f"cosine to float32: worst {cosine.min():.7f}, mean {cosine.mean():.7f}")
    print(f"the worst text: {texts[int(cosine.argmin())]!r}")


if __name__ == "__main__":
    main()
