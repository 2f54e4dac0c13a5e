"""What is in this text? A map of meaning, and an honest account of where it lies."""

import streamlit as st

from analytics.dashboard import text_map, text_map_parts, text_map_views, text_map_words, widgets
from analytics.dashboard.frame import start_page

dataset = start_page("text_map")
answer, controls = st.columns([7, 3], gap="medium")
made = None
with controls:
    source = text_map.choose_source(dataset)
    look = st.container()
    with st.popover("Map and cluster settings", icon=":material/tune:", width="stretch"):
        parameters = text_map.choose_parameters()
        clustering = text_map.choose_clusters(source.limit or len(dataset.frame)) if source else ("map", 5)
        text_map.take_vectors(dataset)

if not source:
    with answer:
        text_map.offer_sample()
else:
    with answer, widgets.errors_told():
        made = text_map.make_map(dataset, source, parameters, clustering)

if made:
    with look:
        colouring = text_map_views.choose_colour(dataset, made)
        hits = text_map_views.search_box(made)
        with st.popover("Filter and size", icon=":material/filter_alt:", width="stretch"):
            passed = text_map_views.choose_filter(dataset, made)
            sizes = text_map_views.choose_sizes(dataset, made)
        text_map_views.draw_focus(made)
    with answer:
        text_map_words.draw_answer(made)
        text_map_views.draw_map(made, colouring, sizes, text_map_views.emphasised(made, passed, hits))
    text_map_parts.draw_part(dataset, made, hits)
    with st.expander("How this is computed", icon=":material/functions:"):
        text_map_words.draw_method(made)
