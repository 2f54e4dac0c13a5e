"""How the parts of a recipe are checked: strictly, nothing unknown, no number that JSON lacks."""

from pydantic import ConfigDict

PLAIN = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
