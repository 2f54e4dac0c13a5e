"""Pictures of one column: every row is in a bar or a day, and names are drawn as text."""

import numpy as np

from analytics.figures import columns
from analytics.tables import Histogram


def test_bars_have_the_counts_and_lines_only_inside() -> None:
    shape = Histogram(np.array([3, 0, 2]), np.array([0.0, 1.0, 2.0, 3.0]))
    figure = columns.histogram(shape, name="<b>x</b>", marks=[("median", 1.5), ("mean", 99.0)])
    assert list(figure.data[0].y) == [3, 0, 2]
    assert list(figure.data[0].x) == [0.5, 1.5, 2.5]
    assert len(figure.layout.shapes) == 1
    assert "<b>" not in figure.layout.xaxis.title.text


def test_values_are_drawn_from_the_top_as_text() -> None:
    figure = columns.value_bars(["<i>a</i>", ""], [5, 1], rows=10)
    assert list(figure.data[0].x) == [5, 1]
    assert figure.layout.yaxis.ticktext == ("&lt;i&gt;a&lt;/i&gt;", "(empty)")
    assert figure.layout.yaxis.autorange == "reversed"


def test_a_calendar_has_every_day_under_its_weekday() -> None:
    days = np.array(["2024-01-01", "2024-01-07", "2024-01-08"], dtype="datetime64[D]")
    figure = columns.calendar(days, np.array([4, 2, 1]))
    assert figure is not None
    heat = figure.data[0]
    assert next(iter(heat.y)) == "Mon"
    grid = np.array(heat.z, dtype=float)
    assert grid.shape == (7, 2)
    assert grid[0].tolist() == [4.0, 1.0]
    assert grid[6, 0] == 2.0
    assert heat.customdata[6][0] == "2024-01-07"


def test_many_days_are_drawn_by_month_and_more_years_not_at_all() -> None:
    days = np.array(["2000-01-05", "2000-01-31", "2009-12-31"], dtype="datetime64[D]")
    figure = columns.calendar(days, np.array([1, 2, 3]))
    assert figure is not None
    grid = np.array(figure.data[0].z, dtype=float)
    assert grid.shape == (10, 12)
    assert grid[0, 0] == 3
    assert grid[9, 11] == 3
    assert np.nansum(grid) == 6
    far = np.array(["1000-01-01", "2024-01-01"], dtype="datetime64[D]")
    assert columns.calendar(far, np.array([1, 1])) is None


def test_the_strip_runs_over_all_rows() -> None:
    figure = columns.missing_strip(np.array([0.0, 0.5, 1.0]), rows=9)
    assert list(figure.data[0].z[0]) == [0.0, 0.5, 1.0]
    assert list(figure.data[0].customdata[0]) == ["rows 1 to 3", "rows 4 to 6", "rows 7 to 9"]
