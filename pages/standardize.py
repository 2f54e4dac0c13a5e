"""How far from typical is each value? Numbers of different units on one standard scale."""

from analytics.dashboard.app.shell import draw_page

draw_page("standardize")
