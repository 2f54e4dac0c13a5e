"""Read by mypy alone, with what it checks anyway: the lazy names have their types, and no other is known.

mypy says so of an ignored line that it finds nothing wrong with.
"""

from typing import assert_type

from analytics import transformer
from analytics.transformer.checks import Check

assert_type(transformer.check("", "", 1, 1), Check)
transformer.trace_encodr  # type: ignore[attr-defined]  # noqa: B018
