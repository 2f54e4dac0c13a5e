"""A memory of sentence pairs beside the packaged translator: what it gains, what it costs, what it spoils.

``python -m benchmarks.translation_memory PAIRS KEPT`` takes two files of English-French pairs, gzipped and
tab-separated: those to remember, and those to score on. benchmarks/README.md quotes Multi30k: the first
pairs of ``train.tsv.gz``, and ``val.tsv.gz``. Everyday sentences are ``training/heldout.json``. Greedy.
"""

import argparse
import gzip
import random
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import torch

from analytics.memory import PeakMemory
from analytics.transformer import load_translator
from analytics.transformer.memory.nearest import Keys, nearest
from analytics.transformer.memory.pairs import Encoded, as_pairs, sort_out
from analytics.transformer.memory.store import Memory
from analytics.transformer.memory.tuning import LORA_RATE, Tuning, blended, tuned
from analytics.transformer.memory.writing import write_all
from analytics.transformer.translator.loading import Translator
from benchmarks.translation import HELDOUT, scores
from training.corpus import read_heldout, read_pairs, without_heldout


def read_tsv(path: Path, most: int) -> list[list[str]]:
    """The first pairs of a gzipped file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t")[:2] for line, _ in zip(lines, range(most), strict=False)]


def search_seconds(entries: int, width: int, *, steps: int = 20) -> float:
    """Processor time of as many searches as a sentence of 12 words has pieces, on random states."""
    rng = np.random.default_rng(0)
    keys = Keys.of(rng.standard_normal((entries, width), dtype=np.float32).astype(np.float16))
    queries = rng.standard_normal((steps, 1, width), dtype=np.float32)
    began = time.process_time()
    for query in queries:
        nearest(keys, query, count=16)
    return time.process_time() - began


def _encoded(rows: Sequence[Sequence[str]], translator: Translator) -> list[Encoded]:
    return sort_out(as_pairs([row[0] for row in rows], [row[1] for row in rows]), translator=translator)[0]


def _everyday_learned(archive: Path, most: int) -> list[list[str]]:
    """Pairs that the packaged model was trained on, drawn at random."""
    pairs = without_heldout(read_pairs(archive), read_heldout(HELDOUT))
    return [[one.english, one.french] for one in random.Random(0).sample(pairs, most)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("kept", type=Path)
    parser.add_argument("--remember", type=int, nargs="*", default=[5_000, 29_000])
    parser.add_argument("--limit", type=int, default=300, help="sentences of each kind to score on")
    parser.add_argument("--weights", nargs="+", default=["adaptive", "0.3"])
    parser.add_argument("--temperature", type=float)
    parser.add_argument("--tune", type=int, default=0, help="fine-tune on so many pairs, which takes long")
    parser.add_argument("--mix", type=int, nargs="+", default=[0], help="everyday pairs mixed in")
    parser.add_argument("--tatoeba", type=Path, help="fra-eng.zip of www.manythings.org/anki, for --mix")
    parser.add_argument("--rank", type=int, nargs="+", default=[0], help="of LoRA; 0 tunes all weights")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--keep", type=float, nargs="+", default=[0.0, 0.3, 0.4, 0.5])
    given = parser.parse_args()
    torch.set_num_threads(1)
    translator = load_translator()

    captions = read_tsv(given.kept, given.limit)
    everyday = list(read_heldout(HELDOUT).items())
    everyday = random.Random(0).sample(everyday, min(given.limit, len(everyday)))
    tests: dict[str, tuple[list[Encoded], list[list[str]]]] = {}
    for name, rows in (
        ("captions", [(source, [target]) for source, target in captions]),
        ("everyday", everyday),
    ):
        pairs = as_pairs([row[0] for row in rows], [row[1][0] for row in rows])
        kept, _ = sort_out(pairs, translator=translator)
        tests[name] = kept, [rows[one.pair.row - 1][1] for one in kept]

    def score(memory: Memory | None, weight: str, *, used: Translator = translator) -> str:
        parts = []
        for name, (encoded, references) in tests.items():
            began = time.process_time()
            said = write_all(
                encoded,
                translator=used,
                memory=memory,
                weight=weight if weight == "adaptive" else float(weight),
            )
            took = (time.process_time() - began) / len(encoded)
            bleu, chrf = scores(said, references)
            parts.append(f"{name} {bleu:.1f} BLEU {chrf:.1f} chrF ({1000 * took:.0f} ms a sentence)")
        return ", ".join(parts)

    print(f"{len(captions)} captions, {len(everyday)} everyday sentences; processor time of one thread")
    print(f"  the model alone: {score(None, 'adaptive')}", flush=True)
    for most in given.remember:
        rows = read_tsv(given.pairs, most)
        began = time.process_time()
        memory = Memory.from_pairs(
            [row[0] for row in rows], [row[1] for row in rows], translator=translator
        ).asked(temperature=given.temperature)
        made = time.process_time() - began
        print(f"{most:,} pairs: {len(memory):,} entries, {memory.bytes / 1e6:.0f} MB, made in {made:.0f} s")
        print(f"  {np.round(memory.weighing.coefficients, 2)} from {memory.weighing.steps} steps", flush=True)
        for weight in given.weights:
            print(f"  weight {weight}: {score(memory, weight)}", flush=True)
    for mixed, rank in product(given.mix if given.tune else (), given.rank):
        began = time.process_time()
        with PeakMemory() as peak:
            new = tuned(
                _encoded(read_tsv(given.pairs, given.tune), translator),
                translator=translator,
                tuning=Tuning(epochs=given.epochs, keep=0, rank=rank, rate=LORA_RATE if rank else 3e-4),
                everyday=_encoded(_everyday_learned(given.tatoeba, mixed), translator) if mixed else (),
            )
        took = time.process_time() - began
        what = f"LoRA of rank {rank}" if rank else "all weights"
        about = f"{given.tune:,} pairs and {mixed:,} everyday ones, {given.epochs} epochs, {what}"
        print(f"fine-tuned on {about}: {took:.0f} s, {peak.bytes / 1e6:.0f} MB more at most")
        for keep in given.keep:
            used = blended(new, translator, keep=keep)
            print(f"  {keep:g} of the old weights kept: {score(None, 'adaptive', used=used)}", flush=True)
    width = int(translator.config.d_model)
    print(f"500,000 entries, 20 steps: {search_seconds(500_000, width):.2f} s of search")


if __name__ == "__main__":
    main()
