"""Which rows are unusual, and why? Several methods, their reasons, and what to do about it."""

from analytics.dashboard.app.shell import draw_page

draw_page("outliers")
