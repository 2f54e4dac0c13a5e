"""Assets on one scale, drawn: prices, running sums, drawdowns, volatility, tails, correlations."""

import colorsys
from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from analytics.figures import theme
from analytics.numbers.returns.comparison import normal_quantiles
from analytics.numbers.returns.periods import MonthCalendar
from analytics.numbers.returns.price_checks import PriceFinding
from analytics.numbers.returns.returns import ReturnKind
from analytics.numbers.returns.score_laws import NORMAL, ScoreLaw

MOST_POINTS = 2_000
_FINDING_NAMES = {"split": "looks like a split", "spike": "looks mistyped", "zero": "placeholder zero"}


def price_figure(
    prices: pd.DataFrame,
    findings: tuple[PriceFinding, ...],
    colours: Mapping[str, str],
    *,
    kind: ReturnKind = "simple",
) -> go.Figure:
    """Each price as a multiple of its first, logarithmic, with what looks like a split or mistyped.

    For differences the values as they are.
    """
    values = kind == "difference"
    title = "Value" if values else "Multiple of the first price (logarithmic)"
    figure = theme.base_figure(height=400, y_title=title)
    multiples = prices if values else prices / prices.bfill().iloc[0]
    _add_lines(figure, multiples, colours, hover="%{y:,}" if values else "%{y:.3f} times the first price")
    for sort in ("split", "spike"):
        marks = [(str(f.asset), date) for f in findings if f.kind == sort for date in f.dates]
        marks = [(asset, date) for asset, date in marks if _is_drawn(multiples, asset, date)]
        if not marks:
            continue
        figure.add_scatter(
            x=[date for _, date in marks],
            y=[multiples.loc[date, asset] for asset, date in marks],
            mode="markers",
            name=_FINDING_NAMES[sort],
            marker={"symbol": "x-thin", "size": 11, "line": {"width": 2, "color": theme.CATEGORICAL[5]}},
            text=[theme.label(asset) for asset, _ in marks],
            hovertemplate=f"%{{text}} {_FINDING_NAMES[sort]}<br>%{{x|%Y-%m-%d}}<extra></extra>",
        )
    if not values:
        figure.update_yaxes(type="log")
    return figure


def _is_drawn(table: pd.DataFrame, asset: str, date: pd.Timestamp) -> bool:
    return asset in table.columns and date in table.index and bool(table[asset].notna().at[date])


def cumulative_figure(
    cumulative: pd.DataFrame, colours: Mapping[str, str], *, law: ScoreLaw = NORMAL
) -> go.Figure:
    """Running sums of returns over their spread, and the band that holds 95 % of sums without drift.

    The band counts the returns of the asset that has most: others may start later or have prices more rarely.
    """
    figure = theme.base_figure(height=400, y_title="Sum of returns, in spreads")
    summed = cumulative.notna().sum()
    most = str(summed.idxmax())
    returns = cumulative[most].notna().cumsum()[cumulative[most].notna()]
    width = law.reach_of_sums(len(returns)) * np.sqrt(returns)
    band = pd.DataFrame({"up": width, "down": -width}).dropna()
    whose = "" if (summed == summed[most]).all() else f", {theme.label(most)}"
    for name in band.columns:
        kept = thin(band[name])
        figure.add_scatter(
            x=kept.index,
            y=kept,
            mode="lines",
            line={"color": theme.MISSING, "dash": "dot", "width": 1.2},
            name=f"95% without drift, at each date{whose}",
            legendgroup="band",
            showlegend=name == "up" and len(band) > 0,
            hoverinfo="skip",
        )
    _add_lines(figure, cumulative, colours, hover="sum %{y:.1f}")
    return figure


def drawdown_figure(
    drawdowns: pd.DataFrame, colours: Mapping[str, str], *, kind: ReturnKind = "simple"
) -> go.Figure:
    """How far below its highest price so far each asset is."""
    figure = theme.base_figure(height=360, y_title=f"Below the highest price so far ({kind})")
    _add_lines(figure, drawdowns, colours, hover=_value(kind))
    figure.update_yaxes(tickformat=_ticks(kind), rangemode="tozero")
    return figure


def _value(kind: ReturnKind, axis: str = "y") -> str:
    """How a hover writes a return of ``kind``."""
    return f"%{{{axis}:,.4~r}}" if kind == "difference" else f"%{{{axis}:.1%}}"


def _ticks(kind: ReturnKind) -> str | None:
    return None if kind == "difference" else theme.PERCENT_TICKS


