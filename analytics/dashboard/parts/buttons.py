"""Rows of buttons, drawn alike everywhere."""

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st


class Action(NamedTuple):
    """One button of a row: what it says, its key, its icon, whether it can be pressed, and what it does."""

    label: str
    key: str
    icon: str
    possible: bool
    act: Callable[..., None]
    arguments: tuple[Any, ...] = ()


def draw_actions(*actions: Action) -> None:
    """Buttons beside each other, in the container that is open."""
    for one in actions:
        st.button(
            one.label,
            key=one.key,
            icon=f":material/{one.icon}:",
            disabled=not one.possible,
            on_click=one.act,
            args=one.arguments,
        )
