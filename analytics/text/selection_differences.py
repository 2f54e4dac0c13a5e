"""Which columns of the table set a selection of rows apart from the rest."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError

_LEVELS = 50
_RESULT_COLUMNS = ("column", "kind", "effect", "difference", "selected", "rest", "p_value", "p_adjusted")


def selection_differences(
    frame: pd.DataFrame, selected: np.ndarray, *, kinds: Mapping[Hashable, str] | None = None
) -> pd.DataFrame:
    """Compare every number and category column between selected rows (n,) bool and the others.

    Numbers: Cliff's delta (Cliff 1993), the share of pairs in which the selected row has more minus the share
    in which it has less, in [-1, 1], with a Mann-Whitney p-value. Categories: Cramer's V with a
    chi-squared p-value; missing counts as a value. Columns are ranked by the size of the effect;
    ``p_adjusted`` is corrected for their number (Benjamini & Hochberg 1995). The selection was made by
    looking at the data, so small p-values say "look here", not "proved".

    ``kinds`` names the columns to compare, each ``"number"``, ``"time"`` or ``"category"``; by default those
    of ``column_roles``.

    Raises:
        ZetascopeError: nothing or everything is selected.
    """
    selected = np.asarray(selected, dtype=bool)
    if len(selected) != len(frame):
        raise ZetascopeError(f"The selection has {len(selected)} rows, the table {len(frame)}.")
    if not selected.any() or selected.all():
        raise ZetascopeError("Select some rows, but not all: a selection is compared with the rest.")
    if kinds is None:
        from analytics.tables import column_roles

        kinds = {name: role.kind for name, role in column_roles(frame).items()}
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
    order = found["effect"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _compare(name: Hashable, column: pd.Series, kind: str, selected: np.ndarray) -> tuple | None:
    if kind == "category":
        return _compare_category(name, column, selected)
    return _compare_number(name, column, kind, selected)


def _compare_number(name: Hashable, column: pd.Series, kind: str, selected: np.ndarray) -> tuple | None:
    from scipy.stats import mannwhitneyu

    values = _as_floats(column)
    inside, outside = values[selected & np.isfinite(values)], values[~selected & np.isfinite(values)]
    if not len(inside) or not len(outside):
        return None
    test = mannwhitneyu(inside, outside, method="asymptotic")
    delta = 2 * test.statistic / (len(inside) * len(outside)) - 1
    word = "later" if kind == "time" else "higher"
    if delta < 0:
        word = "earlier" if kind == "time" else "lower"
    middle = [_shown(np.median(part), kind) for part in (inside, outside)]
    said = f"median {middle[0]} against {middle[1]}: {word}" if abs(delta) > 0 else "no difference"
    p_value = 1.0 if np.isnan(test.pvalue) else float(test.pvalue)
    return (name, kind, float(delta), said, middle[0], middle[1], p_value, p_value)


def _as_floats(column: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        seconds = column.astype("int64").to_numpy(dtype=float)
        return np.where(column.isna(), np.nan, seconds)
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _shown(value: float, kind: str) -> str:
    if kind == "time":
        return str(pd.Timestamp(int(value)).date())
    return f"{value:,.4g}"


def _compare_category(name: Hashable, column: pd.Series, selected: np.ndarray) -> tuple | None:
    from scipy.stats import chi2_contingency

    levels = column.astype("string").fillna("(missing)").to_numpy(dtype=object)
    kept = pd.Series(levels).value_counts().index[:_LEVELS]
    codes = pd.Categorical(np.where(np.isin(levels, kept), levels, "(other)"))
    width = len(codes.categories)
    table = np.vstack([np.bincount(codes.codes[part], minlength=width) for part in (selected, ~selected)])
    if table.shape[1] < 2:
        return None
    result = chi2_contingency(table, correction=False)
    cramer = float(np.sqrt(result.statistic / table.sum()))  # two rows, so min(r, c) - 1 is 1
    shares = table / table.sum(axis=1, keepdims=True)
    top = int(np.abs(shares[0] - shares[1]).argmax())
    level = str(codes.categories[top])
    inside, outside = (f"{share[top]:.1%}" for share in shares)
    word = "more" if shares[0, top] >= shares[1, top] else "less"
    said = f"{level}: {inside} against {outside}, {word} often"
    return (name, "category", cramer, said, inside, outside, float(result.pvalue), float(result.pvalue))
