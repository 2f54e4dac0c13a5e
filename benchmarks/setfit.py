"""Contrastive fine-tuning beside SetFit itself: the same texts, labels, encoder and number of pairs.

    python -m benchmarks.setfit FILE --setfit-python PYTHON [--labels 8] [--draws 5] [--asked 500]

FILE has columns text and label (whole numbers). PYTHON is that of an environment with setfit (1.1.3 needs
``transformers<5``). Each draw takes so many texts a class to learn from and others to be asked about; both
sides tune a copy of the packaged encoder on 20 pairs of each kind a text, as SetFit's paper does (Tunstall
et al., arXiv 2209.11055), and end in logistic regression. They take turns, ours first in every other draw.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analytics.progress import silent
from analytics.retrieval.tuning.material import Material
from analytics.retrieval.tuning.training import load_libraries
from analytics.retrieval.tuning.ways import WAYS
from analytics.text import encode_cached, load_encoder, open_cache
from analytics.text.model_files import PACKAGED_NAME, find_model
from benchmarks.machine import processor

_ITERATIONS = 20
_PEER = Path(__file__).with_name("setfit_peer.py")


class Peer:
    """SetFit in a process of its own, which is asked a line at a time."""

    def __init__(self, python: str) -> None:
        self._process = subprocess.Popen(
            [python, "-P", str(_PEER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def draw(codes: np.ndarray, labels: int, asked: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Places to learn from, ``labels`` a class, and ``asked`` others."""
    chance = np.random.default_rng(seed)
    learnt = np.concatenate(
        [chance.permutation(np.flatnonzero(codes == code))[:labels] for code in np.unique(codes)]
    )
    others = np.setdiff1d(np.arange(len(codes)), learnt)
    return learnt, chance.permutation(others)[:asked]


def shown(name: str, found: list[float], seconds: list[float]) -> str:
    return (
        f"{name}: {np.mean(found):.1f} % right, spread {np.std(found, ddof=1):.1f} "
        f"({min(found):.1f} to {max(found):.1f}), {np.median(seconds):.0f} s of processor time"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--setfit-python", required=True)
    parser.add_argument("--labels", type=int, default=8)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--asked", type=int, default=500)
    chosen = parser.parse_args()
    print(processor())
    load_libraries()
    table = pd.read_csv(chosen.file, dtype=str).dropna().drop_duplicates("text")
    table = table[table["label"].str.fullmatch(r"\d+")]  # a review cut in two has words there
    texts, codes = table["text"].tolist(), table["label"].astype(int).to_numpy()
    encoder, peer = load_encoder(), Peer(chosen.setfit_python)
    version, right, spent = "", {"ours": [], "setfit": [], "head": []}, {"ours": [], "setfit": [], "head": []}
    for seed in range(chosen.draws):
        learnt, asked = draw(codes, chosen.labels, chosen.asked, seed)
        for side in ("ours", "setfit", "head") if seed % 2 else ("setfit", "ours", "head"):
            if side == "setfit":
                answer = peer.ask(
                    {
                        "encoder": find_model(PACKAGED_NAME).location,
                        "texts": [texts[place] for place in learnt],
                        "labels": codes[learnt].tolist(),
                        "asked": [texts[place] for place in asked],
                        "seed": seed,
                        "iterations": _ITERATIONS,
                    }
                )
                labels, seconds, version = np.array(answer["labels"]), answer["seconds"], answer["version"]
            else:
                labels, seconds = ours(texts, codes, learnt, asked, encoder, side, seed)
            right[side].append(100 * (labels == codes[asked]).mean())
            spent[side].append(seconds)
        print(
            f"  draw {seed}: " + ", ".join(f"{side} {of[-1]:.1f}" for side, of in right.items()), flush=True
        )
    print(shown(f"setfit {version}", right["setfit"], spent["setfit"]))
    print(shown("ours", right["ours"], spent["ours"]))
    print(shown("frozen head", right["head"], spent["head"]))
    difference = np.subtract(right["ours"], right["setfit"])
    half = stats.t.ppf(0.975, len(difference) - 1) * stats.sem(difference)
    least, most = difference.mean() - half, difference.mean() + half
    print(f"ours - setfit: {difference.mean():+.1f} points ({least:+.1f} to {most:+.1f})")


def ours(
    texts: list[str],
    codes: np.ndarray,
    learnt: np.ndarray,
    asked: np.ndarray,
    encoder: Any,
    side: str,
    seed: int,
) -> tuple[np.ndarray, float]:
    places = np.concatenate([learnt, asked])
    chosen = [texts[place] for place in places]
    vectors = encode_cached(encoder, chosen, store=open_cache(), role="document").vectors
    material = Material(tuple(chosen), codes[places], int(codes.max()) + 1, vectors, encoder)
    start = time.process_time()
    fitted = WAYS["contrastive" if side == "ours" else side].fit(
        material, np.arange(len(learnt)), seed, silent
    )
    seconds = time.process_time() - start
    return fitted.probabilities(np.arange(len(learnt), len(places))).argmax(axis=1), seconds


if __name__ == "__main__":
    main()
