"""The engines, started once, and tables as files that both of them read."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.scale.sessions import open_spark

Opened = Callable[[pd.DataFrame], Any]
"""A table of an engine from a pandas frame, through a Parquet file as a user has it."""

QUICKLY = {
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "2",
    # Queries here are small: compiling each takes many times longer than running it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture
def duckdb_table(tmp_path: Path) -> Iterator[Opened]:
    import duckdb

    with duckdb.connect() as connection:
        yield lambda frame: connection.read_parquet(str(_written(frame, tmp_path)))


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One local session for all tests; fails where Java or PySpark is missing."""
    if not shutil.which("java"):
        pytest.fail("needs Java 17: make engines installs it, or says what to install")
    session = open_spark(master="local[2,3]", settings=QUICKLY)  # a task is tried three times
    yield session
    session.stop()


@pytest.fixture
def spark_table(spark: Any, tmp_path: Path) -> Opened:
    return lambda frame: spark.read.parquet(str(_written(frame, tmp_path)))


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.slow)])
def table(request: pytest.FixtureRequest) -> Opened:
    return request.getfixturevalue(f"{request.param}_table")


def _written(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / f"table{len(list(folder.iterdir()))}.parquet"
    frame.to_parquet(path, coerce_timestamps="us", index=False)
    return path
