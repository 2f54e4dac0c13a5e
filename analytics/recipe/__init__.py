"""One recipe: the ordered steps that turn a file as read into the table that every page uses."""

from analytics.recipe.conditions import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Contains,
    Extreme,
    IsMissing,
    Matches,
    Not,
    OneOf,
    Shows,
)
from analytics.recipe.errors import RecipeError
from analytics.recipe.functions import FUNCTIONS
from analytics.recipe.recipe import Account, Made, Recipe, next_of, started
from analytics.recipe.steps.base import Outcome, Step
from analytics.recipe.steps.columns import LeaveOut, Rename, SetType, SetUnit
from analytics.recipe.steps.derived import Derive
from analytics.recipe.steps.outliers import Decide, Fence, SetValues
from analytics.recipe.steps.reshaping import Measure, Pivot, Summarise, Unpivot
from analytics.recipe.steps.rows import Drop, DropDuplicates, DropNumbers, Keep, Sample, SetTags
from analytics.recipe.steps.units import SplitByUnit, ToUnit
from analytics.recipe.steps.values import Fill, Replace, SetMissing, StripUnit, Tidy
from analytics.recipe.suggest import suggest
from analytics.recipe.suggestions.suggestion import Suggestion

__all__ = [
    "FUNCTIONS",
    "Account",
    "AllOf",
    "AnyOf",
    "Between",
    "Compare",
    "Condition",
    "Contains",
    "Decide",
    "Derive",
    "Drop",
    "DropDuplicates",
    "DropNumbers",
    "Extreme",
    "Fence",
    "Fill",
    "IsMissing",
    "Keep",
    "LeaveOut",
    "Made",
    "Matches",
    "Measure",
    "Not",
    "OneOf",
    "Outcome",
    "Pivot",
    "Recipe",
    "RecipeError",
    "Rename",
    "Replace",
    "Sample",
    "SetMissing",
    "SetTags",
    "SetType",
    "SetUnit",
    "SetValues",
    "Shows",
    "SplitByUnit",
    "Step",
    "StripUnit",
    "Suggestion",
    "Summarise",
    "Tidy",
    "ToUnit",
    "Unpivot",
    "next_of",
    "started",
    "suggest",
]
