"""What does my text say about this? Passages that answer, why each was found, and how good that is."""

from analytics.dashboard.app.shell import draw_page

draw_page("ask")
