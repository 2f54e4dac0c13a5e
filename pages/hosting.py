"""How do I host Zetascope? For owners: every setting with its default, and where it can run."""

from analytics.dashboard.app.shell import draw_page

draw_page("hosting")
