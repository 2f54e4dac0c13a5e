"""How should I classify these texts? Retrieve or fine-tune, measured."""

from analytics.dashboard.app.shell import draw_page

draw_page("classify")
