"""The outlier script in a clean process gives the same table and the same decisions."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import find_outliers
from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decide, decisions_table
from analytics.reproduce import outlier_script
from analytics.tables import ReadOptions, read_table, write_csv


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
def test_the_script_makes_the_downloads_again(tmp_path: Path, run: Callable[[str], str]) -> None:
    options = ReadOptions(delimiter=";", decimal=",", max_rows=1000)
    table = read_table(source(), options=options)
    frame = table.frame
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
    said = run(script)
    assert "robust SD above the median" in said
    assert (tmp_path / "decided.csv").read_bytes() == written(apply_decisions(frame, report, decisions))
    assert (tmp_path / "decisions.csv").read_bytes() == written(
        decisions_table(report, decisions, lines=table.lines)
    )


@pytest.mark.slow
def test_a_messy_file_is_searched_as_it_was_read(tmp_path: Path, run: Callable[[str], str]) -> None:
    rng = np.random.default_rng(1)
    rows = [f"{'süd' if i % 2 else 'öst'};{x:.3f};{9_000 + i}" for i, x in enumerate(rng.normal(5, 1, 80))]
    rows[5], rows[10] = "süd;99,9;12000", "öst;-1,5;fehlt"
    head = 'region;"=x ""é"" \\";zahl'
    content = "\n".join([head, *(row.replace(".", ",") for row in rows)]).encode("cp1252")
    options = ReadOptions(encoding="cp1252", delimiter=";", decimal=",", na_values=("fehlt", "99,9"))
    frame = read_table(content, options=options).frame
    number = frame.columns[1]
    assert frame[number].isna().sum() == 1
    report = find_outliers(frame, methods=["iqr", "zscore"], columns=[number, "zahl"], by="region")
    decisions = Decisions().add(decide(report, "drop", method="iqr"))
    (tmp_path / "mess.csv").write_bytes(content)
    run(outlier_script(report, decisions, file_name="mess.csv", options=options, target="kept.csv"))
    assert (tmp_path / "kept.csv").read_bytes() == written(apply_decisions(frame, report, decisions))
    assert len(apply_decisions(frame, report, decisions)) < len(frame)
