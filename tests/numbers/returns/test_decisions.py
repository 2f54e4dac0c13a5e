"""Questionable prices are suggestions: taken, refused or set by hand, and every figure follows."""

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ZetascopeError
from analytics.numbers.returns.headline import headline, rests_on
from analytics.numbers.returns.price_calendar import duration
from analytics.numbers.returns.price_decisions import (
    Decision,
    decided_prices,
    decision_of_json,
    decision_to_json,
    ratio_words,
    with_decision,
    without_place,
)
from analytics.numbers.returns.study import study_returns


def walk(n: int = 400, *, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"date": pd.bdate_range("2021-01-04", periods=n)})
    for name in ("a", "b"):
        frame[name] = 100 * np.exp(rng.normal(0, 0.01, n).cumsum())
    return frame


def with_split(factor: float = 4) -> pd.DataFrame:
    frame = walk()
    frame.loc[200:, "a"] /= factor
    return frame


def test_until_a_split_is_decided_both_readings_are_said() -> None:
    clean = study_returns(walk(), kind="simple").summary
    frame = with_split()
    study = study_returns(frame, kind="simple")
    (one,) = study.suggestions
    assert study.open == (one,) and one.taken.value == 4
    said = headline(study)
    assert said.startswith("With the 1:4 split of a on 2021-10-11 taken as a split, ")
    assert "As a fall, a moves most, by" in said
    taken, refused = study.readings
    np.testing.assert_allclose(taken.summary["volatility"], clean["volatility"])
    np.testing.assert_allclose(refused.summary["depth"], study.summary["depth"])
    assert study.summary.loc["a", "depth"] < -0.7


def test_volatilities_that_are_told_apart_have_digits_enough() -> None:
    study = study_returns(walk(), kind="simple")
    low, high = sorted(study.summary["volatility"])
    assert f"{low:.0%}" == f"{high:.0%}" and f"by {high:.1%} a year, and " in headline(study)
    assert f"least, by {low:.1%};" in headline(study)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["simple", "log"])
def test_a_split_that_is_taken_leaves_every_figure_as_without_it(kind) -> None:
    frame = with_split()
    (one,) = study_returns(frame, kind=kind).suggestions
    decided = study_returns(frame, kind=kind, decisions=(one.taken,))
    clean = study_returns(walk(), kind=kind)
    for name in ("returns", "standardized", "drawdowns", "volatility"):
        pd.testing.assert_frame_equal(getattr(decided, name), getattr(clean, name))
    pd.testing.assert_frame_equal(decided.correlations[["returns"]], clean.correlations[["returns"]])
    assert decided.open == () and "With the" not in headline(decided)
    assert rests_on(decided) == "As decided: 1 taken as a split."
    kept = study_returns(frame, kind=kind, decisions=(one.refused,))
    assert kept.open == () and kept.summary.loc["a", "worst"] < -0.7
    assert rests_on(kept) == "As decided: 1 taken as a real move."


def test_another_ratio_by_hand_counts() -> None:
    frame = with_split(3.5)
    assert study_returns(frame).suggestions == ()
    day = frame.loc[200, "date"].isoformat()
    usual, mine = (Decision("split", "split", "a", day, day, ratio) for ratio in (4.0, 3.5))
    decided = study_returns(frame, decisions=with_decision((usual,), mine))
    assert decided.decisions == (mine,)
    pd.testing.assert_frame_equal(decided.returns, study_returns(walk()).returns)
    assert without_place(decided.decisions, usual.place) == ()


def test_a_split_of_adjusted_prices_is_suggested_as_a_real_move() -> None:
    frame = with_split().rename(columns={"a": "adj close"})[["date", "adj close"]]
    study = study_returns(frame)
    (one,) = study.suggestions
    assert not one.advised and one.best == one.refused and study.open == ()
    assert headline(study).startswith("adj close moves by")


