"""The flat map as one HTML file that needs no network: search, topics, every colour, selection and texts."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.figures import offline_page as offline
from analytics.figures.text_map import point_layer
from analytics.figures.text_map.looks import Colouring
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters
from analytics.words import count

_ASSETS = Path(__file__).parent / "assets"
_SCRIPT = f"{point_layer.SCRIPT}\n{(_ASSETS / 'saved.js').read_text()}"
_STYLE = f"{point_layer.STYLE}\n{(_ASSETS / 'saved.css').read_text()}"
_MARKUP = (_ASSETS / "saved.html").read_text().replace("<!-- map -->", point_layer.MARKUP)
_KEY, _HEIGHT = "saved", 720
MOST_SAVED = 200_000
"""Texts in one file: with their columns some 100 MB, which a browser still opens in seconds."""


def saved_page(
    projection: Projection,
    texts: Sequence[str],
    rows: np.ndarray,
    *,
    title: str,
    notes: Sequence[str],
    clusters: Clusters,
    colourings: Mapping[str, Colouring],
    others: pd.DataFrame,
    selected: np.ndarray | None = None,
) -> str:
    """The page; ``rows`` (n,) are numbers in the file, from 0, ``others`` the other columns of these rows.

    ``colourings`` by the name under which they are offered, the first of them shown; ``selected`` (n,) bool.
    Of more than ``MOST_SAVED`` texts so many, evenly spread, are in it, which is said.
    """
    places = np.arange(len(texts))
    if len(places) > MOST_SAVED:
        places = np.linspace(0, len(texts) - 1, MOST_SAVED).round().astype(np.int64)
        notes = [*notes, f"{count(MOST_SAVED, 'text')} of {len(texts):,}, evenly spread, are in this file."]
    looks = [
        {
            "title": name,
            "look": _text(
                point_layer.look(
                    projection,
                    key=_KEY,
                    colouring=colouring,
                    drawn=places,
                    alt=f"{title}, coloured by {name}",
                    height=_HEIGHT,
                    levels=[clusters] if not at else [],
                )
            ),
        }
        for at, (name, colouring) in enumerate(colourings.items())
    ]
    shown = others.iloc[places]
    told = {
        "points": _text(point_layer.stock(projection.points[places], None, key=_KEY)),
        "looks": looks,
        "texts": [texts[place] for place in places.tolist()],
        "rows": (rows[places] + 1).tolist(),
        "topics": clusters.labels[places].tolist(),
        "names": list(clusters.names),
        "columns": [str(name) for name in shown.columns],
        "cells": [shown.iloc[:, at].astype("string").fillna("").tolist() for at in range(shown.shape[1])],
        "selected": [] if selected is None else np.flatnonzero(selected[places]).tolist(),
    }
    return offline.page(
        title,
        [
            f"<style>{_STYLE}</style>",
            offline.heading(title, 1),
            *[offline.paragraph(note) for note in notes],
            _MARKUP.replace(
                '<div data-part="map"></div>', f'<div data-part="map">{point_layer.MARKUP}</div>'
            ),
            f"<script id='told' type='application/json'>{_harmless(told)}</script>",
            f"<script type='module'>{_SCRIPT}</script>",
        ],
    )


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _harmless(told: object) -> str:
    """JSON that no text can leave: without a ``<`` there is neither an end of a script nor a comment."""
    return json.dumps(told).replace("<", "\\u003c")
