"""What a scaling comparison is to do: the caller's choices, and what they come to for the data at hand."""

from dataclasses import dataclass

from analytics.arguments import LARGEST_SEED, is_whole, names_of, require_whole
from analytics.errors import ZetascopeError
from analytics.numbers.scaling.data import ScalingData
from analytics.numbers.scaling.learners import SCALERS, UNSUPERVISED, Task, check_models, check_scalers
from analytics.words import count

_MOST_FOLDS = 10_000
"""Folds, and how often they are drawn: more would take longer than anybody waits."""


@dataclass(frozen=True)
class ScalingPlan:
    """The choices of a comparison; hashable, so that they name their result.

    ``models`` None stands for all that fit the target; ``task`` None is told by the target's values;
    ``clusters`` is the k of k-means (None: the number of classes, else 3). Every model sees the same
    ``repeats`` x ``folds`` splits; of tables of more than ``max_rows`` rows a sample is used. Folds, sample
    and random starts follow from ``seed``.
    """

    models: tuple[str, ...] | None = None
    scalers: tuple[str, ...] = tuple(SCALERS)
    task: Task | None = None
    clusters: int | None = None
    folds: int = 5
    repeats: int = 4
    max_rows: int = 2_000
    seed: int = 0

    def check(self) -> None:
        """Raises ZetascopeError for folds that nothing can be compared in, or an unknown scaler."""
        if not all(is_whole(times) for times in (self.folds, self.repeats)) or (
            self.folds < 2 or self.repeats < 1
        ):
            raise ZetascopeError(
                f"{self.folds} folds, {self.repeats} times, cannot be compared: use at least 2 folds, once."
            )
        if max(self.folds, self.repeats) > _MOST_FOLDS:
            raise ZetascopeError(f"More than {_MOST_FOLDS:,} folds take too long: use fewer.")
        require_whole(self.max_rows, "max_rows", least=2, most=2**31)
        require_whole(self.seed, "seed", least=0, most=LARGEST_SEED)
        if self.clusters is not None:
            require_whole(self.clusters, "clusters", least=2, most=2**31)
        if self.task not in (None, "class", "number", "none"):
            raise ZetascopeError(f"There is no task {self.task!r}: choose 'class' or 'number'.")
        if self.models is not None:
            names_of(self.models, "model")
        check_scalers(names_of(self.scalers, "scaler"))


@dataclass(frozen=True)
class SettledPlan:
    """The models, scalers (``raw`` first) and splits that a plan comes to for ``data``."""

    data: ScalingData
    models: tuple[str, ...]
    scalers: tuple[str, ...]
    clusters: int
    folds: int
    repeats: int
    seed: int

    @property
    def supervised(self) -> tuple[str, ...]:
        """The models that are scored on held-out rows."""
        return tuple(name for name in self.models if name not in UNSUPERVISED)

    @property
    def fits(self) -> int:
        """How many models are fitted in all."""
        unsupervised = len(self.models) - len(self.supervised)
        return len(self.scalers) * (len(self.supervised) * self.folds * self.repeats + unsupervised)

    @property
    def fold_sizes(self) -> tuple[int, int]:
        """About how many rows a fold trains on and is tested on."""
        test_rows = len(self.data.X) / self.folds
        return round(len(self.data.X) - test_rows), round(test_rows)


def settle(plan: ScalingPlan, data: ScalingData) -> SettledPlan:
    """What the plan comes to. Raises ZetascopeError for unknown models and for clusters that do not fit."""
    named = None if plan.models is None else names_of(plan.models, "model")
    models = check_models(named, data.task)
    clusters = plan.clusters or len(data.classes) or 3
    if not 2 <= clusters < len(data.X):
        raise ZetascopeError(
            f"{count(clusters, 'cluster')} {'does' if clusters == 1 else 'do'} not fit "
            f"{count(len(data.X), 'row')}: choose from 2 to {len(data.X) - 1}."
        )
    scalers = check_scalers(names_of(plan.scalers, "scaler"))
    return SettledPlan(data, models, scalers, clusters, plan.folds, plan.repeats, plan.seed)
