"""What kind of value an argument is, numpy's own kinds included; a truth value is no number."""

from typing import Any

import numpy as np


def is_whole(value: Any) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Whether it is a whole number or a float."""
    return is_whole(value) or isinstance(value, float | np.floating)
