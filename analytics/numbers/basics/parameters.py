"""The plain data a fitted transform consists of. Fitting makes it, applying reads it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from analytics.errors import ZetascopeError

Label = str | int
Part = str | int | float | bool | None
Key = tuple[Part, ...]
MIXED = "mixed"
"""What ``method`` says where columns have methods of their own."""
Mark = tuple[float, float, float]
"""A value of a column with the shares of values below it and up to it."""
LabelKind = Literal["plain", "date", "decimal", "other"]
"""What a column that makes groups holds: its labels as they are, or dates, decimals or others as texts."""
LABEL_KINDS: tuple[str, ...] = get_args(LabelKind)

LARGEST = 1e300
_DAY = re.compile(r"\d{4}-\d\d-\d\d( |$)")
NO_SPREAD = "all values are equal: scores are 0"
ONE_VALUE = "the only value: not comparable, its score of 0 says nothing"
NEARLY_NONE = "values differ only by rounding: scores are 0"
NO_VALUES = "no values: scores stay missing"


class StandardizeError(ZetascopeError):
    """A column, choice or transform file that cannot be standardized with."""


class NoNumberError(StandardizeError, TypeError):
    """A value that cannot be a number: scikit-learn's checks of estimators ask for a TypeError too."""


def too_large(column: Label) -> StandardizeError:
    """What is said about values whose spread cannot be a float64."""
    return StandardizeError(
        f"Column {column!r} holds numbers beyond 1e300: divide it by a power of ten first."
    )


def with_infinite(note: str, infinite: int) -> str:
    """The note of a fit, with the infinite values that were left out."""
    said = f"{infinite:,} infinite left out of the statistics" if infinite else ""
    return "; ".join(filter(None, (note, said)))


@dataclass(frozen=True)
class Shape:
    """What a method needs beside the data: the outcome of fitting one vector.

    ``scale`` is 0 where there is no spread to measure by; every present value then scores 0.
    ``exponent`` is Yeo-Johnson's lambda; ``values`` and ``scores`` are the rank method's nodes,
    both strictly increasing.
    """

    center: float | None = None
    scale: float | None = None
    exponent: float | None = None
    values: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()
    note: str = ""

    @property
    def line(self) -> tuple[float, float]:
        """Center and scale of a method that has both."""
        if self.center is None or self.scale is None:
            raise StandardizeError("The transform has no centre and scale: it works on ranks.")
        return self.center, self.scale


@dataclass(frozen=True)
class ColumnFit:
    """The statistics of one column, over all rows (``group`` is None) or within one group.

    ``n`` counts the finite values the statistics rest on; ``mean`` and ``sd`` are kept for every
    method because drift and accuracy are judged by them (None where ``n`` is 0), ``marks`` of a column over
    all rows because drift is (see ``standardizing.drift_tests``; older transform files have none).
    """

    column: Label
    group: Key | None
    dtype: str
    n: int
    missing: int
    infinite: int
    mean: float | None
    sd: float | None
    shape: Shape
    marks: tuple[Mark, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether there was any value to fit on."""
        return self.n > 0

    @property
    def constant(self) -> bool:
        """Whether every present value scores 0 because there is no spread."""
        return self.shape.scale == 0

    @property
    def center(self) -> float | None:
        """What is subtracted (None for the rank method)."""
        return self.shape.center

    @property
    def scale(self) -> float | None:
        """What is divided by (None for the rank method, 0 for a column without spread)."""
        return self.shape.scale


@dataclass(frozen=True)
class TransformParameters:
    """A whole fitted transform: enough to score tomorrow's file, and nothing else.

    ``fits`` holds one ``ColumnFit`` over all rows for each of ``columns``, followed by those of
    its groups. ``source_sha256`` identifies the file the statistics came from. ``by_kinds`` says what each
    of ``by`` holds; files of earlier versions do not know it. ``recipe`` is JSON text of how that file was
    read and of the steps before the statistics, as ``analytics.recipe`` makes it; "" where unknown.
    ``methods`` has one for each of ``columns`` where they differ, and ``method`` is then ``MIXED``.
    """

    method: str
    ddof: int
    columns: tuple[Label, ...]
    by: tuple[Label, ...]
    fits: tuple[ColumnFit, ...]
    rows: int
    source_name: str | None = None
    source_sha256: str | None = None
    versions: dict[str, str] = field(default_factory=dict)
    by_kinds: tuple[LabelKind, ...] = ()
    recipe: str = ""
    methods: tuple[str, ...] = ()

    def method_of(self, column: Label) -> str:
        """The method that ``column`` is scored by."""
        return self._methods.get(column, self.method)

    @property
    def kinds(self) -> tuple[LabelKind, ...]:
        """What each of ``by`` holds; told by the labels where it was not noted."""
        return self.by_kinds or tuple(
            "date" if _all_moments(key[place] for key in self.groups) else "plain"
            for place in range(len(self.by))
        )

    def overall(self, column: Label) -> ColumnFit:
        """The statistics of ``column`` over all rows."""
        return self._index[column][None]

    def of_groups(self, column: Label) -> dict[Key, ColumnFit]:
        """The statistics of ``column`` by group, empty without ``by``."""
        return {key: fit for key, fit in self._index[column].items() if key is not None}

    def __post_init__(self) -> None:
        index: dict[Label, dict[Key | None, ColumnFit]] = {column: {} for column in self.columns}
        for fit in self.fits:
            index[fit.column][fit.group] = fit
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_methods", dict(zip(self.columns, self.methods, strict=False)))

    _index: dict[Label, dict[Key | None, ColumnFit]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _methods: dict[Label, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    @property
    def groups(self) -> tuple[Key, ...]:
        """The groups that were seen, in order; empty without ``by``."""
        return tuple(key for key in self._index[self.columns[0]] if key is not None) if self.columns else ()


def _all_moments(labels: Iterable[Part]) -> bool:
    """Whether there are labels, and all are texts that begin with a day as ISO 8601 writes it."""
    present = [label for label in labels if label is not None]
    return bool(present) and all(isinstance(label, str) and _DAY.match(label) for label in present)
