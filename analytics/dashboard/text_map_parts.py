"""What can be looked at below the map: clusters, the selection, duplicates, files and more."""

from __future__ import annotations

from collections.abc import Hashable
from io import BytesIO

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard import text_map_views as views
from analytics.dashboard import widgets
from analytics.dashboard.datasets import DataSet
from analytics.dashboard.text import count
from analytics.dashboard.text_map import MadeMap, duplicates_of
from analytics.dashboard.text_map_words import notes_on
from analytics.tables import write_csv, write_parquet
from analytics.text import DuplicateGroups, Hits, map_table, selection_differences, write_vectors

SHOWN = 200
THRESHOLD = 0.95
PARTS = ("Clusters", "Selection", "Search", "Near duplicates", "Unusual", "New texts", "Download")


def draw_part(dataset: DataSet, made: MadeMap, hits: Hits | None) -> None:
    """The chosen part."""
    part = st.segmented_control(
        "Look at",
        PARTS,
        default=PARTS[0],
        key="text_map_part",
        bind="query-params",
        label_visibility="collapsed",
    )
    draw = {
        "Selection": lambda: draw_selection(dataset, made),
        "Search": lambda: draw_hits(made, hits),
        "Near duplicates": lambda: draw_duplicates(dataset, made),
        "Unusual": lambda: draw_unusual(made),
        "New texts": lambda: draw_new_texts(made),
        "Download": lambda: draw_downloads(dataset, made),
    }
    draw.get(part or PARTS[0], lambda: draw_clusters(made))()


def draw_clusters(made: MadeMap) -> None:
    """Every cluster with its words, size and most typical text; a row selects it."""
    clusters = made.clusters
    if not len(clusters.sizes):
        st.info("No group is dense enough to be a cluster.", icon=":material/scatter_plot:")
        return
    trust = made.projection.trust
    frame = pd.DataFrame(
        {
            "cluster": clusters.names,
            "texts": clusters.sizes,
            "trust": [trust[clusters.labels == label].mean() for label in range(len(clusters.sizes))],
            "most typical": [made.texts[rows[0]] for rows in clusters.examples],
            "also typical": [" · ".join(made.texts[row] for row in rows[1:3]) for rows in clusters.examples],
        }
    )
    st.caption(
        f"HDBSCAN on the {clusters.space}, at least {clusters.min_size} texts each; "
        f"{clusters.noise_share:.0%} of the texts are noise. Choose a row to select its texts."
    )
    state = widgets.table(
        frame,
        key="text_map_clusters_table",
        alt="Clusters with their distinguishing words",
        column_config={"trust": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")},
        on_select="rerun",
        selection_mode="single-row",
    )
    picked = state["selection"]["rows"]
    if picked:
        rows = made.rows[clusters.labels == picked[0]]
        kept = views.selected_of(made)
        if kept is None or not np.array_equal(kept, rows):
            views.select_rows(made, rows)
            st.rerun()


def draw_selection(dataset: DataSet, made: MadeMap) -> None:
    """The selected texts, how far their place can be trusted, and which columns set them apart."""
    rows = views.selected_of(made)
    if rows is None:
        st.info("Lasso or box some points on the map, or choose a cluster.", icon=":material/lasso_select:")
        return
    on_map = np.isin(made.rows, rows)
    trust = made.projection.trust[on_map].mean()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count(len(rows), 'text')} selected.** Mean trust of their places: {trust:.0%}.")
        st.button("Clear the selection", key="text_map_clear", on_click=views.clear_selection)
    if trust < min(views.LOW_TRUST, 0.75 * made.projection.trust.mean()):
        st.warning(
            "In this area the map keeps few true neighbours together: what lies side by side here may have "
            "little in common.",
            icon=":material/warning:",
        )
    selected = np.zeros(len(dataset.frame), dtype=bool)
    selected[rows] = True
    with widgets.errors_told():
        _draw_differences(dataset, made, selected)
    shown = dataset.frame.loc[selected]
    widgets.table(shown, key="text_map_selected_table", alt="The selected rows", hide_index=False)
    widgets.download(
        "Selected rows (CSV)",
        lambda: _csv(shown),
        file_name="selection.csv",
        mime="text/csv",
        key="text_map_download_selection",
    )


