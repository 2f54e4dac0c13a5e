"""Results as scripts that make them again: template files, filled by one writer."""

from importlib import import_module
from typing import TYPE_CHECKING

from analytics.reproduce.cleaning.cleaning import Cleaning, cleaning
from analytics.reproduce.pandas_reading import PandasReading, pandas_reading, require_writable

if TYPE_CHECKING:
    from analytics.reproduce.outliers import outlier_script
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

# Where the other names are loaded from when they are first used: what their scripts are for brings
# scikit-learn along, on which the process that tries how pandas reads a file would spend a second.
_NAMES = {
    "outliers": ("outlier_script",),
    "recipe": ("recipe_script",),
    "relations": ("relations_script",),
    "returns": ("returns_script",),
    "scaling_effects": ("scaling_script",),
    "standardize": ("standardize_script",),
    "text_map": ("map_script",),
    "walks": ("trace_script", "translation_script"),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}

if not TYPE_CHECKING:  # a type checker that sees this function takes every misspelt name for Any

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
