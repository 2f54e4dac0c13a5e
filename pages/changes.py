"""What changed between two files? Columns, values, shares and rows of yesterday's and today's."""

from analytics.dashboard.app.shell import draw_page

draw_page("changes")