def _draw_differences(dataset: DataSet, made: MadeMap, selected: np.ndarray) -> None:
    mapped = np.zeros(len(selected), dtype=bool)
    mapped[made.rows] = True
    kinds: dict[Hashable, str] = {
        name: role.kind for name, role in dataset.roles.items() if name != made.source.column
    }
    found = selection_differences(dataset.frame.loc[mapped], selected[mapped], kinds=kinds)
    st.markdown("**Which columns set them apart from the rest**")
    if found.empty:
        st.caption("There is no other number or category to compare.")
        return
    widgets.table(
        found[["column", "effect", "difference", "p_adjusted"]],
        key="text_map_differences",
        alt="Columns ranked by how much the selection differs from the rest",
        column_config={
            "effect": st.column_config.NumberColumn(
                format="%.2f", help="Cliff's delta for numbers (-1 to 1), Cramer's V for categories (0 to 1)."
            ),
            "p_adjusted": st.column_config.NumberColumn(
                format="%.2g",
                help="Corrected for the number of columns. The selection was made by looking, so this says "
                "where to look, not what is proved.",
            ),
        },
    )


def draw_hits(made: MadeMap, hits: Hits | None) -> None:
    """What the search found, and a way to start from one of them."""
    if hits is None:
        st.info("Type something into the search beside the map.", icon=":material/search:")
        return
    if not len(hits.rows):
        st.info("No text contains these words.", icon=":material/search_off:")
        return
    frame = pd.DataFrame(
        {
            "similarity": hits.similarity,
            "word match": hits.word_match,
            "text": [made.texts[row] for row in hits.rows],
            "row": made.rows[hits.rows] + 1,
        }
    )
    state = widgets.table(
        frame,
        key="text_map_hits",
        alt="Texts found, best first",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "similarity": st.column_config.NumberColumn(format="%.3f"),
            "word match": st.column_config.NumberColumn(format="%.2f"),
        },
    )
    st.caption("Choose a row to see its neighbours on the map.")
    picked = state["selection"]["rows"]
    if picked:
        place = int(hits.rows[picked[0]])
        if views.focus_of(made) != place:
            views.set_focus(made, place)
            st.rerun()


def draw_duplicates(dataset: DataSet, made: MadeMap) -> None:
    """Groups of texts that say nearly the same."""
    threshold = st.slider(
        "Similarity from which texts count as the same",
        0.80,
        1.0,
        THRESHOLD,
        0.01,
        key="text_map_threshold",
        bind="query-params",
    )
    groups = duplicates_of(made.source, threshold, made.projection.neighbors)
    st.markdown(
        f"**{count(groups.count, 'group')}** of near duplicates; **{count(groups.surplus, 'row')}** could go "
        "if one of each group stayed."
    )
    places = np.flatnonzero(groups.labels >= 0)
    places = places[np.argsort(groups.labels[places], kind="stable")]
    frame = pd.DataFrame(
        {
            "group": groups.labels[places] + 1,
            "similarity": groups.similarity[places],
            "text": [made.texts[place] for place in places],
            "row": made.rows[places] + 1,
        }
    )
    _draw_listing(
        frame, key="text_map_duplicates", alt="Near duplicates, group by group", name="near_duplicates"
    )


def draw_unusual(made: MadeMap) -> None:
    """Texts far from all others, in the model's space and not on the map."""
    places = made.unusual.rows(SHOWN)
    st.caption(
        f"Mean distance to the {made.unusual.k} nearest texts, among the vectors: a point that lies "
        "alone on the map is not on this list unless it is alone in truth."
    )
    frame = pd.DataFrame(
        {
            "distance": made.unusual.distance[places],
            "text": [made.texts[place] for place in places],
            "row": made.rows[places] + 1,
        }
    )
    _draw_listing(
        frame, key="text_map_unusual", alt="The most unusual texts, first the farthest", name="unusual"
    )


