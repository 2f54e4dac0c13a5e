"""Nominal against realised for spikes and level shifts over time in clean series."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import signal

from analytics.numbers import find_in_time
from analytics.numbers.outliers.series.series_laws import FALSE_ALARM
from benchmarks.statistics_rows import SIZES, Realised, share

_CARRIED = (0.0, 0.5, 0.9)
"""How much of each value the next carries on."""
_BEFORE = 200


def over_time(tables: int) -> Iterator[Realised]:
    """Clean series in which any spike, and any shift, is found."""
    for rows in SIZES:
        times = pd.date_range("2020-01-01", periods=rows, freq="D")
        for carried in _CARRIED:
            spikes, shifts = [], []
            for seed in range(tables if rows < SIZES[3] else max(tables // 4, 10)):
                noise = np.random.default_rng([rows, seed]).standard_normal(_BEFORE + rows)
                values = signal.lfilter([1.0], [1.0, -carried], noise)[_BEFORE:]
                found = find_in_time(pd.DataFrame({"t": times, "x": values}), "x", time="t", period=1)
                spikes.append(bool(found.spikes))
                shifts.append(bool(found.shifts))
            for what, told in (("spike", spikes), ("level shift", shifts)):
                label = f"any {what} over time, {carried:g} carried on"
                yield share(label, rows, 1, FALSE_ALARM, np.array(told), at_most=True)
