"""The answer in one sentence: what to do with the labels there are, and when that would change."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from analytics.retrieval.tuning.measures import Interval
from analytics.retrieval.tuning.splits import ALL
from analytics.retrieval.tuning.ways import TUNED, UNTUNED, WAYS
from analytics.words import count

if TYPE_CHECKING:
    from analytics.retrieval.tuning.curve import LearningCurve

_REMEMBERING = tuple(name for name in UNTUNED if WAYS[name].remembers)
_UNKNOWN = 0.05  # an interval of more than five points to either side says nothing useful
_FITTED = tuple(name for name in UNTUNED if not WAYS[name].remembers)


def answer_of(curve: LearningCurve) -> str:
    """One sentence, with numbers; see ``LearningCurve.answer``."""
    said = _compared(curve)
    shot, sizes = curve.shots[-1], curve.data.sizes
    best, commonest = curve.best(shot, curve.ways), sizes.max() / sizes.sum()
    found = curve.accuracy(best, shot) if best else None
    if found is None or found.low > commonest:
        return said
    return (
        f"{said.removesuffix('.')}; no way is clearly better than always guessing the commonest label, "
        f"{100 * commonest:.1f}% right."
    )


def _compared(curve: LearningCurve) -> str:
    tuned = [shot for shot in curve.shots if curve.best(shot, TUNED) and curve.best(shot, UNTUNED)]
    if tuned:
        return _with_tuning(curve, tuned)
    both = [shot for shot in curve.shots if curve.best(shot, _REMEMBERING) and curve.best(shot, _FITTED)]
    if both:
        return _without_tuning(curve, both)
    shot = curve.shots[-1]
    best = curve.best(shot, curve.ways)
    assert best is not None  # there is a trial in every curve
    share = _share(curve.accuracy(best, shot))
    return f"With {_labels(curve, shot)}, {_named(best)} is right for {share} of texts."


def _without_tuning(curve: LearningCurve, shots: list[int]) -> str:
    said = _contest(curve, shots, _REMEMBERING, _FITTED)
    asked = WAYS["retrieval"].label.lower()
    return f"{said}; {_change(curve, shots, _REMEMBERING, _FITTED, asked, _named('head'))}."


def _with_tuning(curve: LearningCurve, shots: list[int]) -> str:
    shot = shots[-1]
    tuned, plain = curve.best(shot, TUNED), curve.best(shot, UNTUNED)
    assert tuned and plain  # both are measured there
    costs = [part for part in (_cost(curve, tuned, plain, shot), _loss(curve, tuned, shot)) if part]
    said = _contest(curve, shots, TUNED, UNTUNED)
    change = _change(curve, shots, TUNED, UNTUNED, "fine-tuning", "what needs none")
    return f"{said}, and fine-tuning {' and '.join(costs)}; {change}."


def _contest(curve: LearningCurve, shots: list[int], ways: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Who is right more often with the most labels, by how much."""
    shot = shots[-1]
    one, two = curve.best(shot, ways), curve.best(shot, others)
    assert one and two  # both are measured there
    if curve.best(shot, (one, two)) == two:
        one, two = two, one
    between = curve.difference(one, two, shot)
    share, other = (_share(curve.accuracy(way, shot)) for way in (one, two))
    verdict = _verdict(curve, (one,), (two,), shot)
    if verdict:
        said = f"{_named(one)} is ahead of {_named(two)}, {share} right against {other}"
    elif between is None or not between.high - between.mean <= _UNKNOWN:  # of one draw there is no interval
        said = f"{_named(one)} and {_named(two)} cannot be told apart yet, {share} and {other} right"
    else:
        said = f"{_named(one)} and {_named(two)} are as good, {share} and {other} right"
    return f"With {_labels(curve, shot)}, {said} ({_points(between)})"


def _verdict(curve: LearningCurve, ways: tuple[str, ...], others: tuple[str, ...], shot: int) -> int:
    """1 where the best of ``ways`` is ahead of the best of ``others``, -1 where behind, 0 where unclear."""
    way, other = curve.best(shot, ways), curve.best(shot, others)
    between = curve.difference(way, other, shot) if way and other else None
    if between is None or not isfinite(between.low):
        return 0
    return 1 if between.above_zero else -1 if between.below_zero else 0


def _change(
    curve: LearningCurve,
    shots: list[int],
    ways: tuple[str, ...],
    others: tuple[str, ...],
    first: str,
    second: str,
) -> str:
    """With how many labels the answer is another one."""
    verdicts = [_verdict(curve, ways, others, shot) for shot in shots]
    if len(shots) == 1:
        return "other numbers of labels are not measured"
    other = [place for place, verdict in enumerate(verdicts) if verdict != verdicts[-1]]
    if not other:
        return f"that holds for every number of labels measured, from {shots[0]} a class on"
    place = other[-1]
    word = {1: f"{first} is ahead", 0: "neither is clearly ahead", -1: f"{second} is ahead"}[verdicts[place]]
    return f"with {count(shots[place], 'label')} a class {word}"


def _cost(curve: LearningCurve, tuned: str, plain: str, shot: int) -> str:
    one, two = (_median(curve, way, shot, "train_seconds") for way in (tuned, plain))
    if two < 1e-3:
        return f"takes {one:,.0f} s to train where the other takes none"
    return f"takes {one / two:,.0f} times as long to train"


def _loss(curve: LearningCurve, tuned: str, shot: int) -> str:
    kept = _median(curve, tuned, shot, "neighbours")
    return f"loses {100 * (1 - kept):.0f}% of its general neighbours" if isfinite(kept) else ""


def _median(curve: LearningCurve, way: str, shot: int, figure: str) -> float:
    return float(np.median([getattr(trial, figure) for trial in curve.by_cell[way, shot].values()]))


def _labels(curve: LearningCurve, shot: int) -> str:
    number = curve.labels_a_class(shot)
    shown = f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"
    said = f"{shown} label{'' if shown == '1' else 's'} a class"
    return f"your {said}" if shot == ALL else said


def _named(way: str) -> str:
    label = WAYS[way].label
    return label if way == "lora" else f"the {label.lower()}" if way == "head" else label.lower()


def _share(found: Interval | None) -> str:
    assert found is not None  # it was measured
    return f"{100 * found.mean:.1f}%"


def _points(between: Interval | None) -> str:
    assert between is not None  # both were measured on the same draws
    if not isfinite(between.low):
        return f"difference {_signed(between.mean)} points, of one draw"
    low, high = _signed(between.low), _signed(between.high)
    return f"difference {_signed(between.mean)} points, {low} to {high}"


def _signed(share: float) -> str:
    # No negative zero.
    return f"{round(100 * share, 1) + 0.0:+.1f}".replace("-", "−")
