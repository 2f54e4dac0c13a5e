"""Which ways cannot win any more, so that nobody waits for them."""

from math import log2

from analytics.retrieval.tuning.curve import LearningCurve, Stopped
from analytics.retrieval.tuning.splits import ALL
from analytics.retrieval.tuning.ways import WAYS

_FARTHEST = 2.0
"""Doublings of the labels that a course is followed at most: beyond two it is a guess."""


_MATTERS = 0.01
"""Less than a point behind at the end is as good for most uses, and is measured to the end."""


def stopped_after(curve: LearningCurve, shot: int, *, tunes: bool, last: int) -> tuple[Stopped, ...]:
    """The ways that were behind at the last two numbers of labels and, on this course, stay so to the end.

    Behind: the interval of the difference to the best way lies below zero. ``last``: the most labels to come.
    """
    measured = [one for one in curve.shots if one != ALL and one <= shot]
    if shot in (ALL, last) or len(measured) < 2:
        return ()
    before = measured[-2]
    doublings = log2(curve.data.sizes.mean() * 0.75 / shot) if last == ALL else log2(last / shot)
    if doublings > _FARTHEST:
        return ()
    gone = {one.way for one in curve.stopped}
    judged = [_judged(curve, way, before, shot, doublings) for way in curve.ways
              if WAYS[way].tunes is tunes and way not in gone]  # fmt: skip
    return tuple(one for one in judged if one is not None)


def _judged(curve: LearningCurve, way: str, before: int, shot: int, doublings: float) -> Stopped | None:
    best = curve.best(shot, curve.ways)
    if best is None or best == way:
        return None
    then, now = curve.difference(way, best, before), curve.difference(way, best, shot)
    if then is None or now is None or not (then.below_zero and now.below_zero):
        return None
    pace = (now.mean - then.mean) / log2(shot / before)
    expected = now.mean + max(pace, 0.0) * doublings
    # The end of the interval, not its middle, must stay behind.
    if expected + (now.high - now.mean) >= 0 or expected > -_MATTERS:
        return None
    return Stopped(way, shot, best, -100 * now.mean, -100 * expected)
