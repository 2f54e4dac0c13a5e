"""Compares the returns of a price file again. Needs Zetascope, which wrote it."""

from analytics.numbers.returns.dividends import Dividends
from analytics.numbers.returns.headline import headline
from analytics.numbers.returns.performance import benchmark_table, performance_table
from analytics.numbers.returns.price_decisions import Decision
from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.returns import ReturnKind
from analytics.numbers.returns.study import Scale, study_returns
from analytics.numbers.returns.tail_risk import tail_risk
from analytics.tables import ReadOptions, read_table

SOURCE = "prices.csv"
OPTIONS = ReadOptions()
LAYOUT = PriceLayout("wide", "date", ("close",))
ASSETS: tuple[str, ...] | None = None
KIND: ReturnKind = "log"
SCALE = Scale()
DECISIONS: tuple[Decision, ...] = ()
FIRST: str | None = None
LAST: str | None = None
DIVIDENDS: Dividends | None = None
BENCHMARK: str | None = None
RATE = 0.0
LEVEL = 0.95

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
study = study_returns(
    frame,
    LAYOUT,
    assets=ASSETS,
    kind=KIND,
    scale=SCALE,
    decisions=DECISIONS,
    first=FIRST,
    last=LAST,
    dividends=DIVIDENDS,
)
performance = performance_table(study.prices, study.returns, per_year=study.per_year, kind=KIND, rate=RATE)
losses = tail_risk(study.returns, level=LEVEL)
print(headline(study), study.summary, performance, losses, sep="\n\n")
if BENCHMARK is not None:
    print(
        benchmark_table(
            study.prices, study.returns, benchmark=BENCHMARK, per_year=study.per_year, kind=KIND, rate=RATE
        )
    )
