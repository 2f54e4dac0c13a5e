"""Round numbers along an axis, for the figures we draw ourselves."""

import numpy as np


def round_ticks(low: float, high: float, *, most: int) -> list[float]:
    """At most ``most`` round numbers from ``low`` to ``high``, evenly spaced by 1, 2 or 5 times a power."""
    raw = (high - low) / most
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw))
    places = np.arange(np.ceil(low / step), np.floor(high / step) + 1)
    return [round(float(place) * step, 12) + 0.0 for place in places]  # no negative zero
