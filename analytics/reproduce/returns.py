"""A comparison of returns as a script."""

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
    options: ReadOptions = ReadOptions(),
    steps: Cleaning = Cleaning(),
) -> str:
    """A script that reads the prices and prints the summary of ``study_returns`` with these arguments."""
    return script(
        "returns",
        SOURCE=file_name,
        OPTIONS=options,
        LAYOUT=layout,
        ASSETS=assets,
        KIND=kind,
        SCALE=scale,
        **steps.of("table.frame"),
    )
