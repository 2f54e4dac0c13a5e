"""Spark Connect: what its client is told, and the same numbers from a server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analytics.scale
from analytics.numbers import Standardizer
from analytics.scale import ScaleError, open_spark
from tests.conftest import ROOT
from tests.scale.conftest import QUICKLY

CLASSIC_ONLY = re.compile(r"\._j\w+|\.rdd\b|\bsparkContext\b|\.toJSON\b|\bSparkContext\b|\bSQLContext\b")
"""Of a frame or session with Java beside it; a client of Spark Connect has none."""


class Builder:
    """A builder of sessions that notes what it is told."""

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.where = ""

    def remote(self, where: str) -> "Builder":
        self.where = where
        return self

    def config(self, name: str, value: str) -> "Builder":
        self.settings[name] = value
        return self

    def getOrCreate(self) -> Any:  # noqa: N802, Spark's name
        return self


@pytest.mark.slow
def test_a_server_is_told_only_what_a_client_may_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server refuses settings of the machine, such as memory, with a session that is half made."""
    builder = Builder()
    monkeypatch.setattr("pyspark.sql.SparkSession.builder", builder)
    open_spark(connect="sc://host", settings={"spark.driver.memory": "2g"})
    assert builder.where == "sc://host"
    assert builder.settings["spark.sql.session.timeZone"] == "UTC"
    assert {name.split(".")[1] for name in builder.settings} == {"sql"}


def test_two_places_are_one_too_many() -> None:
    with pytest.raises(ScaleError, match="leave one out"):
        open_spark(connect="sc://host", master="local[1]")


def test_nothing_is_asked_that_a_frame_of_connect_lacks() -> None:
    for path in Path(analytics.scale.__file__).parent.glob("*.py"):
        assert not (found := CLASSIC_ONLY.findall(path.read_text())), (path.name, found)


AT_A_SERVER = """
import json, sys
from analytics.scale import apply_lazy, fit_lazy, open_spark, outliers_lazy, profile_lazy

# A process that has a session of its own takes no other; this server ends with it.
session = open_spark(connect="local[2]", settings=json.loads(sys.argv.pop(1)))
table = session.read.parquet(sys.argv[1])
found = {"client": type(session).__module__}
for method in sys.argv[2:]:
    scores = apply_lazy(fit_lazy(table, method=method, columns=["a", "b"]), table).toPandas()
    found[method] = scores.sort_values("row")[["a_z", "b_z"]].to_numpy().tolist()
found["missing"] = profile_lazy(table).columns["a"].missing
found["first"] = outliers_lazy(table, columns=["a", "b"]).top[0][0]["row"]
print(json.dumps(found))
session.stop()
"""


@pytest.mark.slow
def test_a_server_gives_the_numbers_of_pandas(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"a": draw.normal(size=400), "b": draw.normal(5, 2, 400), "row": range(400)})
    frame.loc[3, "a"], frame.loc[7, "b"] = np.nan, 60.0
    frame.to_parquet(tmp_path / "table.parquet", index=False)
    methods = ["zscore", "robust", "minmax", "rank_gauss", "yeo_johnson"]
    settings = {name: value for name, value in QUICKLY.items() if name.startswith("spark.sql.")}
    command = [sys.executable, "-c", AT_A_SERVER, json.dumps(settings), str(tmp_path / "table.parquet")]
    environment = {**os.environ, "JDK_JAVA_OPTIONS": QUICKLY["spark.driver.extraJavaOptions"]}
    done = subprocess.run([*command, *methods], cwd=ROOT, capture_output=True, text=True, env=environment)
    assert not done.returncode, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["client"].startswith("pyspark.sql.connect")
    for method in methods:
        expected = Standardizer(method, columns=["a", "b"]).fit_transform(frame)[["a", "b"]]
        np.testing.assert_allclose(np.array(found[method], float), expected, rtol=1e-9, atol=1e-12)
    assert (found["missing"], found["first"]) == (1, 7)
