"""How does a decoder write? A real encoder-decoder Transformer translates, piece by piece."""

from analytics.dashboard.frame import start_page
from analytics.dashboard.models import is_imported

start_page("decoder_walk")
if is_imported("analytics.dashboard.decoder_page"):
    from analytics.dashboard import decoder_page

    decoder_page.draw()
