"""The steps of a recipe, a module for each subject."""

from typing import Annotated

from pydantic import Field

from analytics.recipe.steps.columns import LeaveOut, Rename, SetType, SetUnit
from analytics.recipe.steps.derived import Derive
from analytics.recipe.steps.outliers import Decide, Fence, SetValues
from analytics.recipe.steps.reshaping import Pivot, Summarise, Unpivot
from analytics.recipe.steps.rows import Drop, DropDuplicates, DropNumbers, Keep, Sample, SetTags
from analytics.recipe.steps.units import SplitByUnit, ToUnit
from analytics.recipe.steps.values import Fill, Replace, SetMissing, StripUnit, Tidy

_Columns = Rename | LeaveOut | SetType | SetUnit | ToUnit | SplitByUnit | Derive
_Cells = SetMissing | Replace | Tidy | StripUnit | Fill
_Rows = Keep | Drop | DropNumbers | DropDuplicates | Sample | SetTags | Fence | Decide | SetValues
AnyStep = Annotated[_Columns | _Cells | _Rows | Summarise | Pivot | Unpivot, Field(discriminator="step")]
