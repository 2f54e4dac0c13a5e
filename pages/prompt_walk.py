"""How does a model like GPT write on from a prompt?"""

from analytics.dashboard.app.shell import draw_page

draw_page("prompt_walk")