def volatility_figure(
    summary: pd.DataFrame, colours: Mapping[str, str], *, factor: str, kind: ReturnKind = "simple"
) -> go.Figure:
    """Annualized volatility by asset, smallest at the top."""
    ordered = summary["volatility"].dropna().sort_values(ascending=False)
    figure = theme.base_figure(
        height=110 + 28 * max(1, len(ordered)), x_title=f"Volatility a year ({kind}, {factor})", legend=False
    )
    figure.add_bar(
        x=ordered,
        y=theme.labels(ordered.index, width=28),
        orientation="h",
        marker_color=[colours[name] for name in ordered.index],
        hovertemplate=f"%{{y}}: {_value(kind, 'x')}<extra></extra>",
    )
    figure.update_yaxes(type="category")
    figure.update_xaxes(tickformat=_ticks(kind))
    return figure


def rolling_volatility_figure(
    volatility: pd.DataFrame, colours: Mapping[str, str], *, factor: str, kind: ReturnKind = "simple"
) -> go.Figure:
    """Annualized volatility over time, from zero up."""
    figure = theme.base_figure(height=400, y_title=f"Volatility a year ({kind}, {factor})")
    _add_lines(figure, volatility, colours, hover=_value(kind))
    figure.update_yaxes(tickformat=_ticks(kind), rangemode="tozero")
    return figure


def rolling_correlation_figure(
    correlations: pd.DataFrame, colours: Mapping[str, str], *, benchmark: str, window: int
) -> go.Figure:
    """Correlation with the benchmark over time, and the band that unrelated returns stay in at each date."""
    figure = theme.base_figure(height=400, y_title=f"Correlation with {benchmark}, {window} returns")
    # Fisher's z of unrelated normal returns has a standard error of 1 / sqrt(n - 3).
    reach = float(np.tanh(1.96 / np.sqrt(max(window - 3, 1))))
    for edge in (reach, -reach):
        figure.add_hline(y=edge, line={"color": theme.MISSING, "dash": "dot", "width": 1.2})
    _add_lines(figure, correlations, colours, hover="r %{y:.2f}")
    figure.update_yaxes(range=[-1.02, 1.02])
    return figure


_YEAR_TEXT = 9  # px: plotly shrinks texts to the distance of columns, and a single column has none


def calendar_figure(calendar: MonthCalendar, *, kind: ReturnKind) -> go.Figure:
    """Returns of months, a row per year, newest at the top, with the year's own at the right."""
    table = calendar.table.iloc[::-1]
    months, years = table.iloc[:, :12], table[["year"]]
    figure = theme.base_figure(height=130 + 24 * len(table), legend=False)
    figure.set_subplots(1, 2, column_widths=[0.86, 0.14], shared_yaxes=True, horizontal_spacing=0.01)
    for column, part in enumerate((months, years), start=1):
        values = part.to_numpy(dtype=np.float64)
        reach = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
        figure.add_heatmap(
            z=values,
            x=[str(name) for name in part.columns],
            y=[str(year) for year in part.index],
            zmin=-reach,
            zmax=reach,
            colorscale=theme.colorscale(theme.DIVERGING),
            showscale=False,
            texttemplate="%{z:,.3~g}" if kind == "difference" else "%{z:.1%}",
            textfont={"size": _YEAR_TEXT} if part is years else None,
            hovertemplate=f"%{{x}} %{{y}} ({kind}): {_value(kind, 'z')}<extra></extra>",
            hoverongaps=False,
            row=1,
            col=column,
        )
    figure.update_yaxes(type="category", autorange="reversed")
    figure.update_xaxes(side="top", type="category")
    return figure


def tail_figure(standardized: pd.DataFrame, colours: Mapping[str, str], *, law: ScoreLaw) -> go.Figure:
    """Standardized returns against those of normal returns, scored alike; on the diagonal both agree."""
    figure = theme.base_figure(
        height=420, x_title="Expected of normal returns (spreads)", y_title="Seen (spreads)"
    )
    reach = 4.0
    for name, column in standardized.items():
        expected, seen = normal_quantiles(column.to_numpy(dtype=np.float64), law)
        if not seen.size:
            continue
        kept = _ends_first(seen.size)
        reach = max(reach, float(expected[-1]))
        figure.add_scatter(
            x=expected[kept],
            y=seen[kept],
            mode="markers",
            name=theme.label(name),
            marker={"color": colours[str(name)], "size": 6, "opacity": 0.8},
            hovertemplate=f"{theme.label(name)}<br>expected %{{x:.2f}}, seen %{{y:.2f}}<extra></extra>",
        )
    line = {"color": theme.MISSING, "dash": "dot"}
    ends = [-reach, reach]
    figure.add_scatter(x=ends, y=ends, mode="lines", line=line, name="normal returns", hoverinfo="skip")
    return figure


