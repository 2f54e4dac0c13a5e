"""Results as scripts that make them again: template files, filled by one writer."""

from analytics.reproduce.cleaning.cleaning import Cleaning, cleaning
from analytics.reproduce.outliers import outlier_script
from analytics.reproduce.pandas_reading import PandasReading, pandas_reading, require_writable
from analytics.reproduce.recipe import recipe_script
from analytics.reproduce.relations import relations_script
from analytics.reproduce.returns import returns_script
from analytics.reproduce.scaling_effects import scaling_script
from analytics.reproduce.standardize import standardize_script
from analytics.reproduce.text_map import map_script
from analytics.reproduce.walks import trace_script, translation_script

__all__ = [
    "Cleaning",
    "PandasReading",
    "cleaning",
    "map_script",
    "outlier_script",
    "pandas_reading",
    "recipe_script",
    "relations_script",
    "require_writable",
    "returns_script",
    "scaling_script",
    "standardize_script",
    "trace_script",
    "translation_script",
]
