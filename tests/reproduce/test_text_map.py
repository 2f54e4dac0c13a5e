"""The script makes the exported table again, in a process of its own."""

import io

import numpy as np
import pandas as pd
import pytest

from analytics.reproduce import map_script
from analytics.tables import ReadOptions, read_table, write_csv
from analytics.text import (
    MapParameters,
    TextReading,
    TopicChoices,
    TopicEdits,
    cluster,
    cut_passages,
    languages_of,
    load_encoder,
    map_table,
    near_duplicates,
    project,
    semantic_outliers,
    text_column,
    topic_levels,
    write_vectors,
)
from tests.text.conftest import blobs


@pytest.mark.slow
def test_the_script_makes_the_same_map_of_passages_from_the_saved_vectors(tmp_path, run) -> None:
    texts = [f"Number {row} speaks of trains." if row % 20 else "It is late. " * 200 for row in range(60)]
    texts[7] = ""
    pd.DataFrame({"note": texts, "n": range(60)}).to_csv(tmp_path / "my data.csv", index=False, sep=";")
    options = ReadOptions(delimiter=";")
    frame = read_table((tmp_path / "my data.csv").read_bytes(), options=options).frame
    column = text_column(frame["note"])
    lines, places = column.cut(cut_passages(column.texts, load_encoder("all-MiniLM-L6-v2"))).lines(frame)
    assert len(lines) > 62 and 7 not in lines["text_row"].iloc[places].to_numpy() - 1
    vectors = blobs([20, 20, len(lines) - 40])
    (tmp_path / "my data_vectors.npy").write_bytes(write_vectors(vectors))
    parameters, choices = MapParameters(n_neighbors=8, seed=7), TopicChoices(min_size=8)
    edits = TopicEdits(split=(((0,), 2),))
    script = map_script(
        file_name="my data.csv",
        column="note",
        model="all-MiniLM-L6-v2",
        parameters=parameters,
        choices=choices,
        edits=edits,
        reading=TextReading(apart=True),
        options=options,
    )
    assert "trustworthiness" in run(script)
    made = pd.read_csv(tmp_path / "my data_map.csv")
    assert made["text_row"].tolist() == lines["text_row"].tolist()
    assert made["passage_text"].fillna("").tolist() == lines["passage_text"].fillna("").tolist()
    projection, said = project(vectors[places], parameters=parameters), lines["passage_text"].iloc[places]
    np.testing.assert_allclose(made.loc[places, ["map_x", "map_y"]], projection.points, rtol=1e-6)
    assert made.drop(index=places)["map_x"].isna().all()
    found = cluster(projection, said.tolist(), choices=choices)
    labels = edits.apply(found, said.tolist(), projection.vectors).labels
    assert made.loc[places, "cluster"].fillna(-1).tolist() == labels.tolist()


@pytest.mark.slow
def test_it_reads_a_messy_file_as_it_was_read_and_writes_the_same_table(tmp_path, run) -> None:
    options = ReadOptions(delimiter=";", decimal=",", encoding="windows-1250", na_values=("brak",))
    rows = [f"Zażółć gęślą jaźń {row};{row},5" if row % 7 else f"brak;{row},25" for row in range(60)]
    source = "\n".join(["uwaga;ilość", *rows]).encode("windows-1250")
    (tmp_path / "dane.csv").write_bytes(source)
    vectors = blobs([30, 20, 10])
    (tmp_path / "dane_vectors.npy").write_bytes(write_vectors(vectors))
    script = map_script(
        file_name="dane.csv",
        column="uwaga",
        model="all-MiniLM-L6-v2",
        parameters=MapParameters(n_neighbors=8, dimensions=3),
        choices=TopicChoices(space="vectors", min_size=5, most_noise=0.5),
        edits=TopicEdits(names=(((0,), "the first"),)),
        threshold=0.9,
        reading=TextReading(own=True),
        tags={2: "one", 5: "one", 9: "two"},
        selected=(2, 3),
        options=ReadOptions(**{**vars(options), "max_rows": 1000, "max_bytes": 2**20, "max_columns": 99}),
    )
    assert "max_" not in script
    run(script)
    frame = read_table(source, options=options).frame
    column = text_column(frame["uwaga"])
    assert len(column.rows) == 51
    projection = project(vectors[column.rows], n_neighbors=8, dimensions=3)
    choices = TopicChoices(space="vectors", min_size=5, most_noise=0.5)
    found = cluster(projection, column.texts, choices=choices)
    edits = TopicEdits(names=(((0,), "the first"),))
    expected = io.BytesIO()
    table = map_table(
        frame,
        column.rows,
        projection,
        clusters=edits.apply(found, column.texts, projection.vectors),
        duplicates=near_duplicates(projection.neighbors, 0.9, vectors=projection.vectors),
        unusual=semantic_outliers(projection.neighbors),
        read_share=np.ones(51),
        unknown_share=np.zeros(51),
        languages=languages_of(column.texts).codes,
        levels=topic_levels(projection, column.texts, choices=choices),
        tags=[{1: "one", 4: "one", 8: "two"}.get(row, "") for row in column.rows.tolist()],
        selected=np.isin(np.arange(60), [1, 2]),
    )
    assert {"tag", "language", "cluster_coarse", "cluster_finest", "read_share", "selected"} <= set(table)
    write_csv(table, expected)
    assert (tmp_path / "dane_map.csv").read_bytes() == expected.getvalue()
