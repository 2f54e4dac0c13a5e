"""Spark Connect: its client is not among the tests' packages, so that what it refuses is looked for here."""

import re
from pathlib import Path
from typing import Any

import pytest

import analytics.scale
from analytics.scale import ScaleError, open_spark

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
