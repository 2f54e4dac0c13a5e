"""The script makes the exported table again, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.tables import ReadOptions
from analytics.text import MapParameters, project, write_vectors
from analytics.text.map_script import map_script

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_script_makes_the_same_map_from_the_saved_vectors(tmp_path, three_blobs) -> None:
    texts = [f"text {row}" if row % 10 else "" for row in range(120)]
    pd.DataFrame({"note": texts, "n": range(120)}).to_csv(tmp_path / "my data.csv", index=False, sep=";")
    (tmp_path / "my data_vectors.npy").write_bytes(write_vectors(three_blobs))
    parameters = MapParameters(n_neighbors=10, seed=7)
    script = map_script(
        file_name="my data.csv",
        column="note",
        model="all-MiniLM-L6-v2",
        parameters=parameters,
        space="map",
        min_size=8,
        options=ReadOptions(delimiter=";"),
    )
    (tmp_path / "again.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "again.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    made = pd.read_csv(tmp_path / "my data_map.csv")
    assert len(made) == 120
    kept = np.array([row for row in range(120) if row % 10])
    projection = project(three_blobs[kept], n_neighbors=10, seed=7)
    np.testing.assert_allclose(made.loc[kept, ["map_x", "map_y"]], projection.points, rtol=1e-6)
    assert made.loc[made.index % 10 == 0, "map_x"].isna().all()
    assert "trustworthiness" in done.stdout
