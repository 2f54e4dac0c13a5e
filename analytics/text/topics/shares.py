"""How topics are spread over time or over the values of a category: counts, and shares with intervals."""

import numpy as np
import pandas as pd

from analytics.arguments import require_column
from analytics.contingency import share_interval
from analytics.errors import ZetascopeError
from analytics.text.topics.clusters import Clusters

_MOST_VALUES = 24
_PERIODS = ("D", "W", "M", "Q", "Y")
_OTHERS = "(all others)"


def topic_shares(clusters: Clusters, values: pd.Series) -> pd.DataFrame:
    """One row per value and topic, values in their order: how many of the value's texts are of the topic.

    ``values`` are those of the clusters' texts: dates are cut into the shortest periods of which there are
    at most 24 (days, weeks, months, quarters, years), of categories the 24 most frequent are told one by
    one. Columns: ``value``, ``topic``, ``texts``, ``of`` (texts of the value, those in no topic included),
    ``share``, ``low`` and ``high`` (Clopper and Pearson 1934, 95 %). Texts without a value are left out.

    Raises:
        ZetascopeError: values for other texts, or none that is known.
    """
    require_column(values)
    if len(values) != len(clusters.labels):
        raise ZetascopeError(f"Values: {len(values):,}, texts: {len(clusters.labels):,}; give one each.")
    known = values.notna().to_numpy(dtype=bool)
    if not known.any():
        raise ZetascopeError(f"Column {str(values.name)!r} is empty: choose another one.")
    named, order = _named(values[known])
    labels = clusters.labels[known]
    counts = np.zeros((len(order), len(clusters.sizes)), dtype=np.int64)
    codes = pd.Categorical(named, categories=order).codes
    inside = labels >= 0
    np.add.at(counts, (codes[inside], labels[inside]), 1)
    total = np.bincount(codes, minlength=len(order))
    low, high = share_interval(counts, np.repeat(total[:, None], counts.shape[1], axis=1))
    return pd.DataFrame(
        {
            "value": np.repeat(np.array(order, dtype=object), counts.shape[1]),
            "topic": np.tile(np.array(clusters.names, dtype=object), len(order)),
            "texts": counts.ravel(),
            "of": np.repeat(total, counts.shape[1]),
            "share": (counts / np.maximum(total, 1)[:, None]).ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )


def _named(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """What each value is called, and these names in their order."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = values.dt.tz_localize(None) if values.dt.tz is not None else values
        for period in _PERIODS:
            cut = days.dt.to_period(period)
            span = cut.max() - cut.min()
            if span.n < _MOST_VALUES or period == "Y":
                break
        every = pd.period_range(cut.min(), cut.max(), freq=cut.dtype.freq)
        return cut.map(_period_name).to_numpy(dtype=object), [_period_name(one) for one in every]
    words = values.astype("string")
    frequent = words.value_counts().index[:_MOST_VALUES].tolist()
    named = words.where(words.isin(frequent), _OTHERS).to_numpy(dtype=object)
    rest = [_OTHERS] if _OTHERS in named else []
    return named, [*map(str, frequent), *rest]


def _period_name(period: pd.Period) -> str:
    return str(period).split("/")[0]
