"""How do returns compare? Assets of a price file on one scale."""

from analytics.dashboard.app.shell import draw_page

draw_page("returns")
