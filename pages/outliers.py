"""Which rows are unusual, and why? Several methods, their reasons, and what to do about it."""

from analytics.dashboard.frame import draw_page

draw_page("outliers")
