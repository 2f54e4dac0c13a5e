"""The line on every page that says which rows it works on: what the recipe left of the file."""

import streamlit as st

from analytics.dashboard.parts.links import RECIPE_PAGE, link
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet

_PROBLEMS_SHOWN = 3


def draw_line(dataset: DataSet) -> None:
    """How many rows after how many steps, and which steps were passed over; nothing without steps."""
    if not dataset.steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(line_of(dataset), width="content")
        link(RECIPE_PAGE, "See the recipe", icon="receipt_long")
    passed = [account for account in dataset.account if account.problem]
    for account in passed[:_PROBLEMS_SHOWN]:
        st.warning(plain(account.sentence(), width=400), icon=":material/warning:")
    if passed[_PROBLEMS_SHOWN:]:
        st.caption(f"{count(len(passed) - _PROBLEMS_SHOWN, 'more step')} passed over.")


def line_of(dataset: DataSet) -> str:
    """``1,612 of 1,704 rows after 4 steps``, and what it means for the columns where they changed."""
    before, after = dataset.read_table.frame, dataset.frame
    active = [account for account in dataset.account if account.step.active]
    rows = f"{len(after):,} of {count(len(before), 'row')}"
    if not dataset.has_rows_of_file:
        rows = f"{count(len(after), 'row')} made of {len(before):,}"
    columns = f", {count(after.shape[1], 'column')}" if after.shape[1] != before.shape[1] else ""
    counts = {
        "passed over": sum(bool(account.problem) for account in active),
        "switched off": len(dataset.account) - len(active),
    }
    aside = ", ".join(f"{times} {what}" for what, times in counts.items() if times)
    return f"{rows}{columns} after {count(len(active), 'step')}" + (f" ({aside})" if aside else "")


def tell_empty(dataset: DataSet) -> None:
    """Say that the recipe leaves nothing to work on, and which step took the last rows."""
    last = next((one for one in dataset.account if one.rows[0] and not one.rows[1]), None)
    said = f" The last ones go at: {last.sentence()}" if last else ""
    st.warning(
        plain(f"No row is left after {count(len(dataset.steps), 'step')}.{said}", width=400),
        icon=":material/filter_alt_off:",
    )
    link(RECIPE_PAGE, "Change the recipe", icon="receipt_long")
