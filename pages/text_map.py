"""What is in this text? A map of meaning, and an honest account of where it lies."""

from analytics.dashboard.app.shell import draw_page

draw_page("text_map")
