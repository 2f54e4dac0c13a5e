"""A comparison of returns as a script."""

from analytics.numbers.returns.dividends import Dividends
from analytics.numbers.returns.price_decisions import Decision
from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.returns import ReturnKind
from analytics.numbers.returns.study import Scale
from analytics.reproduce.cleaning.cleaning import Cleaning
from analytics.reproduce.writer import script
from analytics.tables import ReadOptions


def returns_script(
    layout: PriceLayout,
    *,
    file_name: str,
    assets: tuple[str, ...] | None = None,
    kind: ReturnKind = "log",
    scale: Scale = Scale(),
    decisions: tuple[Decision, ...] = (),
    first: str | None = None,
    last: str | None = None,
    dividends: Dividends | None = None,
    benchmark: str | None = None,
    rate: float = 0.0,
    level: float = 0.95,
    options: ReadOptions = ReadOptions(),
    steps: Cleaning = Cleaning(),
) -> str:
    """A script that reads the prices, takes the recipe's steps, and prints what the page shows."""
    return script(
        "returns",
        SOURCE=file_name,
        OPTIONS=options,
        LAYOUT=layout,
        ASSETS=assets,
        KIND=kind,
        SCALE=scale,
        **steps.of("table.frame"),
        DECISIONS=decisions,
        FIRST=first,
        LAST=last,
        DIVIDENDS=dividends,
        BENCHMARK=benchmark,
        RATE=rate,
        LEVEL=level,
    )
