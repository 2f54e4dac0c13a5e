"""How did this text become a vector? A real encoder, stage by stage, every number checkable."""

from analytics.dashboard.frame import start_page
from analytics.dashboard.models import is_imported

dataset = start_page("encoder_walk")
if is_imported("analytics.dashboard.encoder_page"):
    from analytics.dashboard import encoder_page

    encoder_page.draw(dataset)
