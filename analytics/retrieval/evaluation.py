"""How good finding is: questions whose answers are known, asked by every method, with intervals."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.progress import Progress, silent
from analytics.retrieval.index import Index
from analytics.retrieval.questions import Questions
from analytics.retrieval.retrieving import METHODS, ranking_of, rankings
from analytics.text.arguments import check_whole
from analytics.words import count

_DRAWS = 4_000  # of weights: beyond an end lie the 2.5 % it stands for, give or take 0.25
_CONFIDENCE = 95
_EQUAL = 1e-9  # of nDCG: sums of the same gains in another order differ by less
FEWEST_DIFFERENT = 6
"""Questions on which two ways differ: even five that one wins by all there is leave the other its chance."""
_DEPTH = 100  # documents of each ranking that are measured, as trec_eval's habit is
_CUTS = (1, 3, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Mean:
    """A mean over questions with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True)
class Difference:
    """``a`` minus ``b`` on the same questions, and how many of them each of the two wins."""

    a: str
    b: str
    difference: Mean
    won: int
    lost: int
    equal: int

    def sentence(self) -> str:
        """Which is ahead, as far as these questions can tell."""
        gap = self.difference
        if gap.value < 0:
            turned = Mean(-gap.value, -gap.high, -gap.low)
            return Difference(self.b, self.a, turned, self.lost, self.won, self.equal).sentence()
        verdict = (
            f"{self.a} is ahead of {self.b}" if gap.low > 0 else f"{self.a} and {self.b} cannot be told apart"
        )
        return (
            f"{verdict}: nDCG differs by {gap.value:.3f} ({gap.low:+.3f} to {gap.high:+.3f}); {self.a} wins "
            f"{self.won}, loses {self.lost} and ties {self.equal}.{self._too_few()}"
        )

    def _too_few(self) -> str:
        if self.won + self.lost >= FEWEST_DIFFERENT:
            return ""
        return f" To say more, they must differ on {FEWEST_DIFFERENT} questions at least."


@dataclass(frozen=True)
class Evaluation:
    """What every method reaches on q questions.

    Attributes:
        each: (q x methods, ...) one line per question and method: question, method, answers, and measures.
        measures: by method and measure, the mean with its interval.
        differences: every pair of methods by nDCG.
        seconds: by method, the median time of one question, without reading it by the model.
        encoding: the median time of reading a question.
        bytes: by method, the memory that it searches in.
        k: of nDCG, and of recall.
    """

    each: pd.DataFrame
    measures: Mapping[str, Mapping[str, Mean]]
    differences: tuple[Difference, ...]
    seconds: Mapping[str, float]
    encoding: float
    bytes: Mapping[str, int]
    k: int
    notes: tuple[str, ...]

    @property
    def best(self) -> str:
        """The method with the greatest nDCG."""
        return max(self.measures, key=lambda name: self.measures[name][f"nDCG@{self.k}"].value)

    def answer(self) -> str:
        """The result in one sentence."""
        others = [one for one in self.differences if self.best in (one.a, one.b)]
        unsure = [
            (one.b if one.a == self.best else one.a)
            for one in others
            if one.difference.low <= 0 <= one.difference.high
        ]
        value = self.measures[self.best][f"nDCG@{self.k}"]
        asked = count(self.each["question"].nunique(), "question")
        if not others:
            return f"On {asked} {self.best} reaches nDCG@{self.k} {value}."
        end = f"; it cannot be told from {' and '.join(unsure)}" if unsure else ", ahead of the others"
        return f"On {asked} {self.best} finds best, nDCG@{self.k} {value}{end}."

    def to_frame(self) -> pd.DataFrame:
        """One line a method and measure: mean, low, high."""
        return pd.DataFrame(
            [
                {"method": method, "measure": name, "mean": one.value, "low": one.low, "high": one.high}
                for method, found in self.measures.items()
                for name, one in found.items()
            ]
        )

    def by_breadth(self) -> pd.DataFrame:
        """nDCG of narrow and of broad questions, told apart at the median of how many rows answer them.

        Empty where every question has as many answers.
        """
        counts = self.each["answers"]
        if counts.nunique() < 2:
            return pd.DataFrame(columns=["method", "kind", "questions", "mean"])
        middle = self.each.drop_duplicates("question")["answers"].median()
        kinds = np.where(counts > middle, "broad", "narrow")
        grouped = self.each.groupby(["method", kinds], sort=False)[f"nDCG@{self.k}"].agg(["size", "mean"])
        return grouped.reset_index().set_axis(["method", "kind", "questions", "mean"], axis=1)

    def by_cut(self) -> pd.DataFrame:
        """Recall of each method by how many documents are taken: method, k, recall."""
        return pd.DataFrame(
            [
                {"method": method, "k": cut, "recall": float(part[f"R@{cut}"].mean())}
                for method, part in self.each.groupby("method", sort=False)
                for cut in _CUTS
            ]
        )


