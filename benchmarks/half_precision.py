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
from unittest import mock

import numpy as np
import torch

from analytics.text import encoders, load_encoder
from benchmarks.text_map import read_banking
from tests.other_device import moved, other_device


def half_precision_vectors(model: object, texts: list[str]) -> np.ndarray:
    """Unit vectors (n, d) of an encoder whose ``model`` is on a graphics card."""
    torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True)
    with other_device("cuda:0"), mock.patch.object(encoders, "_load_model", lambda _: moved(model, "cuda:0")):
        encoder = load_encoder()
        assert encoder.backend == "torch float16"
        return encoder.encode(texts)


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
