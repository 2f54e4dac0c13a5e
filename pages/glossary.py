"""What does this word mean? The field's words, each in one plain paragraph with its source."""

from analytics.dashboard.app.shell import draw_page

draw_page("glossary")
