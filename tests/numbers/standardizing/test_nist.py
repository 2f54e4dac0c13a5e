"""The certified values of NIST's univariate sets, typed here once more from the published files."""

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import Standardizer
from analytics.numbers.standardizing.accuracy import CertifiedResult, log_relative_error, self_test

CERTIFIED = {
    "Lew": (-177.435000000000, 277.332168044316, 15.0),
    "Lottery": (518.958715596330, 291.699727470969, 15.0),
    "Mavro": (2.00185600000000, 0.000429123454003053, 13.0),
    "Michelso": (299.852400000000, 0.0790105478190518, 13.0),
    "NumAcc1": (10000002.0, 1.0, 15.0),
    "NumAcc2": (1.2, 0.1, 14.9),
    "NumAcc3": (1000000.2, 0.1, 9.4),
    "NumAcc4": (10000000.2, 0.1, 8.2),
}
RESULTS = {result.name: result for result in self_test()}


@pytest.mark.parametrize("name", CERTIFIED)
def test_mean_and_sd_reach_the_certified_digits(name: str) -> None:
    result: CertifiedResult = RESULTS[name]
    mean, sd, digits = CERTIFIED[name]
    assert log_relative_error(result.mean, mean) >= 15.0
    assert log_relative_error(result.sd, sd) >= digits
    assert (result.certified_mean, result.certified_sd) == (mean, sd)


def test_numacc4_is_what_its_definition_says() -> None:
    values = np.array(["10000000.2", *["10000000.1", "10000000.3"] * 500], dtype=float)
    summary = Standardizer(ddof=1).fit(pd.DataFrame({"y": values})).summary().iloc[0]
    assert log_relative_error(summary["sd"], 0.1) >= 8.2
    assert summary["condition"] == pytest.approx(1e8, rel=1e-6)
    assert summary["digits"] == pytest.approx(7.95, abs=0.01)


def test_a_wrong_figure_scores_few_digits() -> None:
    assert log_relative_error(1.001, 1.0) == pytest.approx(3.0)
    assert log_relative_error(1.0, 1.0) == pytest.approx(15.95, abs=0.01)
