"""Which result was the better one? Values of different units on one scale."""

from analytics.dashboard.app.shell import draw_page

draw_page("compare")
