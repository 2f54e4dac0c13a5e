from analytics.transformer.checks import Check, worst


def check(error: float, tolerance: float) -> Check:
    return Check("name", "formula", error, tolerance, error <= tolerance)


def test_the_worst_check_is_a_failed_one_or_the_one_nearest_its_tolerance() -> None:
    exact, near, far = check(0.0, 0.0), check(0.9, 1.0), check(0.1, 1.0)
    assert worst((exact, near, far)) is near
    assert worst((exact,)) is exact
    broken = check(1e-9, 0.0)
    assert worst((near, broken)) is broken
    assert worst(()) is None
