"""Opening an engine: DuckDB in this process, Spark here or elsewhere."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from analytics.errors import ZetascopeError
from analytics.scale.engines import ScaleError

ENGINES = ("duckdb", "spark")
_SPARK = {
    "spark.sql.session.timeZone": "UTC",  # labels of moments are the same wherever the session runs
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # what folders name are texts
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_HERE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}
"""For a session on this machine alone: it listens to nobody else."""


def open_duckdb(*, memory: str | None = None, threads: int | None = None) -> Any:
    """A connection that spills to a folder for temporary files; ``memory`` is a limit such as 4GB.

    Raises ScaleError where DuckDB is not installed, or refuses the limit.
    """
    try:
        import duckdb
    except ImportError as error:
        raise ScaleError("DuckDB is not installed: pip install 'zetascope[duckdb]'.") from error
    connection = duckdb.connect()
    connection.execute("SET temp_directory = ?", [tempfile.gettempdir()])
    connection.execute("SET TimeZone = 'UTC'")
    try:
        if memory:
            connection.execute("SET memory_limit = ?", [memory])
        if threads:
            connection.execute("SET threads = ?", [threads])
    except duckdb.Error as error:
        raise ScaleError(f"DuckDB can't take these limits: {first_line(error)}") from error
    return connection


def open_spark(
    *, master: str | None = None, connect: str | None = None, settings: dict[str, str] | None = None
) -> Any:
    """A session: of a cluster by ``master``, of a Spark Connect server by ``connect`` (sc://host), else here.

    Raises ScaleError where PySpark or Java is missing, or no session can be had.
    """
    if master and connect:
        raise ScaleError("--master and --connect both say where Spark runs: leave one out.")
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ScaleError("PySpark is not installed: pip install 'zetascope[spark]'.") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    wanted = _SPARK | ({} if connect or master else _HERE) | (settings or {})
    try:
        if connect:
            builder = SparkSession.builder.remote(connect)
            wanted = {name: value for name, value in wanted.items() if name.startswith("spark.sql.")}
        else:
            builder = SparkSession.builder.master(master or "local[*]").appName("zetascope")
        for name, value in wanted.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()
    except Exception as error:  # each client has errors of its own
        needs = (
            "A client of Spark Connect needs pyspark-client and a server that answers there."
            if connect
            else "A session here needs Java 17 or later (Debian: openjdk-17-jre-headless)."
        )
        raise ScaleError(f"Spark gives no session: {first_line(error)} {needs}") from error


def first_line(error: Exception) -> str:
    """What an engine says, without the trace that it adds."""
    lines = (line.strip().removeprefix(": ") for line in str(error).splitlines())
    # Py4J's own first line names a number of its own and no reason.
    told = (line for line in lines if line and not line.startswith("An error occurred while calling"))
    text = next(told, type(error).__name__)
    return text[:300] + ("" if text.endswith(".") else ".")


@contextmanager
def told() -> Iterator[None]:
    """What an engine says, as a sentence."""
    try:
        yield
    except ZetascopeError:
        raise
    except Exception as error:  # each engine has errors of its own
        raise ScaleError(f"The engine stopped: {first_line(error)}") from error
