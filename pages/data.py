"""What is in this file? How it was read, what each column holds, and the rows."""

from analytics.dashboard.app.shell import draw_page

draw_page("data")
