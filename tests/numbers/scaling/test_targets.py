"""What one would most likely predict: by made tables whose target is plain to a reader."""

import numpy as np
import pandas as pd
import pytest

from analytics.numbers.scaling.effects import study_scaling
from analytics.numbers.scaling.plan import ScalingPlan
from analytics.numbers.scaling.targets import likely_targets

RNG = np.random.default_rng(0)
MEASURED = {name: RNG.normal(size=60) for name in ("width", "height")}


@pytest.mark.parametrize(
    ("columns", "wanted", "why"),
    [
        ({"churned": list("yn") * 30, **MEASURED}, "churned", "name"),
        ({"SalePrice": RNG.normal(size=60), **MEASURED}, "SalePrice", "name"),
        ({**MEASURED, "kind": list("abc") * 20}, "kind", "last column and it has 3 classes"),
        ({**MEASURED, "group": np.arange(60) % 3}, "group", "it has 3 classes"),
        (MEASURED, "height", "it is the last column"),
        ({**MEASURED, "town": [f"t{i}" for i in range(60)]}, "height", "it is the last column"),
        ({"species": list("ab") * 30, **MEASURED, "note": list("cd") * 30}, "species", "name"),
    ],
)
def test_the_likeliest_target_has_a_reason(columns: dict, wanted: str, why: str) -> None:
    frame = pd.DataFrame(columns)
    kinds = {name: "number" if frame[name].dtype.kind in "if" else "category" for name in frame}
    if "town" in kinds:
        kinds["town"] = "text"
    best = likely_targets(frame, kinds)[0]
    assert (best.column, why in best.reason) == (wanted, True), best


def test_a_class_with_nearly_all_rows_is_no_target() -> None:
    """What the study would refuse is never offered, even in the last place and by name."""
    frame = pd.DataFrame({**MEASURED, "sort": list("ab") * 30, "churned": [True] * 2 + [False] * 58})
    kinds = {"width": "number", "height": "number", "sort": "category", "churned": "category"}
    assert [one.column for one in likely_targets(frame, kinds)] == ["sort"]
    frame["churned"] = [True] * 5 + [False] * 55
    assert likely_targets(frame, kinds)[0].column == "churned"


def test_constants_texts_and_identifiers_are_no_targets() -> None:
    frame = pd.DataFrame({"target": [1.0] * 9, "id": range(9), "y": ["a"] * 9})
    assert likely_targets(frame, {"target": "constant", "id": "identifier", "y": "category"}) == ()


@pytest.mark.slow
def test_a_study_grows_by_a_model_at_a_time_and_ends_as_the_whole() -> None:
    frame = pd.DataFrame({**MEASURED, "kind": list("ab") * 30})
    plan = ScalingPlan(models=("knn", "kmeans", "pca"), scalers=("raw", "zscore"), folds=2, repeats=2)
    grown: list = []
    whole = study_scaling(frame, "kind", plan=plan, so_far=grown.append)
    assert [list(one.verdicts) for one in grown] == [["knn"], ["knn", "kmeans"]]
    assert list(whole.verdicts) == ["knn", "kmeans", "pca"]
    alone = study_scaling(frame, "kind", plan=ScalingPlan(**{**vars(plan), "models": ("kmeans",)}))
    found = (
        whole.summary[whole.summary["model"] == "kmeans"].drop(columns="fit_seconds").reset_index(drop=True)
    )
    pd.testing.assert_frame_equal(found, alone.summary.drop(columns="fit_seconds"), check_dtype=False)
    assert grown[0].summary["model"].unique().tolist() == ["knn"]
