"""How does a decoder write? A real encoder-decoder Transformer translates, piece by piece."""

from analytics.dashboard.app.shell import draw_page

draw_page("decoder_walk")
