"""Every probability that a page states, nominal against realised.

    python -m benchmarks.statistics [--tables 400] [--only NAME ...]

``CHECKS`` is the list: a name and a function that simulates so many tables and gives ``Realised`` lines. A
line holds where the realised value is within two standard errors of the simulation, and a stated tolerance.
"""

import argparse

from benchmarks.statistics_changes import changed_tables, changes
from benchmarks.statistics_drift import drift
from benchmarks.statistics_outliers import (
    correlated_counts,
    counts_by_chance,
    ellipse,
    esd_significance,
    false_discoveries,
    headline,
    methods_against_labels,
    mixed_counts,
    most_by_chance,
)
from benchmarks.statistics_relations import pairs_by_chance, relations, uneven_groups
from benchmarks.statistics_retrieval import differences, shares, sureness
from benchmarks.statistics_returns import betas, losses, returns, sums
from benchmarks.statistics_rows import Check, Realised
from benchmarks.statistics_scaling import (
    clustering_intervals,
    clustering_verdicts,
    equivalence,
    model_verdicts,
    real_clusters,
)
from benchmarks.statistics_text import (
    chance_of_maps,
    new_texts,
    random_groups,
    search_floor,
    selections,
    strange_categories,
)
from benchmarks.statistics_time import over_time

CHECKS = [
    Check("false discoveries", false_discoveries),
    Check("counts by chance", counts_by_chance),
    Check("mixed rows", mixed_counts),
    Check("counts of correlated columns", correlated_counts),
    Check("headline", headline),
    Check("most by chance", most_by_chance),
    Check("against labels", methods_against_labels),
    Check("over time", over_time),
    Check("ellipse", ellipse),
    Check("generalized ESD", esd_significance),
    Check("drift", drift),
    Check("changes", changes),
    Check("changed tables", changed_tables),
    Check("relations", relations),
    Check("uneven groups", uneven_groups),
    Check("pairs by chance", pairs_by_chance),
    Check("returns", returns),
    Check("sums", sums),
    Check("betas", betas),
    Check("losses", losses),
    Check("k-means verdicts", clustering_verdicts),
    Check("k-means intervals", clustering_intervals),
    Check("k-means on real clusters", real_clusters),
    Check("model verdicts", model_verdicts),
    Check("equivalence", equivalence),
    Check("chance of maps", chance_of_maps),
    Check("selections", selections),
    Check("new texts", new_texts),
    Check("random groups", random_groups),
    Check("search floor", search_floor),
    Check("strange categories", strange_categories),
    Check("differences of ways", differences),
    Check("shares", shares),
    Check("sureness", sureness),
]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=400)
    parser.add_argument("--only", nargs="*", choices=[check.name for check in CHECKS])
    options = parser.parse_args()
    print("| statement | rows | columns | nominal | realised | |\n|---|---|---|---|---|---|")
    for check in CHECKS:
        if options.only is None or check.name in options.only:
            for line in check.run(options.tables):
                print(line_of(line), flush=True)


def line_of(line: Realised) -> str:
    """One row of the table."""
    nominal = f"{'at most ' if line.at_most else ''}{line.nominal:.3g}"
    realised = f"{line.realised:.3g} ± {line.error:.2g}"
    return (
        f"| {line.what} | {line.rows:,} | {line.columns} | {nominal} | {realised} | "
        f"{'' if line.holds else 'off'} |"
    )


if __name__ == "__main__":
    main()
