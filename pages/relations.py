"""How do the columns hang together? Every pair by one measure, what tells about a column, gaps together."""

from analytics.dashboard.app.shell import draw_page

draw_page("relations")
