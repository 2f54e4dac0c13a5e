"""What a comparison found: the learning curve with intervals, differences, costs."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.retrieval.tuning.answers import answer_of
from analytics.retrieval.tuning.labelled import LabelledTexts
from analytics.retrieval.tuning.measures import Interval, interval, share_interval
from analytics.retrieval.tuning.splits import ALL
from analytics.retrieval.tuning.trials import Trial
from analytics.retrieval.tuning.ways import WAYS
from analytics.words import count


@dataclass(frozen=True)
class Stopped:
    """A way that is not measured with more labels: by how much it was behind whom, in points, and where."""

    way: str
    shot: int
    best: str
    behind: float
    expected: float

    def sentence(self) -> str:
        """Why it was stopped."""
        way, best = WAYS[self.way].label, WAYS[self.best].label
        return (
            f"{way} was stopped at {count(self.shot, 'label')} a class: {self.behind:.1f} points behind "
            f"{best.lower()}, and on this course still {self.expected:.1f} behind with all labels."
        )


@dataclass(frozen=True)
class LearningCurve:
    """Every trial, and what follows from them.

    Attributes:
        data: the texts that were compared, with what was left out.
        trials: one for each way, number of labels a class and draw.
        stopped: ways that cannot win any more.
        notes: what else has to be said.
    """

    data: LabelledTexts = field(repr=False)
    trials: tuple[Trial, ...] = field(repr=False)
    stopped: tuple[Stopped, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def by_cell(self) -> dict[tuple[str, int], dict[int, Trial]]:
        """The trials of each way and number of labels, by draw."""
        cells: dict[tuple[str, int], dict[int, Trial]] = {}
        for trial in self.trials:
            cells.setdefault((trial.way, trial.shot), {})[trial.seed] = trial
        return cells

    @property
    def shots(self) -> tuple[int, ...]:
        """The numbers of labels a class that were measured, all of them last."""
        return tuple(sorted({trial.shot for trial in self.trials}, key=lambda shot: (shot == ALL, shot)))

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways that were measured, in the order of their table."""
        there = {trial.way for trial in self.trials}
        return tuple(way for way in WAYS if way in there)

    def labels_a_class(self, shot: int) -> float:
        """How many texts a class learns from on average."""
        some = [trial.labels for trial in self.trials if trial.shot == shot]
        return sum(some) / max(len(some), 1) / len(self.data.names)

    def accuracy(self, way: str, shot: int) -> Interval | None:
        """Share of right guesses with its interval; None where it was not measured."""
        cell = list(self.by_cell.get((way, shot), {}).values())
        return _of_cell(cell, "accuracy") if cell else None

    def difference(self, way: str, other: str, shot: int) -> Interval | None:
        """Accuracy of ``way`` less that of ``other`` on the same draws, with its interval, or None."""
        one, two = self.by_cell.get((way, shot), {}), self.by_cell.get((other, shot), {})
        both = sorted(one.keys() & two.keys())
        if not both:
            return None
        values = np.array([one[seed].accuracy - two[seed].accuracy for seed in both])
        cell = [one[seed] for seed in both]
        return interval(values, overlap=_overlap(cell), tested=cell[0].tested)

    def best(self, shot: int, ways: tuple[str, ...]) -> str | None:
        """The way among these with the highest mean accuracy at this number of labels."""
        there = [way for way in ways if (way, shot) in self.by_cell]
        return max(there, key=lambda way: self._mean(way, shot, "accuracy")) if there else None

    def _mean(self, way: str, shot: int, figure: str) -> float:
        return float(np.mean([getattr(trial, figure) for trial in self.by_cell[way, shot].values()]))

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row for each way and number of labels: means over draws, with intervals of 95 %."""
        rows = []
        for way in self.ways:
            for shot in self.shots:
                cell = list(self.by_cell.get((way, shot), {}).values())
                if cell:
                    rows.append(self._point(way, shot, cell))
        return pd.DataFrame(rows)

    def _point(self, way: str, shot: int, cell: list[Trial]) -> dict[str, object]:
        row: dict[str, object] = {
            "way": WAYS[way].label,
            "name": way,
            "shot": shot,
            "labels a class": sum(trial.labels for trial in cell) / len(cell) / len(self.data.names),
            "draws": len(cell),
        }
        for figure, title in _FIGURES.items():
            found = _of_cell(cell, figure)
            row |= {title: found.mean, f"{title} low": found.low, f"{title} high": found.high}
        return row

    @cached_property
    def costs(self) -> pd.DataFrame:
        """A row for each way at the most labels it was measured with: medians over draws, the most memory."""
        rows = []
        for way in self.ways:
            shot = [shot for shot in self.shots if (way, shot) in self.by_cell][-1]
            cell = list(self.by_cell[way, shot].values())

            def middle(figure: str, cell: list[Trial] = cell) -> float:
                return float(np.median([getattr(trial, figure) for trial in cell]))

            rows.append(
                {
                    "way": WAYS[way].label,
                    "labels": middle("labels"),
                    "accuracy": self._mean(way, shot, "accuracy"),
                    "seconds to train": middle("train_seconds"),
                    "ms per 1,000 texts": middle("predict_ms"),
                    "more memory to train": pd.Series([trial.peak_bytes for trial in cell]).max(),
                    "bytes kept": middle("kept_bytes"),
                    "numbers trained": middle("parameters"),
                    "general neighbours kept": middle("neighbours"),
                    "agreement with people": middle("agreement"),
                    "agreement before": middle("agreement_before"),
                    "note": cell[0].note,
                }
            )
        return pd.DataFrame(rows)

    def answer(self) -> str:
        """Which way to take with the labels there are, and when that would change."""
        return answer_of(self)


_FIGURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "calibration": "calibration error",
    "outside": "accuracy elsewhere",
}


def _of_cell(cell: list[Trial], figure: str) -> Interval:
    values = np.array([getattr(trial, figure) for trial in cell])
    # Of one draw the texts alone say how sure an accuracy is; of F1 and calibration nothing does.
    if not np.isfinite(values).all() or (len(cell) == 1 and figure != "accuracy"):
        return Interval(float(values.mean()), float("nan"), float("nan"))
    return share_interval(values, overlap=_overlap(cell), tested=cell[0].tested)


def _overlap(cell: list[Trial]) -> float:
    return float(np.mean([trial.overlap for trial in cell]))
