"""Compares the returns of a price file again. Needs Zetascope, which wrote it."""

from analytics.numbers.returns.price_layout import PriceLayout
from analytics.numbers.returns.returns import ReturnKind
from analytics.numbers.returns.study import Scale, study_returns
from analytics.tables import ReadOptions, read_table

SOURCE = "prices.csv"
OPTIONS = ReadOptions()
LAYOUT = PriceLayout("wide", "date", ("close",))
ASSETS: tuple[str, ...] | None = None
KIND: ReturnKind = "log"
SCALE = Scale()

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
study = study_returns(frame, LAYOUT, assets=ASSETS, kind=KIND, scale=SCALE)
print(study.summary)