def evaluate(
    questions: Questions,
    index: Index,
    *,
    methods: Sequence[str] = METHODS,
    k: int = 10,
    seed: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every question by every method, and measure where the documents that answer it stand.

    A document's rank is that of its best passage. nDCG, recall and reciprocal rank are ``ir-measures``'
    (trec_eval's definitions); a question that finds nothing counts as 0. Intervals hold for every law of such
    measures, rare large differences included, and are wide where questions are few; differences are those of
    the same questions, and none is told where fewer than six questions differ.

    Raises:
        ZetascopeError: an unknown method, no questions, answers that are no documents of the index, or a
            ``k`` that is no whole number of 1 or more.
    """
    check_whole(k, name="k", least=1)
    _check_methods(methods)
    notes = check_answers(questions, index)
    found = _ask(questions, index, methods, progress or silent)
    each = _measured(questions, found.documents, k)
    return Evaluation(
        each=each,
        measures=_means(each, methods, k, seed),
        differences=_differences(each, methods, k, seed),
        seconds={name: float(np.median(taken)) for name, taken in found.seconds.items()},
        encoding=float(np.median(found.encoding)),
        bytes={name: _bytes(index, name) for name in methods},
        k=k,
        notes=(*questions.notes, *notes),
    )


def _check_methods(methods: Any) -> None:
    listed = isinstance(methods, Sequence) and not isinstance(methods, str)
    if not listed or not methods or any(name not in METHODS for name in methods):
        said = ", ".join(map(str, methods)) or "none" if listed else repr(methods)
        raise ZetascopeError(f"Methods are a list of {', '.join(METHODS)}; given: {said}.")


def check_answers(questions: Any, index: Any) -> list[str]:
    """What has to be said of answers that cannot be found.

    Raises:
        ZetascopeError: no questions, or answers that are no documents of the index.
    """
    if not isinstance(questions, Questions) or not isinstance(index, Index):
        raise ZetascopeError("To measure takes questions (questions_of_frame) and an index (build_index).")
    if not questions.texts:
        raise ZetascopeError("There is no question to ask: bring some with the documents that answer them.")
    last = len(index.documents)
    beyond = next((place for found in questions.answers for place in found if not 0 <= place < last), None)
    if beyond is not None:
        raise ZetascopeError(
            f"A question is answered by document {beyond + 1:,}, and there are {last:,}: bring the questions "
            "of these documents."
        )
    empty = index.passages.sizes == 0
    lost = sum(all(empty[place] for place in found) for found in questions.answers)
    return [f"{count(lost, 'question')} can find nothing: what answers has no text."] if lost else []


@dataclass(frozen=True)
class _Found:
    documents: dict[tuple[int, str], list[int]]
    seconds: dict[str, list[float]]
    encoding: list[float]


def _ask(questions: Questions, index: Index, methods: Sequence[str], progress: Progress) -> _Found:
    found = _Found({}, {name: [] for name in methods}, [])
    for number, question in enumerate(questions.texts):
        progress(number, len(questions.texts))
        start = time.perf_counter()
        vector = index.encoder.encode([question], role="query")[0]
        found.encoding.append(time.perf_counter() - start)
        for name in methods:
            start = time.perf_counter()
            ranked = rankings(question, index, vector=vector, methods=_needed(name))
            owners = index.passages.owners[ranking_of(ranked, name)]
            found.documents[number, name] = list(dict.fromkeys(owners.tolist()))[:_DEPTH]
            found.seconds[name].append(time.perf_counter() - start)
    return found


def _needed(method: str) -> tuple[str, ...]:
    return ("words", "vectors") if method == "hybrid" else (method,)


def _bytes(index: Index, method: str) -> int:
    sizes = {"words": index.words.bytes, "vectors": index.vectors.bytes}
    return sum(sizes[name] for name in _needed(method))


def _measured(questions: Questions, documents: Mapping[tuple[int, str], list[int]], k: int) -> pd.DataFrame:
    """One line a question and method with its measures."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    measures = [nDCG @ k, RR, *(R @ cut for cut in sorted({k, *_CUTS}))]
    judged = [
        ir_measures.Qrel(str(number), str(document), 1)
        for number, answers in enumerate(questions.answers)
        for document in answers
    ]
    lines: dict[tuple[int, str], dict[str, float]] = {}
    for name in dict.fromkeys(method for _, method in documents):
        run = [
            ir_measures.ScoredDoc(str(number), str(document), -float(rank))
            for (number, method), ranked in documents.items()
            if method == name
            for rank, document in enumerate(ranked)
        ]
        for one in ir_measures.iter_calc(measures, judged, run):
            lines.setdefault((int(one.query_id), name), {})[str(one.measure)] = float(one.value)
    made = [
        {
            "question": number,
            "text": questions.texts[number],
            "method": name,
            "answers": len(questions.answers[number]),
            **{str(measure): lines.get((number, name), {}).get(str(measure), 0.0) for measure in measures},
        }
        for number, name in documents
    ]
    return pd.DataFrame(made)


def mean_of(values: np.ndarray, *, least: float, most: float, seed: int = 0) -> Mean:
    """The mean of ``values`` (q,) that lie from ``least`` to ``most``, with an interval that holds for every
    law of such values (Gaffke 2005): the weights of the values are drawn evenly, and a further question that
    nobody asked has the least value for the lower end and the most for the upper one.

    Of shares it is Clopper and Pearson's (1934). Resamples of the questions asked, and choices of the signs
    of their differences, know nothing of rare large ones: of 20 questions they missed the mean in 0.15.
    """
    each, counts = np.unique(values, return_counts=True)
    weights = np.random.default_rng(seed).standard_gamma([*counts, 1.0], (_DRAWS, len(each) + 1))
    weights /= weights.sum(axis=1, keepdims=True)
    known, unknown = weights[:, :-1] @ each, weights[:, -1]
    tail = (100 - _CONFIDENCE) / 2
    low = float(np.percentile(known + least * unknown, tail))
    high = float(np.percentile(known + most * unknown, 100 - tail))
    mean = float(values.mean())
    return Mean(mean, max(min(low, mean), least), min(max(high, mean), most))


def _means(each: pd.DataFrame, methods: Sequence[str], k: int, seed: int) -> dict[str, dict[str, Mean]]:
    names = [f"nDCG@{k}", "RR", f"R@{k}", "R@100"]
    return {
        method: {
            name: mean_of(each.loc[each["method"] == method, name].to_numpy(), least=0, most=1, seed=seed)
            for name in dict.fromkeys(names)
        }
        for method in methods
    }


def _differences(each: pd.DataFrame, methods: Sequence[str], k: int, seed: int) -> tuple[Difference, ...]:
    table = each.pivot(index="question", columns="method", values=f"nDCG@{k}")
    return tuple(
        paired(a, b, (table[a] - table[b]).to_numpy(), seed=seed) for a, b in combinations(methods, 2)
    )


def paired(a: str, b: str, gap: np.ndarray, *, seed: int = 0) -> Difference:
    """``a`` less ``b``: the gap of every question (q,) from -1 to 1, and the interval of their mean."""
    won, lost = int((gap > _EQUAL).sum()), int((gap < -_EQUAL).sum())
    mean = mean_of(gap, least=-1, most=1, seed=seed)
    return Difference(a, b, mean, won, lost, len(gap) - won - lost)
