"""Does scaling help? The same models on the same folds, raw and scaled."""

from analytics.dashboard.app.shell import draw_page

draw_page("scaling_effects")
