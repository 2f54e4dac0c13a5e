"""The outlier script in a clean process gives the same table and the same decisions."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import find_outliers
from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decide, decisions_table
from analytics.reproduce import outlier_script
from analytics.tables import ReadOptions, read_table, write_csv

ROOT = Path(__file__).parents[3]


def written(frame: pd.DataFrame) -> bytes:
    target = io.BytesIO()
    write_csv(frame, target)
    return target.getvalue()


def source() -> bytes:
    rng = np.random.default_rng(0)
    rows = [
        f"{x:.2f};{y};it's row {i}"
        for i, (x, y) in enumerate(zip(rng.normal(size=60), rng.integers(0, 50, 60), strict=True))
    ]
    rows[3], rows[8] = "9,5;12;high", "0,1;999;far"
    return "\n".join(["width;height count;name", *(row.replace(".", ",") for row in rows)]).encode()


@pytest.mark.slow
def test_the_script_makes_the_downloads_again(tmp_path: Path) -> None:
    options = ReadOptions(delimiter=";", decimal=",", max_rows=1000)
    frame = read_table(source(), options=options).frame
    report = find_outliers(
        frame,
        methods=["modified_zscore", "mahalanobis", "isolation_forest"],
        columns=["width", "height count"],
    ).with_thresholds({"isolation_forest": np.inf})
    decisions = (
        Decisions()
        .add(decide(report, "drop", method="modified_zscore"))
        .add(decide(report, "winsorize", rows=[3], note='a "sensor", they say'))
        .add(decide(report, "mark", rows=[8, 9]))
    )
    (tmp_path / "parts.csv").write_bytes(source())
    script = outlier_script(report, decisions, file_name="parts.csv", options=options)
    assert "max_rows" not in script
    (tmp_path / "again.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "again.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "robust SD above the median" in done.stdout
    assert (tmp_path / "decided.csv").read_bytes() == written(apply_decisions(frame, report, decisions))
    assert (tmp_path / "decisions.csv").read_bytes() == written(decisions_table(report, decisions))