def _draw_listing(frame: pd.DataFrame, *, key: str, alt: str, name: str) -> None:
    numbers = {column: st.column_config.NumberColumn(format="%.3f") for column in ("similarity", "distance")}
    widgets.table(frame, key=key, alt=alt, column_config=numbers)
    widgets.download(
        "This list (CSV)",
        lambda: _csv(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"{key}_download",
    )


def draw_new_texts(made: MadeMap) -> None:
    """Place texts that are not in the table on the map, which does not move."""
    if made.source.uploaded:
        st.info("New texts need vectors of this page's own model.", icon=":material/info:")
        return
    with st.form("text_map_new"):
        st.text_area("New texts, one per line", key=views.NEW_TEXTS, max_chars=20_000)
        st.form_submit_button("Place on the map", icon=":material/add_location:", on_click=views.want_texts)
    points, texts = views.placed_texts(made)
    if points is None:
        return
    st.caption(
        "Diamonds on the map. The map itself does not move, and each text is placed as if it were alone."
    )
    widgets.table(
        views.place_texts(made.key, texts, made)[1],
        key="text_map_placed",
        alt="New texts and their nearest neighbours",
        column_config={
            "similarity": st.column_config.NumberColumn(format="%.3f"),
            "farther than": st.column_config.NumberColumn(
                format="percent", help="Share of the map's own texts that are nearer to their neighbours."
            ),
        },
    )


def draw_downloads(dataset: DataSet, made: MadeMap) -> None:
    """The table with the map's columns, the vectors, the map as a page, and a script."""
    stem = dataset.name.rsplit(".", 1)[0]
    # A download is made in another thread, where the session cannot be read: so it is read here.
    selected = _selected_mask(dataset, made)
    groups = duplicates_of(made.source, _threshold(), made.projection.neighbors)
    with st.container(horizontal=True):
        widgets.download(
            "Table with the map (CSV)",
            lambda: _csv(exported(dataset, made, groups, selected)),
            file_name=f"{stem}_map.csv",
            mime="text/csv",
            key="text_map_download_csv",
        )
        widgets.download(
            "Table with the map (Parquet)",
            lambda: _parquet(exported(dataset, made, groups, selected)),
            file_name=f"{stem}_map.parquet",
            mime="application/vnd.apache.parquet",
            key="text_map_download_parquet",
        )
        widgets.download(
            "Vectors (.npy)",
            lambda: write_vectors(all_vectors(dataset, made)),
            file_name=f"{stem}_vectors.npy",
            mime="application/octet-stream",
            key="text_map_download_vectors",
        )
        widgets.download(
            "The map as a page (HTML)",
            lambda: _page(dataset, made),
            file_name=f"{stem}_map.html",
            mime="text/html",
            key="text_map_download_html",
        )
        widgets.download(
            "A script that makes it again",
            lambda: _script(dataset, made),
            file_name=f"{stem}_map.py",
            mime="text/x-python",
            key="text_map_download_script",
        )
    st.caption(
        "Every row of the table is in the download once and in its order; rows that are not on the map have "
        "empty cells there. The vectors file has one vector per row, zeros where there is no text. The page "
        "needs no network. Coordinates are stored because another machine may compute others."
    )


def exported(
    dataset: DataSet, made: MadeMap, groups: DuplicateGroups, selected: np.ndarray | None
) -> pd.DataFrame:
    """The whole table with what the map says."""
    return map_table(
        dataset.frame,
        made.rows,
        made.projection,
        clusters=made.clusters,
        duplicates=groups,
        unusual=made.unusual,
        selected=selected,
    )


def _selected_mask(dataset: DataSet, made: MadeMap) -> np.ndarray | None:
    rows = views.selected_of(made)
    if rows is None:
        return None
    selected = np.zeros(len(dataset.frame), dtype=bool)
    selected[rows] = True
    return selected


def _threshold() -> float:
    return float(st.session_state.get("text_map_threshold", THRESHOLD))


def all_vectors(dataset: DataSet, made: MadeMap) -> np.ndarray:
    """One vector per row of the table, (n, d) float32; zeros where the row is not on the map."""
    vectors = np.zeros((len(dataset.frame), made.projection.vectors.shape[1]), dtype=np.float32)
    vectors[made.rows] = made.projection.vectors
    return vectors


def _csv(frame: pd.DataFrame) -> bytes:
    target = BytesIO()
    write_csv(frame, target)
    return target.getvalue()


def _parquet(frame: pd.DataFrame) -> bytes:
    target = BytesIO()
    write_parquet(frame, target)
    return target.getvalue()


def _page(dataset: DataSet, made: MadeMap) -> str:
    from analytics.figures.text_map import colour_by_cluster, map_figure, offline_page

    figure = map_figure(
        made.projection,
        made.texts,
        made.rows,
        colouring=colour_by_cluster(made.clusters),
        clusters=made.clusters,
        height=780,
    )
    quality = made.projection.quality
    notes = [
        f"{len(made.texts):,} texts of column {made.source.column}; near points are texts of like meaning.",
        f"Trustworthiness {quality.trustworthiness:.3f}, continuity {quality.continuity:.3f}.",
        *notes_on(made),
    ]
    return offline_page(figure, title=f"Text map of {dataset.name}", notes=notes)


def _script(dataset: DataSet, made: MadeMap) -> str:
    from analytics.text.map_script import map_script

    return map_script(
        file_name=dataset.name,
        column=made.source.column,
        model=made.source.model,
        parameters=made.projection.parameters,
        space=made.clusters.space,
        min_size=made.clusters.min_size,
        limit=made.source.limit,
        options=dataset.options,
    )
