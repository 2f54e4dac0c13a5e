"""What do Transformers do? Six lessons: predict first, then see."""

from analytics.dashboard.app.shell import draw_page

draw_page("lessons")