def test_a_mistyped_price_a_standstill_and_a_gap() -> None:
    frame = walk()
    frame.loc[100, "b"] *= 10
    frame.loc[250:270, "b"] = frame.loc[250, "b"]
    frame = frame.drop(index=range(300, 330))
    study = study_returns(frame, kind="simple")
    found = {one.kind: one for one in study.suggestions}
    assert set(found) == {"spike", "stale", "gap"}
    assert {one.kind for one in study.open} == {"spike", "stale"}
    assert headline(study).startswith(
        "With the 2 open suggestions taken (1 mistyped value, 1 run that stands"
    )
    decided = study_returns(frame, kind="simple", decisions=tuple(one.taken for one in found.values()))
    day = frame.loc[100, "date"]
    assert np.isnan(decided.prices.loc[day, "b"]) and np.isnan(decided.returns.loc[day, "b"])
    assert decided.prices["b"].isna().sum() == 1 + 20
    across = frame.loc[330, "date"]
    assert decided.returns.loc[across].isna().all() and study.returns.loc[across].notna().all()
    kept = study_returns(frame, kind="simple", decisions=tuple(one.refused for one in found.values()))
    pd.testing.assert_frame_equal(kept.returns, study.returns)
    assert kept.open == ()


def test_zeros_that_are_prices_leave_their_asset_out() -> None:
    frame = walk()
    frame.loc[20:25, "a"] = 0
    study = study_returns(frame)
    (one,) = study.suggestions
    assert one.kind == "zero" and study.prices["a"].isna().sum() == 6 and study.open == ()
    kept = study_returns(frame, decisions=(one.refused,))
    assert [left.sentence() for left in kept.left_out] == [
        "a: has zeros that you called real values, from which no return can be taken"
    ]


def test_a_price_can_be_set_and_decisions_about_nothing_are_told() -> None:
    frame = walk()
    day = frame.loc[50, "date"].isoformat()
    mine = Decision("spike", "set", "a", day, day, 123.0)
    nothing = Decision("spike", "missing", "gone", day, day)
    study = study_returns(frame, decisions=(mine, nothing))
    assert study.prices.loc[day, "a"] == 123 and study.idle == (nothing,)


@pytest.mark.parametrize("value", [None, 0.0, -2.0, float("nan")])
def test_a_split_needs_a_ratio(value: float | None) -> None:
    bad = Decision("split", "split", "a", "2021-02-01", "2021-02-01", value)
    with pytest.raises(ZetascopeError, match="needs a number above 0"):
        decided_prices(walk().set_index("date"), (bad,))


@pytest.mark.parametrize(
    ("factor", "words"),
    [(4, "1:4"), (1.5, "2:3"), (0.1, "10:1"), (20, "1:20"), (4 / 3, "3:4"), (1 / 3, "3:1")],
)
def test_ratios_in_words(factor: float, words: str) -> None:
    assert ratio_words(factor) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (5 / 288, "25 minutes"),
        (0.375, "9 hours"),
        (1 / 24, "1 hour"),
        (1.5, "36 hours"),
        (1, "1 day"),
        (3, "3 days"),
        (45, "45 days"),
        (1 / 2880, "30 seconds"),
        (2.5, "2.5 days"),
        (1600, "1,600 days"),
        (1826, "5 years"),
        (366 + 365, "2 years"),
        (365, "365 days"),
    ],
)
def test_lengths_of_time_in_words(days: float, words: str) -> None:
    assert duration(days) == words


def test_a_time_from_and_until_holds_for_every_table() -> None:
    frame = walk()
    study = study_returns(frame, first="2021-03-01", last="2021-12-31")
    assert study.prices.index[[0, -1]].strftime("%Y-%m-%d").tolist() == ["2021-03-01", "2021-12-31"]
    assert study.returns.index.min() > pd.Timestamp("2021-03-01")
    with pytest.raises(ZetascopeError, match="three values between these dates"):
        study_returns(frame, first="2021-03-01", last="2021-03-02")


def test_a_decision_comes_back_from_text_and_a_broken_one_is_refused() -> None:
    made = Decision("split", "split", "a", "2024-07-29", "2024-07-29", 4.0)
    text = decision_to_json(made)
    assert decision_of_json(text) == made
    far = text.replace("2024", "99999")
    for broken in ("", "{}", "[]", far, text.replace("4.0", "-4"), text.replace("4.0", "1e999"), "x" + text):
        with pytest.raises(ZetascopeError):
            decision_of_json(broken)
