"""What the rows of the Outliers page are called: columns that were found to name them, or those chosen."""

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.rows import row_names
from analytics.dashboard.server.datasets import DataSet


def choose_label(dataset: DataSet) -> tuple[str, ...]:
    """Draw the choice of columns that name rows; none means their numbers alone."""
    found = row_names(dataset)
    if not found.offered:
        return ()
    return tuple(
        widgets.choose_columns(
            "Rows are called by",
            list(found.offered),
            key="outliers_label",
            default=list(found.called_by),
            wrap=True,
        )
    )
