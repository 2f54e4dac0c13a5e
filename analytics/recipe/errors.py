"""What a recipe that cannot be read or a step that does not fit says."""

from analytics.errors import ZetascopeError


class RecipeError(ZetascopeError):
    """A recipe or one of its steps that cannot be used, in one sentence."""
