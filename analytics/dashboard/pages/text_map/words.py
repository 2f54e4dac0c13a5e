"""The Text map page in words: its answer, what to know about it, and how it was computed."""

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map.known import passages_of
from analytics.dashboard.pages.text_map.maps import MadeMap, encoder_of
from analytics.dashboard.pages.text_map.state import lacks_webgl, most_drawn
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.text import MapParameters

_DRAWN = 3  # dimensions that a picture has
_NOTE_CUT = "Only the first part of a long text decides its place; Settings can have them read whole."


def draw_answer(made: MadeMap) -> None:
    """The page's answer: how many groups, and how far the map can be believed."""
    clusters, projection = made.clusters, made.projection
    groups = len(clusters.sizes)
    n = len(made.texts)
    mapped = count(n, made.noun)
    if made.noun == "passage":
        mapped += f" of {count(len(np.unique(made.rows)), 'text')}"
    biggest = f"; the largest: {plain(clusters.names[0])}" if groups else ""
    st.subheader(
        f"{mapped} in {count(groups, 'group')}, {clusters.noise_share:.0%} in none{biggest}",
        anchor=False,
        help=hover("cluster"),
    )
    st.markdown(f"{projection.point_trust.sentence()} {projection.quality.sentence(n)}")
    for note in notes_on(made):
        st.caption(note)


def notes_on(made: MadeMap) -> list[str]:
    """What a reader of the map should know: left out, cut off, sampled, approximate."""
    notes = []
    column = made.column
    if column.missing or column.blank:
        notes.append(f"{column.missing:,} missing and {column.blank:,} blank cells are not on the map.")
    if made.source.limit:
        notes.append(f"A sample: {len(np.unique(made.rows)):,} of {made.sampled_of:,} rows.")
    if lacks_webgl():
        notes.append(
            f"This browser has no WebGL, so the map is drawn without it: at most {most_drawn():,} points, "
            "and the zoom begins anew with every click."
        )
    if len(made.texts) > most_drawn():
        notes.append(
            f"The browser draws {most_drawn():,} of the {len(made.texts):,} points, evenly spread; a region "
            "selects all that lie in it, and downloads have every row."
        )
    if made.source.passages:
        notes.append(_read_whole(passages_of(made.source, made.column).sizes))
    if made.column.counts is not None:
        first = np.unique(made.rows, return_index=True)[1]
        notes.append(
            _read_whole(made.column.counts[first]) + " Each passage is a point; what is selected, "
            "tagged or dropped are whole texts."
        )
    cut = int((made.read_share < 1).sum())
    if cut:
        worst = made.read_share.min()
        notes.append(
            f"{count(cut, 'text')} longer than the model reads; of the longest it read {worst:.0%}. "
            + _NOTE_CUT
        )
    if not made.projection.neighbors.exact:
        notes.append(f"Neighbours are approximate: {made.projection.neighbors.recall:.1%} of them are found.")
    return notes


def _read_whole(sizes: np.ndarray) -> str:
    """How many passages (n,) the texts were read in."""
    return (
        f"All texts are read whole: 100% of the longest in {count(int(sizes.max()), 'passage')}, "
        f"{count(int((sizes > 1).sum()), 'text')} in more than one. A passage begins with the last sentence "
        "of the one before, where that takes no more than a fifth of it."
    )


def draw_method(made: MadeMap) -> None:
    """What was computed, with which model, and what its numbers mean."""
    parameters, quality = made.projection.parameters, made.projection.quality
    model = "vectors made elsewhere" if made.source.uploaded else f"the model {plain(made.source.model)}"
    how = "exactly" if made.projection.neighbors.exact else "approximately"
    st.markdown(
        f"Texts became vectors with {model}; identical texts are read once. Each vector was compared with "
        f"every other ({how}), and that one graph of nearest neighbours serves the map, its trust, "
        f"duplicates and unusual texts. Method {parameters.method}, seed {parameters.seed}: the same "
        f"machine draws the same map again.{_learned(parameters)}"
    )
    st.markdown(
        r"""
**Similarity** is the cosine of two vectors. **Trust** of a point is the share of its 15 true neighbours
(of all, where there are fewer) that are among its 15 nearest on the map; a **torn** neighbour is not even
among the 45 nearest. Copies of a text are as near as each other, so any of them counts.
**Trustworthiness** (Venna and Kaski, 2001) is
$1-\frac{2}{nk(2n-3k-1)}\sum_i\sum_{j\in U_k(i)}(r(i,j)-k)$, where $U_k(i)$ are the points that intrude
among the $k$ nearest of $i$ on the map and $r(i,j)$ is the true rank of $j$; **continuity** exchanges map
and truth.

UMAP (McInnes, Healy and Melville, 2018) draws near what is near and lets the rest float: sizes of groups and
the distances between them mean little. **Topics** are cut from one HDBSCAN tree, made by k-means or
by Leiden; their names are the phrases with the greatest class-based tf-idf, contrasted with the nearest three
topics. **One group** asks the vectors, not the map: it is one when its texts are denser than 99 random groups
as large and hold at least 15% of the neighbours that chance would put outside. **Search** by both joins the
ranks by meaning and by words (reciprocal rank fusion); what lies below the similarity that random letters of
the file reach is no hit.
"""
    )
    _draw_runtime(made)
    if quality.error:
        st.caption(f"Standard error of the measured trustworthiness: {quality.error:.4f}.")


def _learned(parameters: MapParameters) -> str:
    """What umap-learn was asked for beyond the usual."""
    said = []
    if parameters.metric != "cosine":
        said.append(f"The map goes by the {parameters.metric} distance; all else by the cosine.")
    if parameters.guided_by is not None:
        said.append(
            f"Its layout was guided by {plain(parameters.guided_by)}: that texts of a value lie together was "
            "asked for, and is no finding."
        )
    if parameters.density:
        said.append("Densities are kept (densMAP; Narayan, Berger and Cho, 2021).")
    if parameters.dimensions > _DRAWN:
        said.append(
            f"Of its {parameters.dimensions} dimensions the picture shows the two widest directions, and "
            "trust is that of the picture. Topics by density use them all, and the table has them."
        )
    return "".join(f" {sentence}" for sentence in said)


def _draw_runtime(made: MadeMap) -> None:
    """Which way of running the model was found to be the quickest here."""
    if made.source.uploaded:
        return
    encoder = encoder_of(made.source)
    if encoder.has_chosen and encoder.choice:
        st.caption(plain(encoder.choice.sentence(), width=1_000))
