"""A search for outliers, and what was decided about them, as a script."""

from collections.abc import Sequence
from pathlib import PurePath

from analytics.numbers.outliers.decisions import Decisions
from analytics.numbers.outliers.report import OutlierReport
from analytics.reproduce.cleaning.cleaning import Cleaning
from analytics.reproduce.writer import script
from analytics.tables import ReadOptions


def outlier_script(
    report: OutlierReport,
    decisions: Decisions = Decisions(),
    *,
    others: Sequence[str] = (),
    label: Sequence[str] = (),
    in_time: Sequence[tuple[str, str, int | None]] = (),
    file_name: str,
    options: ReadOptions = ReadOptions(),
    steps: Cleaning = Cleaning(),
    target: str = "decided.csv",
) -> str:
    """A script that searches the file again, writes the reasons and applies the decisions.

    Args:
        report: what was found; its methods, thresholds, columns, groups and seed are written down.
        decisions: what to do with rows of that report.
        others: the columns of other kinds that mixed rows were judged by.
        label: the columns that name rows.
        in_time: columns that are looked at over time: the column, that of the times, and the steps of the
            season, None where it is found.
        file_name: the file the report came from, as the script will find it.
        options: how it was read; limits are left to the script's machine.
        steps: what was done to the table before the search, and decided after it, from ``cleaning``.
        target: the CSV file of the table after the decisions; the ranking and the findings over time are
            named after ``file_name``.
    """
    return script(
        "outliers",
        SOURCE=file_name,
        OPTIONS=options,
        METHODS=list(report.methods),
        THRESHOLDS=dict(report.thresholds),
        COLUMNS=list(report.columns),
        OTHERS=list(others),
        LABEL=list(label),
        IN_TIME=list(in_time),
        RANKING=f"{PurePath(file_name).stem}_outliers.csv",
        BY=list(report.data.by),
        SEED=report.seed,
        DECISIONS=decisions.to_json(),
        TARGET=target,
        **steps.of("table.frame"),
        **steps.lines(),
        **steps.decisions(),
    )
