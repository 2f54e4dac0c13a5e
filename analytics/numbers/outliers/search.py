"""Searches of one table, one after the other, that do again only what another choice changed."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.arguments import LARGEST_SEED, names_of, require_frame, require_whole
from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.across_scores import AcrossScores, score_across, why_not
from analytics.numbers.outliers.column_scores import measure_and_score
from analytics.numbers.outliers.column_spread import ColumnSpread
from analytics.numbers.outliers.data import NumberColumns, number_columns
from analytics.numbers.outliers.judging.names import row_names
from analytics.numbers.outliers.kept import Kept
from analytics.numbers.outliers.laws.columns_together import columns_together
from analytics.numbers.outliers.methods import (
    ACROSS_METHODS,
    COLUMN_METHODS,
    MIXED,
    NUMBER_METHODS,
    OUTLIER_METHODS,
)
from analytics.numbers.outliers.mixed.scoring import MixedScores, mixed_columns, mixed_scores
from analytics.numbers.outliers.notes import search_notes
from analytics.numbers.outliers.report import MethodScores, OutlierReport
from analytics.numbers.outliers.row_matrix import RowMatrix, row_matrix
from analytics.numbers.outliers.thresholds import checked_thresholds, default_threshold
from analytics.progress import Progress
from analytics.tables.columns import Role

_MAX_BYTES = 256 * 1024**2
_STEPS = 100
"""Steps of progress that one method counts."""
TOO_FEW = {
    method: f"{OUTLIER_METHODS[method].label} {'need' if method == 'iqr' else 'needs'} at least "
    f"{OUTLIER_METHODS[method].min_rows} values in a column and group"
    + (", whose middle half is not one value" if method == "iqr" else "")
    for method in COLUMN_METHODS
}

_NOTHING_MIXED = "Mixed rows need at least one column that varies"
_TOO_FEW_MIXED = f"Mixed rows need at least {OUTLIER_METHODS[MIXED].min_rows} rows"


def no_method_scores(skipped: Mapping[str, str]) -> ZetascopeError:
    """What is said where every method was ``skipped``."""
    return ZetascopeError(f"No method can score this table: {next(iter(skipped.values()))}.")


class OutlierSearch:
    """The searches of one table, which must not change between them.

    A column is measured once for each choice of groups, and each method scores a choice of columns and groups
    once, so that a method taken away or put back costs nothing and a new one only its own time. The scores
    are those of :func:`analytics.numbers.find_outliers`, to the last bit. What is kept takes at most
    ``max_bytes``; several threads may search at once.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        row_numbers: np.ndarray | None = None,
        roles: Mapping[str, Role] | None = None,
        max_bytes: int = _MAX_BYTES,
    ) -> None:
        """``row_numbers`` (n,): the number of each row; by default counted from 1. ``roles``: what columns
        are used as, by name; by default what their values say."""
        require_frame(frame)
        self._frame = frame
        self._row_numbers = row_numbers
        self._roles = roles
        self._kept = Kept(max_bytes)

    def find(
        self,
        *,
        methods: Sequence[str] = NUMBER_METHODS,
        thresholds: Mapping[str, float] | None = None,
        columns: Sequence[str] | None = None,
        others: Sequence[str] | None = None,
        label: str | Sequence[str] | None = None,
        by: str | Sequence[str] | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> OutlierReport:
        """Search the table; see :func:`analytics.numbers.find_outliers` for arguments and errors."""
        chosen = _checked_methods(methods)
        require_whole(seed, "seed", least=0, most=LARGEST_SEED)
        given = checked_thresholds(thresholds)
        data = number_columns(
            self._frame, columns=columns, by=by, row_numbers=self._row_numbers, none_too=MIXED in chosen
        )
        data = replace(data, row_names=row_names(self._frame, label))
        by_column = [method for method in chosen if method in COLUMN_METHODS]
        wanted = [method for method in chosen if method in ACROSS_METHODS]
        steps = _Steps(1 + len(wanted) + (MIXED in chosen), progress)
        spreads, scored = self._score_columns(data, by_column, steps.part(0))
        matrix = self._matrix(data, spreads) if wanted else None
        skipped = {method: TOO_FEW[method] for method in by_column if np.isnan(scored[method].values).all()}
        if not data.names:
            skipped = {
                method: f"{OUTLIER_METHODS[method].label} needs a number column"
                for method in (*by_column, *wanted)
            }
            wanted = []
        across: dict[str, AcrossScores] = {}
        for place, method in enumerate(wanted, start=1):
            if matrix is not None and (why := why_not(method, matrix)):
                skipped[method] = why
            elif matrix is not None:
                across[method] = self._score_across(method, data, matrix, seed, steps.part(place))
        scored |= {method: found.scores for method, found in across.items()}
        clean = {method: found.clean for method, found in across.items()}
        mixed = None
        if MIXED in chosen:
            mixed = self._score_mixed(data, others, seed, steps.part(1 + len(wanted)))
            if mixed is None or data.rows < OUTLIER_METHODS[MIXED].min_rows:
                skipped[MIXED] = _NOTHING_MIXED if mixed is None else _TOO_FEW_MIXED
            else:
                scored[MIXED], clean[MIXED] = MethodScores(mixed.scores), mixed.clean
        usable = [method for method in chosen if method in scored and method not in skipped]
        if not usable:
            raise no_method_scores(skipped)
        used = {method: scored[method] for method in usable}
        table = {method: scores.values for method, scores in used.items()}
        return OutlierReport(
            data=data,
            scored=used,
            scores=pd.DataFrame(table, index=data.index, copy=False),
            thresholds={
                method: given.get(method, default_threshold(method, clean=clean.get(method)))
                for method in usable
            },
            spreads=spreads,
            together=self._kept.get(
                ("together", data.names, data.by, seed), lambda: columns_together(data, spreads, seed=seed)
            ),
            parts={method: found.parts for method, found in across.items()},
            clean_scores=clean,
            mixed=mixed if MIXED in usable else None,
            notes=search_notes(data, spreads, by_column, matrix, across) + _mixed_notes(mixed, data),
            skipped=skipped,
            seed=seed,
        )

    @property
    def bytes(self) -> int:
        """The memory of what is kept."""
        return self._kept.bytes

    def missing(
        self, methods: Sequence[str], *, columns: Sequence[Label], by: Sequence[Label] = (), seed: int = 0
    ) -> tuple[str, ...]:
        """The methods whose scores of these columns and groups are not kept."""
        place = (tuple(columns), tuple(by))
        return tuple(
            method for method in methods if method != MIXED and _key(method, place, seed) not in self._kept
        )

    def _score_columns(
        self, data: NumberColumns, methods: Sequence[str], progress: Progress | None
    ) -> tuple[tuple[ColumnSpread, ...], dict[str, MethodScores]]:
        place = (data.names, data.by)
        names = [("spread", name, data.by) for name in data.names]
        known = {column: spread for column, name in enumerate(names) if (spread := self._kept.find(name))}
        scored = {method: found for method in methods if (found := self._kept.find(_key(method, place)))}
        new = [method for method in methods if method not in scored]
        if not new and len(known) == len(names):
            if progress:
                progress(1, 1)
            return tuple(known.values()), scored
        spreads, fresh = measure_and_score(data, new, known=known, progress=progress)
        for name, spread in zip(names, spreads, strict=True):
            self._kept.put(name, spread)
        for method, scores in fresh.items():
            scored[method] = MethodScores(scores)
            self._kept.put(_key(method, place), scored[method])
        return spreads, scored

    def _matrix(self, data: NumberColumns, spreads: tuple[ColumnSpread, ...]) -> RowMatrix:
        return self._kept.get(("matrix", data.names, data.by), lambda: row_matrix(data, spreads))

    def _score_across(
        self, method: str, data: NumberColumns, matrix: RowMatrix, seed: int, progress: Progress | None
    ) -> AcrossScores:
        return self._kept.get(
            _key(method, (data.names, data.by), seed),
            lambda: score_across(method, matrix, data.codes, seed=seed, progress=progress),
        )

    def _score_mixed(
        self,
        data: NumberColumns,
        others: Sequence[Label] | None,
        seed: int,
        progress: Progress | None,
    ) -> MixedScores | None:
        columns = mixed_columns(self._frame, data.names, others, leave_out=data.by, roles=self._roles)
        return self._kept.get(
            (MIXED, columns, seed),
            lambda: mixed_scores(
                self._frame, columns=columns, roles=self._roles, seed=seed, progress=progress
            ),
        )


class _Steps:
    """Hands each method its stretch of one common count."""

    def __init__(self, parts: int, progress: Progress | None) -> None:
        self.total = parts * _STEPS
        self.progress = progress

    def part(self, place: int) -> Progress | None:
        if self.progress is None:
            return None
        tell = self.progress

        def report(done: int, total: int) -> None:
            tell(round((place + done / max(total, 1)) * _STEPS), self.total)

        return report


def _mixed_notes(mixed: MixedScores | None, data: NumberColumns) -> tuple[str, ...]:
    if mixed is None:
        return ()
    whole = ("Mixed rows looks at the whole table, whatever the groups.",) if data.by else ()
    return (*mixed.notes, *whole)


def _key(method: str, place: tuple[tuple[Label, ...], tuple[Label, ...]], seed: int = 0) -> Hashable:
    """What a method's scores depend on, beside the table; nothing is random in those of single columns."""
    return (method, *place, seed if method in ACROSS_METHODS else 0)


def _checked_methods(methods: Sequence[str]) -> list[str]:
    methods = names_of(methods, "method")
    for method in methods:
        if method not in OUTLIER_METHODS:
            raise ZetascopeError(f"There is no method {method!r}; there are: {', '.join(OUTLIER_METHODS)}.")
    if not methods:
        raise ZetascopeError(f"No method is chosen; there are: {', '.join(OUTLIER_METHODS)}.")
    return [method for method in OUTLIER_METHODS if method in methods]


def find_outliers(
    frame: pd.DataFrame,
    *,
    methods: Sequence[str] = NUMBER_METHODS,
    thresholds: Mapping[str, float] | None = None,
    columns: Sequence[str] | None = None,
    others: Sequence[str] | None = None,
    label: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> OutlierReport:
    """Score every row by every method.

    Column-wise methods (zscore, modified_zscore, iqr, esd) score each value within its column and group; a
    row gets its largest score. Methods across columns (mahalanobis, isolation_forest, lof, ecod) look at
    whole rows, whose values are first standardized within their group. No row is dropped: a missing value is
    not scored by the column-wise methods and stands at its group's median for the others, but distances are
    those of the values there are, if enough rows are complete and there are no groups; infinite values count
    as missing. The report says in ``notes`` how many there were. The method ``mixed``, which has to be asked
    for, looks at columns of every kind in the whole table, whatever the groups.

    Args:
        frame: the table (n rows).
        methods: names from ``OUTLIER_METHODS``.
        thresholds: on the scale of each method's score; methods that are not named get their default.
        columns: the number columns to search; by default all that measure something: no years, codes,
            identifiers or parts of a date.
        others: the columns of other kinds that ``mixed`` looks at beside them; by default all.
        label: one or more columns that name the rows in reasons and rankings.
        by: columns whose combinations make groups: unusual within its group.
        seed: of the random parts: sampled rows, isolation trees, simulated clean data.
        progress: called with (done, total); may raise to cancel.

    Raises:
        ZetascopeError: for an unknown method or column, a column without numbers, or a table in which no
            chosen method can score anything.
    """
    return OutlierSearch(frame).find(
        methods=methods,
        thresholds=thresholds,
        columns=columns,
        others=others,
        label=label,
        by=by,
        seed=seed,
        progress=progress,
    )
