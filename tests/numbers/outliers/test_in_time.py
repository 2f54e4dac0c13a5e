"""One column over time: planted spikes and shifts are found where they are; clean series have few."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers import find_in_time
from analytics.numbers.outliers.series.season import period_of


def hourly(days: int = 30, seed: int = 0) -> pd.DataFrame:
    times = pd.date_range("2024-01-01", periods=24 * days, freq="h")
    noise = np.random.default_rng(seed).normal(0, 0.5, len(times))
    return pd.DataFrame({"t": times, "v": 20 + 5 * np.sin(2 * np.pi * np.arange(len(times)) / 24) + noise})


@pytest.mark.slow
def test_spikes_and_a_shift_are_found_through_the_season() -> None:
    frame = hourly()
    frame.loc[306, "v"] = 25.0  # what other hours have, at one when 15 is usual
    frame.loc[402, "v"] -= 12
    frame.loc[560:, "v"] += 6
    found = find_in_time(frame, "v", time="t")
    assert found.period == 24
    assert {one.row for one in found.spikes} == {306, 402}
    (shift,) = found.shifts
    assert abs(shift.row - 560) <= 12
    assert "the level of v rises from about" in shift.sentence
    (spike,) = (one for one in found.spikes if one.row == 402)
    assert spike.expected == pytest.approx(frame.loc[402, "v"] + 12, abs=2)
    assert spike.sentence.startswith("2024-01-17 18:00: v ")
    assert found.table(np.arange(1, 721))["row"].tolist() == [one.row + 1 for one in found.found]


@pytest.mark.slow
def test_order_of_rows_gaps_and_repeated_times_are_said_and_change_little() -> None:
    frame = hourly()
    frame.loc[402, "v"] += 15
    whole = find_in_time(frame, "v", time="t")
    mixed_up = frame.drop(index=range(500, 511)).sample(frac=1, random_state=0)
    mixed_up = pd.concat([mixed_up, mixed_up.iloc[:1]], ignore_index=True)
    found = find_in_time(mixed_up, "v", time="t")
    assert [one.at for one in found.spikes] == [one.at for one in whole.spikes]
    told = " ".join(found.notes)
    assert "not in order of time" in told
    assert "1 gap of 11 missing steps of 1 hour, the longest 12 hours after 2024-01-21 19:00" in told
    assert "1 time occurs more than once" in told
    assert not found.shifts


@pytest.mark.slow
@pytest.mark.parametrize("carried", [0.0, 0.7])
@pytest.mark.parametrize("size", [60, 400])
def test_clean_series_seldom_raise_an_alarm(size: int, carried: float) -> None:
    spikes = shifts = 0
    times = pd.date_range("2000-01-01", periods=size, freq="D")
    for seed in range(30):
        noise = np.random.default_rng(seed).normal(size=size)
        for place in range(1, size):
            noise[place] += carried * noise[place - 1]
        found = find_in_time(pd.DataFrame({"t": times, "v": noise}), "v", time="t", period=1)
        spikes, shifts = spikes + bool(found.spikes), shifts + bool(found.shifts)
    most = stats.binom.ppf(0.999, 30, 0.05)
    assert spikes <= most and shifts <= most


@pytest.mark.slow
def test_years_are_a_time_and_months_of_any_length_a_grid() -> None:
    rng = np.random.default_rng(0)
    yearly = pd.DataFrame({"year": np.arange(1950, 2010), "v": rng.normal(size=60)})
    yearly.loc[30, "v"] = 25
    (spike,) = find_in_time(yearly, "v", time="year", period=1).spikes
    assert spike.sentence.startswith("year 1980: v 25")
    monthly = pd.DataFrame(
        {"m": pd.date_range("2010-01-31", periods=96, freq="ME"), "v": rng.normal(size=96)}
    )
    monthly["v"] += 6 * (monthly["m"].dt.month == 12)
    found = find_in_time(monthly, "v", time="m")
    assert found.period == 12 and found.clock.step_words == "1 month"
    assert not found.spikes  # every December


def test_uneven_times_have_no_season_and_say_so() -> None:
    rng = np.random.default_rng(1)
    times = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 1e6, 80)), unit="s")
    found = find_in_time(pd.DataFrame({"t": times, "v": rng.normal(size=80)}), "v", time="t")
    assert found.period is None
    assert "no even grid" in " ".join(found.notes)


def test_noise_has_no_period() -> None:
    noise = np.random.default_rng(0).normal(size=400)
    assert period_of(noise, "1 hour") is None
    assert period_of(noise + 3 * np.sin(2 * np.pi * np.arange(400) / 24), "1 hour") == 24
    assert period_of(noise + 5 * (np.arange(400) % 9 == 0), "unknown") == 9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"time": "nowhere"}, "no column 'nowhere'"),
        ({"time": "word"}, "holds no times"),
        ({"column": "word"}, "holds text"),
        ({"period": 400}, "does not fit"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(change: dict[str, object], words: str) -> None:
    frame = hourly(4).assign(word="one thing")
    arguments = {"column": "v", "time": "t", "period": None} | change
    with pytest.raises(ZetascopeError, match=words):
        find_in_time(frame, arguments["column"], time=arguments["time"], period=arguments["period"])
    with pytest.raises(ZetascopeError, match="at least 12 different times"):
        find_in_time(frame.head(5), "v", time="t")
