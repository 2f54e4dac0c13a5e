"""What is in this file? How it was read, what each column holds, and the rows."""

import streamlit as st

from analytics.dashboard import data, widgets
from analytics.dashboard.frame import start_page
from analytics.dashboard.text import plain

dataset = start_page("data")
frame, report = dataset.frame, dataset.report

data.take_upload()

st.subheader("How it was read", anchor=False)
data.draw_reading(report)
other = st.expander(
    "Read it another way", icon=":material/tune:", on_change="rerun", key="data_other_reading"
)
if other.open:
    with other:
        data.draw_other_reading(dataset)

st.subheader("Rows", anchor=False)
widgets.table(frame, key="data_rows", alt=f"Rows of {dataset.name}", hide_index=False)
if dataset.sample:
    st.caption(f"Source: {plain(dataset.sample.credit)}. Licence: {plain(dataset.sample.licence)}.")
