"""How did this text become a vector? A real encoder, stage by stage, every number checkable."""

from analytics.dashboard.app.shell import draw_page

draw_page("encoder_walk")
