"""The same fit and apply on engines for tables that no memory holds: DuckDB on one machine, Spark on many."""

from analytics.scale.applying import apply_lazy
from analytics.scale.engines import ScaleError
from analytics.scale.fitting import fit_lazy
from analytics.scale.maps import LazyMap, map_lazy
from analytics.scale.outliers import LazyOutliers, outliers_lazy
from analytics.scale.profile import LazyRelations, profile_lazy, relations_lazy
from analytics.scale.recipes import lazy_problems, recipe_lazy
from analytics.scale.sessions import open_duckdb, open_spark
from analytics.scale.text import embed_lazy

__all__ = [
    "LazyMap",
    "LazyOutliers",
    "LazyRelations",
    "ScaleError",
    "apply_lazy",
    "embed_lazy",
    "fit_lazy",
    "lazy_problems",
    "map_lazy",
    "open_duckdb",
    "open_spark",
    "outliers_lazy",
    "profile_lazy",
    "recipe_lazy",
    "relations_lazy",
]
