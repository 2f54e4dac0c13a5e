"""Quality and speed of the packaged translator on its held-out sentences.

    python -m benchmarks.translation                     # the packaged model, all 2,000 sentences
    python -m benchmarks.translation --model FOLDER --limit 200 --beams 1

Scores are sacreBLEU's, with all French references of each English sentence: BLEU (13a tokens, mixed case)
and chrF2. sacrebleu is not needed by Zetascope itself: install it beside, ``pip install sacrebleu``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import torch

from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.translator.loading import Translator, load_translator
from training.corpus import Pair, read_heldout, without_capital, without_closing
from training.train import HELDOUT

TIMED = "I am learning how a machine can translate a long sentence today."
SHOWN = (
    "I love machine learning",
    "I love machine learning.",
    "i love machine learning",
    "The weather is nice today",
    "what is your name",
    "I don't know where he lives",
    "My sister wants to learn French",
    "Machine learning is difficult.",
)


def translate(translator: Translator, texts: list[str], *, beams: int, batch: int = 64) -> list[str]:
    """Translations of ``texts`` by transformers' own generate, in batches of about equally long texts."""
    ids = [[token.id for token in translator.vocabulary.encode(text)] for text in texts]
    order = sorted(range(len(texts)), key=lambda row: len(ids[row]))
    found: dict[int, str] = {}
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        inputs = _padded([ids[row] for row in rows], int(translator.config.pad_token_id))
        with torch.no_grad():
            outputs = translator.model.generate(**inputs, num_beams=beams, max_new_tokens=80)
        for row, output in zip(rows, outputs.tolist(), strict=True):
            found[row] = translator.vocabulary.decode(_until_end(output[1:], translator.end_id))
    return [found[row] for row in range(len(texts))]


def scores(translations: list[str], references: list[list[str]]) -> tuple[float, float]:
    """BLEU and chrF2 against any number of references a sentence."""
    try:
        import sacrebleu
    except ImportError:
        raise SystemExit("This benchmark scores with sacrebleu; run 'pip install sacrebleu'.") from None
    most = max(map(len, references))
    streams: list[list[str | None]] = [
        [row[place] if place < len(row) else None for row in references] for place in range(most)
    ]
    return (
        sacrebleu.BLEU().corpus_score(translations, streams).score,
        sacrebleu.CHRF().corpus_score(translations, streams).score,
    )


def stutters(text: str, references: Iterable[str] = ()) -> bool:
    """Whether two words in a row come again later, and in no reference."""
    return _repeats(text) and not any(map(_repeats, references))


def _repeats(text: str) -> bool:
    words = text.casefold().strip(" .!?").split()
    pairs = list(pairwise(words))
    return len(set(pairs)) < len(pairs)


def median_seconds(work: Any, *, rounds: int) -> float:
    """Median time of ``work()``, after one call that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _padded(rows: list[list[int]], pad: int) -> dict[str, torch.Tensor]:
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": mask}


def _until_end(ids: list[int], end: int) -> list[int]:
    return ids[: ids.index(end)] if end in ids else ids


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", help="model folder or Hub id; the packaged model when left out")
    parser.add_argument("--limit", type=int, help="only this many held-out sentences")
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    translator = load_translator(given.model)
    heldout = read_heldout(HELDOUT)
    english, references = list(heldout)[: given.limit], list(heldout.values())[: given.limit]
    print(f"{translator.name} ({translator.revision[:12]}), {len(english)} held-out sentences")
    for beams in given.beams:
        began = time.perf_counter()
        translations = translate(translator, english, beams=beams)
        seconds = time.perf_counter() - began
        bleu, chrf = scores(translations, references)
        print(f"  beams {beams}: BLEU {bleu:.2f}  chrF {chrf:.2f}  {len(english) / seconds:.0f} sentences/s")
    hurried = [without_capital(without_closing(Pair(text, ""))).english for text in english]
    for name, texts in (("as they are", english), ("without capital and closing mark", hurried)):
        answers = zip(translate(translator, texts, beams=1), references, strict=True)
        print(f"  {name}, greedy: {sum(stutters(*answer) for answer in answers)} of {len(texts)} stutter")
    for text in SHOWN:
        greedy, beam = (translate(translator, [text], beams=beams)[0] for beams in (1, 4))
        print(f"  {text!r} -> greedy {greedy!r}, beam {beam!r}")
    for strategy in ("greedy", "beam", "sample"):
        seconds = median_seconds(
            lambda chosen=strategy: trace_translation(TIMED, model=translator, strategy=chosen).checks,
            rounds=given.rounds,
        )
        print(f"  traced and checked, 12 words, {strategy}: {seconds:.2f} s")


if __name__ == "__main__":
    main()
