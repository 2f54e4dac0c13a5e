"""The page on scaling: a verdict per model, figures to choose from, a sentence for what is impossible."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).parents[3] / "sample_data"


QUICK = "k-nearest neighbours"
"""A model whose fits take a tenth of the forest's."""


def opened_with(open_page, frame: pd.DataFrame):
    """The page on the frame, with one model to compare."""
    at = open_page("data")
    for task in ("class", "number"):
        at.session_state[f"scaling_effects_models_{task}"] = [QUICK]
    at.file_uploader[0].upload("mine.csv", frame.to_csv(index=False).encode(), "text/csv").run()
    at.switch_page("pages/scaling_effects.py").run()
    assert not at.exception
    return at


def text_of(at) -> str:
    parts = [*at.markdown, *at.subheader, *at.caption, *at.info, *at.error]
    return " ".join(part.value for part in parts).replace("\\", "")


def table(n: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    group = np.repeat(["left", "right"], n // 2)
    return pd.DataFrame(
        {
            "signal": rng.normal(size=n).round(3) + 3 * (group == "right"),
            "loud": (rng.normal(size=n) * 1e4).round(1),
            "group": group,
        }
    )


def test_wine_gets_a_verdict_per_model_and_a_picture(open_page) -> None:
    at = open_page("scaling_effects", data="Wine")
    text = text_of(at)
    assert (
        "Scaling helps the RBF SVM" in text and "no difference larger than 0.02 to the random forest" in text
    )
    assert "adjusted Rand index from 0.371 to 0.897" in text
    assert "proline owns 100.0%" in text
    assert len(at.get("plotly_chart")) == 2
    for view in ("Differences", "Iterations", "Clusters", "First component"):
        at.segmented_control(key="scaling_effects_view").set_value(view).run()
        assert not at.exception and len(at.get("plotly_chart")) == 2
    at.selectbox(key="scaling_effects_model_class").select("k-means").run()
    assert not at.exception and not at.error


def test_the_script_on_the_page_repeats_the_table(open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    models = [QUICK, "RBF SVM", "logistic regression"]
    at = open_page("scaling_effects", data="Wine", scaling_effects_models_class=models)
    shown = at.dataframe[0].value
    code = at.code[0].value.replace("print(summary)", "")
    monkeypatch.chdir(SAMPLES)
    namespace: dict[str, pd.DataFrame] = {}
    exec(compile(code, "script", "exec"), namespace)
    np.testing.assert_allclose(namespace["summary"]["score"], shown["score"])


def test_a_number_can_be_predicted_and_nothing_too(open_page) -> None:
    at = opened_with(open_page, table())
    at.selectbox(key="scaling_effects_target").select("loud").run()
    assert not at.exception and not at.error
    assert "R²" in text_of(at)
    at.selectbox(key="scaling_effects_target").select("").run()
    assert not at.exception and not at.error
    assert "over ten starts" in text_of(at)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (
            pd.DataFrame({"a": ["x", "y"] * 10, "b": ["some words here", "other words there"] * 10}),
            "Choose at least",
        ),
        (table().assign(signal=np.nan, loud=5), "Choose at least"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(open_page, frame: pd.DataFrame, words: str) -> None:
    assert words in text_of(opened_with(open_page, frame))


def test_a_target_of_too_few_rows_is_one_sentence_where_it_is_chosen_and_never_at_first(open_page) -> None:
    at = opened_with(open_page, table(8))
    assert "0 in at least 5 rows" not in text_of(at)
    target = at.selectbox(key="scaling_effects_target")
    target.select(next(name for name in target.options if name == "group")).run()
    assert not at.exception and "0 in at least 5 rows" in text_of(at)


def test_without_models_or_columns_the_page_asks_for_some(open_page) -> None:
    at = opened_with(open_page, table())
    at.multiselect(key="scaling_effects_columns").set_value([]).run()
    assert not at.exception and "Choose at least one number column" in text_of(at)


def test_names_from_the_file_are_shown_as_text(open_page) -> None:
    at = opened_with(open_page, table().rename(columns={"loud": "<b>**loud**</b> $x$"}))
    assert not at.exception
    assert "**loud**" not in "".join(part.value for part in at.markdown)


def test_without_a_target_the_likeliest_is_offered_for_a_click(open_page) -> None:
    at = open_page("data")
    frame = pd.read_csv(SAMPLES / "wine.csv").head(40)[["alcohol", "ash", "hue", "proline"]]
    made = frame.rename(columns={"proline": "quality"}).to_csv(index=False).encode()
    at.file_uploader[0].upload("w.csv", made, "text/csv").run()
    at.switch_page("pages/scaling_effects.py").run()
    assert at.selectbox(key="scaling_effects_target").value == ""
    assert "Likeliest target: quality, because its name is one" in at.info[0].value.replace("\\", "")
    at.multiselect(key="scaling_effects_models_none").set_value(["First principal component"]).run()
    at.button(key="scaling_effects_predict_quality").click().run()
    assert [one.value for one in at.error] == [] and not at.exception
    assert at.selectbox(key="scaling_effects_target").value == "quality"


def test_a_column_of_names_is_not_what_is_predicted_at_first(open_page) -> None:
    frame = table(120).assign(code=[f"C{row % 30:02d}" for row in range(120)])
    at = opened_with(open_page, frame)
    assert "code" in at.selectbox(key="scaling_effects_target").options
    assert at.selectbox(key="scaling_effects_target").value == "group"
