"""Which columns of the table set a selection of rows apart from the rest."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.tables.quantities import Quantity, middle, quantity, said
from analytics.text.arguments import as_flags
from analytics.text.words import normal

_LEVELS = 50
_SIGNIFICANT = 0.05
_FEW = 5  # Cochran 1954: below it the chi-squared law is doubtful
_DRAWN = 9_999  # p-values down to 0.0001, in about 0.1 s
_RESULT_COLUMNS = ("column", "kind", "effect", "difference", "selected", "rest", "p_value", "p_adjusted")


def selection_differences(
    frame: pd.DataFrame, selected: np.ndarray, *, kinds: Mapping[Hashable, str] | None = None
) -> pd.DataFrame:
    """Compare every number and category column between selected rows (n,) bool and the others.

    Numbers, dates and lengths of time: Cliff's delta (Cliff 1993), the share of pairs in which the selected
    row has more minus the share in which it has less, in [-1, 1], with a Mann-Whitney p-value; infinite
    numbers count as missing. Categories: Cramer's V with Bergsma's correction and a
    chi-squared p-value; missing counts as a value.
    First come the columns whose difference chance does not explain, ``p_adjusted`` below 5 % (corrected for
    their number: Benjamini & Hochberg 1995), then the others, both by the size of the effect. The selection
    was made by looking at the data, so small p-values say "look here", not "proved".

    ``kinds`` names the columns to compare, each ``"number"``, ``"time"`` or ``"category"``; by default those
    of ``column_roles``.

    Raises:
        ZetascopeError: nothing or everything is selected, flags for other rows than the table's, a column it
            does not have or has twice.
    """
    selected = as_flags(selected, count=len(frame))
    if not selected.any() or selected.all():
        raise ZetascopeError("Select some rows, but not all: a selection is compared with the rest.")
    if kinds is None:
        from analytics.tables import column_roles

        kinds = {name: role.kind for name, role in column_roles(frame).items()}
    unknown = [str(name) for name in kinds if name not in frame.columns]
    if unknown:
        raise ZetascopeError(f"The table has no column {', '.join(unknown)}: choose among its own columns.")
    if not frame.columns.is_unique:
        raise ZetascopeError("Two columns of the table have the same name: rename one of them.")
    rows = [
        _compare(name, frame[name], kind, selected)
        for name, kind in kinds.items()
        if kind in {"number", "time", "category"}
    ]
    found = pd.DataFrame([row for row in rows if row], columns=list(_RESULT_COLUMNS))
    if found.empty:
        return found
    from scipy.stats import false_discovery_control

    found["p_adjusted"] = false_discovery_control(found["p_value"])
    by_chance = found["p_adjusted"] >= _SIGNIFICANT
    order = np.lexsort((-found["effect"].abs(), by_chance))
    return found.iloc[order].reset_index(drop=True)


# What a selected row has more, and less.
_WORDS = {"number": ("higher", "lower"), "time": ("later", "earlier"), "span": ("longer", "shorter")}


def _compare(name: Hashable, column: pd.Series, kind: str, selected: np.ndarray) -> tuple | None:
    if kind == "category":
        return _compare_category(name, column, selected)
    return _compare_number(name, column, kind, selected)


def _compare_number(name: Hashable, column: pd.Series, kind: str, selected: np.ndarray) -> tuple | None:
    from scipy.stats import mannwhitneyu

    found = quantity(column)
    chosen = selected[found.known]
    if not chosen.any() or chosen.all():
        return None
    ranks = found.ranks()  # all that both measures read, exact for numbers and moments of any size
    test = mannwhitneyu(ranks[chosen], ranks[~chosen], method="asymptotic")
    delta = 2 * test.statistic / (chosen.sum() * (~chosen).sum()) - 1
    inside, outside = _medians(found, chosen)
    word = _WORDS[found.kind][int(delta < 0)]
    difference = f"median {inside} against {outside}: {word}" if abs(delta) > 0 else "no difference"
    p_value = 1.0 if np.isnan(test.pvalue) else float(test.pvalue)
    return (name, kind, float(delta), difference, inside, outside, p_value, p_value)


def _medians(found: Quantity, chosen: np.ndarray) -> tuple[str, str]:
    """Both medians in words; two moments of one day with their time."""
    values = [middle(found.values[part]) for part in (chosen, ~chosen)]
    inside, outside = (said(value) for value in values)
    if found.kind == "time" and inside == outside and values[0] != values[1]:
        inside, outside = (said(value, day_only=False) for value in values)
    return inside, outside


def _compare_category(name: Hashable, column: pd.Series, selected: np.ndarray) -> tuple | None:
    cells = column.astype("string").fillna("(missing)")
    levels = np.array([normal(cell) for cell in cells], dtype=object)  # both spellings of an accent are one
    kept = pd.Series(levels).value_counts().index[:_LEVELS]
    codes = pd.Categorical(np.where(np.isin(levels, kept), levels, "(other)"))
    width = len(codes.categories)
    table = np.vstack([np.bincount(codes.codes[part], minlength=width) for part in (selected, ~selected)])
    if table.shape[1] < 2:
        return None
    effect, p_value = _association(table)
    shares = table / table.sum(axis=1, keepdims=True)
    top = int(np.abs(shares[0] - shares[1]).argmax())
    level = str(codes.categories[top])
    inside, outside = (f"{share[top]:.1%}" for share in shares)
    word = "more" if shares[0, top] >= shares[1, top] else "less"
    difference = f"{level}: {inside} against {outside}, {word} often"
    return (name, "category", effect, difference, inside, outside, p_value, p_value)


def _association(table: np.ndarray) -> tuple[float, float]:
    """(Cramer's V with Bergsma's correction (2013), p-value) of counts (2, levels).

    Without the correction many levels look like an effect where there is none. Where a cell is expected fewer
    than five times, the chi-squared law does not hold and tables with the same margins are drawn instead.
    """
    from scipy.stats import MonteCarloMethod, chi2_contingency
    from scipy.stats.contingency import expected_freq

    n, (rows, levels) = int(table.sum()), table.shape
    rare = bool((expected_freq(table) < _FEW).any())
    method = MonteCarloMethod(n_resamples=_DRAWN, rng=np.random.default_rng(0)) if rare else None
    result = chi2_contingency(table, correction=False, method=method)
    square = max(0.0, float(result.statistic) / n - (rows - 1) * (levels - 1) / (n - 1))
    least = min(rows - (rows - 1) ** 2 / (n - 1), levels - (levels - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(square / least)) if least > 0 else 0.0, float(result.pvalue)
