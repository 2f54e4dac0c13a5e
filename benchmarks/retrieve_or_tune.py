"""Retrieve or fine-tune? Ways of classifying on banking77 (customer questions with 77 intents).

    python -m benchmarks.retrieve_or_tune FOLDER             # the published protocol, the curve
    python -m benchmarks.retrieve_or_tune FOLDER --first     # the first answer of the page, and no more
    python -m benchmarks.retrieve_or_tune FOLDER --tune      # fine-tuning of 8 labels x 4 classes too

FOLDER holds train.csv and test.csv of banking77 (Casanueva et al. 2020, CC BY 4.0, published at
github.com/PolyAI-LDN/task-specific-datasets). The published figure is MTEB's: logistic regression (C = 1,
at most 100 steps) on the frozen all-MiniLM-L6-v2, 8 texts a class of train.csv, ten draws, all of test.csv:
80.04 %, 78.9 to 81.3.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.stats  # noqa: F401, as the page has it loaded
import sklearn.linear_model  # noqa: F401

from analytics.dashboard.pages.classify.choices import FIRST_DRAWS, FIRST_SHOTS, FIRST_WAYS
from analytics.progress import silent
from analytics.retrieval import compare_ways
from analytics.retrieval.tuning.heads import STRENGTH, fit_logistic
from analytics.retrieval.tuning.labelled import labelled_texts
from analytics.retrieval.tuning.material import Material
from analytics.retrieval.tuning.study import prepare_study, run_study
from analytics.retrieval.tuning.ways import UNTUNED, WAYS
from analytics.text import encode_cached, load_encoder, open_cache
from benchmarks.machine import processor

_PUBLISHED, _DRAWS, _SHOT = 80.04, 10, 8
_FOUR = 4


def vectors_of(texts: list[str]) -> np.ndarray:
    return encode_cached(load_encoder(), texts, store=open_cache(), role="document").vectors


def as_published(train: pd.DataFrame, test: pd.DataFrame, vectors: np.ndarray) -> None:
    """MTEB's protocol, with its strength of regularisation and with ours."""
    names, codes = np.unique(pd.concat([train["category"], test["category"]]), return_inverse=True)
    learnt, truth = vectors[: len(train)], codes[len(train) :]
    for strength in (1.0, STRENGTH):
        found = []
        for draw in range(_DRAWS):
            chance = np.random.default_rng(draw)
            rows = np.concatenate(
                [
                    chance.permutation(np.flatnonzero(codes[: len(train)] == code))[:_SHOT]
                    for code in range(len(names))
                ]
            )
            head = fit_logistic(learnt[rows], codes[rows], classes=len(names), strength=strength)
            found.append(100 * (head.probabilities(vectors[len(train) :]).argmax(axis=1) == truth).mean())
        print(
            f"frozen head, {_SHOT} a class, C = {strength:g}: {np.mean(found):.2f} % "
            f"({min(found):.1f} to {max(found):.1f}); published with C = 1: {_PUBLISHED} %"
        )


def first_answer(train: pd.DataFrame) -> None:
    """What stands between a press of Compare and the page's first sentence, vectors kept on disk."""
    start, clock = time.process_time(), time.perf_counter()
    data = labelled_texts(train["text"].tolist(), train["category"].tolist())
    read = time.process_time()
    vectors = vectors_of(list(data.texts))
    kept = time.process_time()
    study = prepare_study(data, ways=FIRST_WAYS, seeds=FIRST_DRAWS, vectors=vectors)
    found = run_study(study, ways=FIRST_WAYS, shots=FIRST_SHOTS)
    end = time.process_time()
    print(
        f"first answer on {len(data.texts):,} texts: {end - start:.1f} s of processor time, "
        f"{time.perf_counter() - clock:.1f} s by the clock (texts {read - start:.1f}, kept vectors "
        f"{kept - read:.1f}, ways {end - kept:.1f})"
    )
    print(f"  {found.answer()}")


def curve(train: pd.DataFrame, vectors: np.ndarray) -> None:
    start = time.process_time()
    found = compare_ways(train["text"], train["category"], ways=UNTUNED, vectors=vectors)
    print(found.answer())
    for one in (*[stopped.sentence() for stopped in found.stopped], *found.notes):
        print(f"  {one}")
    shown = found.points.assign(shot=found.points["labels a class"].round(1))
    print(shown.pivot(index="way", columns="shot", values="accuracy").mul(100).round(1).to_string())
    print(found.costs.drop(columns="note").dropna(axis=1, how="all").round(3).to_string(index=False))
    print(f"{time.process_time() - start:.1f} s of processor time")


def tune(train: pd.DataFrame, vectors: np.ndarray) -> None:
    """Eight labels of four classes: every way of fine-tuning beside the frozen head."""
    some = train["category"].isin(sorted(train["category"].unique())[10 : 10 + 10 * _FOUR : 10]).to_numpy()
    encoder = load_encoder()
    encoder.warm_up()
    few = train[some]
    _time_fits(few, vectors[some])
    for way in ("contrastive", "lora", "full"):
        found = compare_ways(
            few["text"],
            few["category"],
            ways=("head", way),
            shots=(_SHOT,),
            seeds=1,
            encoder=encoder,
            vectors=vectors[some],
        )
        costs = found.costs.iloc[-1]
        print(
            f"{way}: {costs['note']}; right {costs['accuracy']:.1%} against "
            f"{found.costs.iloc[0]['accuracy']:.1%}; general neighbours kept "
            f"{costs['general neighbours kept']:.0%}, agreement {costs['agreement before']:.3f} to "
            f"{costs['agreement with people']:.3f}"
        )
        print(f"  {found.answer()}")


def _time_fits(few: pd.DataFrame, vectors: np.ndarray) -> None:
    """What learning itself takes, without what is measured after it."""
    names, codes = np.unique(few["category"], return_inverse=True)
    rows = np.concatenate([np.flatnonzero(codes == code)[:_SHOT] for code in range(len(names))])
    material = Material(tuple(few["text"]), codes, len(names), vectors, load_encoder())
    for way in ("contrastive", "lora"):
        start, clock = time.process_time(), time.perf_counter()
        note = WAYS[way].fit(material, rows, 0, silent).note
        print(
            f"{way}, {_SHOT} x {_FOUR}: {time.process_time() - start:.0f} s of processor time, "
            f"{time.perf_counter() - clock:.0f} s by the clock; {note}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", action="store_true", help="seconds: the first answer of the page alone")
    parser.add_argument("--tune", action="store_true", help="minutes: fine-tuning too")
    chosen = parser.parse_args()
    print(processor())
    train, test = (pd.read_csv(chosen.folder / f"{part}.csv") for part in ("train", "test"))
    if chosen.first:
        first_answer(train)
        return
    vectors = vectors_of([*train["text"], *test["text"]])
    as_published(train, test, vectors)
    curve(train, vectors[: len(train)])
    if chosen.tune:
        tune(train, vectors[: len(train)])


if __name__ == "__main__":
    main()