def correlation_figure(pairs: pd.DataFrame, assets: list[str]) -> go.Figure:
    """Correlations of prices, returns and standardized returns, side by side on one scale from -1 to 1."""
    kinds = {"prices": "Prices", "returns": "Returns", "standardized": "Standardized returns"}
    figure = theme.base_figure(height=150 + 30 * len(assets), legend=False)
    figure.set_subplots(
        1, len(kinds), subplot_titles=list(kinds.values()), shared_yaxes=True, horizontal_spacing=0.03
    )
    labels = theme.labels(assets, width=18)
    for column, kind in enumerate(kinds, start=1):
        figure.add_heatmap(
            z=_matrix(pairs, kind, assets),
            x=labels,
            y=labels,
            zmin=-1,
            zmax=1,
            colorscale=theme.colorscale(theme.DIVERGING),
            showscale=column == len(kinds),
            texttemplate="%{z:.2f}" if len(assets) <= 8 else None,
            hovertemplate=f"{kinds[kind]}<br>%{{y}} and %{{x}}: %{{z:.3f}}<extra></extra>",
            row=1,
            col=column,
        )
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_xaxes(type="category")
    return figure


def _matrix(pairs: pd.DataFrame, kind: str, assets: list[str]) -> NDArray[np.float64]:
    matrix = np.eye(len(assets))
    place = {name: i for i, name in enumerate(assets)}
    for first, second, value in pairs[["first", "second", kind]].itertuples(index=False):
        matrix[place[first], place[second]] = matrix[place[second], place[first]] = value
    return matrix


def asset_colours(assets: list[str]) -> dict[str, str]:
    """A colour for each asset, the same in every figure of a page, and no two alike.

    Beyond the palette, hues go on by the golden angle, which keeps each away from all before it; as many
    colours are hard to tell apart by hue alone, lines are dashed there (``_DASHES``).
    """
    return {name: _colour(place) for place, name in enumerate(assets)}


_PALETTE = len(theme.CATEGORICAL)
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_GOLDEN_ANGLE = 0.38196601  # of a turn: 1 - 1 / golden ratio


def _colour(place: int) -> str:
    if place < _PALETTE:
        return theme.colour_of(place)
    beyond = place - _PALETTE
    hue = (0.08 + _GOLDEN_ANGLE * beyond) % 1
    # Three lightnesses that stand out on white and on black.
    red, green, blue = colorsys.hls_to_rgb(hue, (0.42, 0.55, 0.48)[beyond % 3], 0.55)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def thin(line: pd.Series, *, most: int = MOST_POINTS) -> pd.Series:
    """At most ``most`` points that keep every extreme: the smallest and the largest of each stretch."""
    present = line.dropna()
    if len(present) <= most:
        return present
    stretch = int(np.ceil(2 * len(present) / most))
    values = present.to_numpy()
    padded = np.pad(values, (0, -len(values) % stretch), mode="edge").reshape(-1, stretch)
    start = np.arange(len(padded)) * stretch
    both = np.concatenate([start + padded.argmin(axis=1), start + padded.argmax(axis=1)])
    return present.iloc[np.unique(np.minimum(both, len(values) - 1))]


def _ends_first(n: int, *, most: int = 400) -> NDArray[np.int64]:
    """Positions among ``n`` sorted values: all of both ends, where they differ, and some of the middle."""
    if n <= most:
        return np.arange(n)
    end = most // 4
    middle = np.linspace(end, n - end - 1, most - 2 * end).astype(np.int64)
    return np.concatenate([np.arange(end), middle, np.arange(n - end, n)])


def _add_lines(figure: go.Figure, table: pd.DataFrame, colours: Mapping[str, str], *, hover: str) -> None:
    places = {name: place for place, name in enumerate(colours)}
    for name, column in table.items():
        kept = thin(column)
        dash = _DASHES[places[str(name)] // _PALETTE % len(_DASHES)]
        figure.add_scatter(
            x=kept.index,
            y=kept,
            mode="lines",
            name=theme.label(name),
            line={"color": colours[str(name)], "width": 1.6, "dash": dash},
            hovertemplate=f"{theme.label(name)}<br>%{{x|%Y-%m-%d}}: {hover}<extra></extra>",
        )
