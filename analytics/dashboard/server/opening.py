"""Files that visitors bring are opened here, each in a process of its own, and never in the server itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from analytics import project
from analytics.apart import Limits, prepare
from analytics.dashboard.server.settings import read_settings
from analytics.project import Memory, Project
from analytics.recipe import Recipe
from analytics.recipe.recipe_apart import recipe_apart
from analytics.tables import ReadOptions, Table, list_sheets, read_table

if TYPE_CHECKING:
    from analytics.numbers import Standardizer
    from analytics.recipe.steps import Keep
    from analytics.reproduce import PandasReading
    from analytics.scale.part import LargeFile, Part

_MODULES = ("analytics.tables.tasks", "analytics.project.memory", "analytics.reproduce.reading_apart")
"""Loaded ahead in the process that others are forked from; for vectors and transforms a second is spent."""


def prepare_opening() -> None:
    """Have the process ready before the first file comes; returns at once."""
    prepare(_MODULES)


@st.cache_resource(show_spinner=False)
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(max(1, read_settings().readings))


@contextmanager
def opening() -> Iterator[Limits]:
    """Wait for a place, then give what the process that opens a file may use."""
    settings = read_settings()
    prepare_opening()
    with _places():
        yield Limits(settings.reading_mb, settings.reading_cpu_seconds, settings.reading_seconds)


def open_table(source: bytes, *, name: str, options: ReadOptions) -> Table:
    """A visitor's table; raises TableError."""
    with opening() as limits:
        return read_table(source, name=name, options=options, isolated=limits)


def look_over_large(source: bytes, *, name: str) -> "LargeFile":
    """Rows and columns of a file that is too large to be opened whole; raises ScaleError."""
    from analytics.scale.part import look_over

    with opening() as limits:
        return look_over(source, name=name, limits=limits)


def part_of_large(
    source: bytes, *, name: str, rows: int, keep: "Keep | None", columns: tuple[str, ...]
) -> "Part":
    """Some rows of such a file, as Parquet; raises ScaleError."""
    from analytics.scale.part import take_part

    with opening() as limits:
        return take_part(source, name=name, rows=rows, keep=keep, columns=columns, limits=limits)


def sheets_of(source: bytes) -> list[str]:
    """Names of the sheets of a visitor's workbook; raises TableError."""
    with opening() as limits:
        return list_sheets(source, isolated=limits)


def open_vectors(source: bytes, *, rows: int) -> np.ndarray:
    """Vectors made elsewhere, one per row; raises ZetascopeError."""
    from analytics.text import read_vectors

    most = read_settings().session_mb * 1024**2
    with opening() as limits:
        return read_vectors(source, rows=rows, max_bytes=most, isolated=limits)


def open_transform(source: bytes) -> "Standardizer":
    """A transform saved earlier; raises StandardizeError."""
    from analytics.numbers import Standardizer
    from analytics.numbers.standardizing.transform_apart import parameters_apart

    with opening() as limits:
        return Standardizer.from_parameters(parameters_apart(source, limits=limits))


def recipe_of_transform(transform: "Standardizer", *, reading: ReadOptions) -> Recipe | None:
    """The recipe that a transform carries; None in those from before they did. Raises RecipeError."""
    text = transform.parameters_.recipe
    return open_recipe(text.encode(), reading=reading) if text else None


def open_recipe(source: bytes, *, reading: ReadOptions) -> Recipe:
    """A recipe saved earlier, with this server's limits of ``reading``; raises RecipeError."""
    with opening() as limits:
        return recipe_apart(source, limits=limits, reading=reading)


def open_project(source: bytes, *, reading: ReadOptions) -> Project:
    """A project saved earlier, with this server's limits of ``reading``; raises ProjectError."""
    with opening() as limits:
        return project.open_project(source, limits=reading, isolated=limits)


def open_memory(text: str, *, reading: ReadOptions) -> Memory:
    """What a browser remembers of a file, with this server's limits of ``reading``; raises ProjectError."""
    with opening() as limits:
        return project.memory_of_text(text, limits=reading, isolated=limits)


def reading_by_pandas(source: bytes, *, name: str, options: ReadOptions) -> "PandasReading":
    """How pandas alone reads a visitor's file; raises ZetascopeError."""
    from analytics.reproduce.reading_apart import pandas_reading_apart

    with opening() as limits:
        return pandas_reading_apart(source, file_name=name, options=options, limits=limits)
