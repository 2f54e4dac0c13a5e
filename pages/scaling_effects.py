"""Does scaling help? The same models on the same folds, raw and scaled."""

from analytics.dashboard.frame import draw_page

draw_page("scaling_effects")
