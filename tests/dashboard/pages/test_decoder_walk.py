"""The Decoder page: the example is there, steps move, other paths are taken, bad input is told."""

import json
import re
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.slow

VIEW, STEP, TEXT, STRATEGY = (f"decoder_walk_{name}" for name in ("view", "step", "text", "strategy"))
VIEWS = (
    "The whole model",
    "One block",
    "Alignment",
    "Self-attention",
    "Encoder",
    "Layers",
    "Numbers",
    "Sampling",
    "Beam tree",
    "Mask lab",
    "Memory",
    "By hand",
    "Checks",
)


@pytest.fixture
def at(open_page):
    return open_page("decoder_walk")


def said(at) -> str:
    """The translation at the top."""
    return next(part.value for part in at.markdown if part.value.startswith("### ")).replace("\\", "")[4:]


def text_of(at) -> str:
    return " ".join(part.value for part in (*at.markdown, *at.caption)).replace("\\", "")


def press(at, label: str):
    next(button for button in at.button if button.label.replace("\\", "") == label).click().run()
    assert not at.exception
    return at


def written(at) -> list[str]:
    """The pieces of the output, as far as the one being written, which stands last."""
    proto = next(one.proto for one in at.get("bidi_component") if one.proto.id.endswith("decoder_walk_sure"))
    root = ElementTree.fromstring(json.loads(proto.json))
    pieces = root.findall(".//span[@data-pick]")
    now = [place for place, one in enumerate(pieces) if "now" in str(one.get("class")).split()]
    assert len(now) == 1
    return [str(one.text) for one in pieces[: now[0] + 1]]


def test_the_example_is_translated_when_the_page_opens(at):
    assert at.text_area(key=TEXT).value == "I love machine learning"
    assert "machine" in said(at) or "apprentissage automatique" in said(at)
    assert "the arithmetic is right; the translation may not be" in text_of(at)
    assert "held-out sentences" in text_of(at)
    assert at.slider(key=STEP).value == 1


def test_next_and_back_move_through_the_output(at):
    first = written(at)
    press(at, "Next")
    assert at.slider(key=STEP).value == 2
    assert written(at)[:-1] == first
    press(at, "Back")
    assert written(at) == first


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_at_every_kind_of_step(at, view):
    at.selectbox(key=VIEW).set_value(view).run()
    assert not at.exception
    at.slider(key=STEP).set_value(at.slider(key=STEP).max).run()
    assert not at.exception
    assert len(written(at)) == at.slider(key=STEP).max


@pytest.mark.parametrize(
    "part", ["Embeddings", "Masked self-attention", "Cross-attention", "Feed-forward", "Next piece"]
)
def test_a_number_of_every_stage_is_written_out(open_page, part):
    at = open_page("decoder_walk", decoder_walk_view="Numbers", decoder_walk_part=part)
    stages = at.selectbox(key="decoder_walk_stage").options
    for stage in stages:
        at.selectbox(key="decoder_walk_stage").set_value(stage).run()
        assert not at.exception
        assert not at.error
        assert "The model has" in text_of(at)
        assert ":red[" not in text_of(at)
        assert len(at.latex) >= 3


def test_another_path_is_taken_and_left(at):
    before = said(at)
    press(at, "Next")
    offered = next(button for button in at.button if button.key.startswith("decoder_walk_take_"))
    name = offered.label.replace("\\", "")
    offered.click().run()
    assert not at.exception
    assert name in written(at)[:-1]
    assert said(at) != before
    press(at, "Back to the model's own")
    assert said(at) == before


def test_a_path_belongs_to_its_sentence(at):
    next(button for button in at.button if button.key.startswith("decoder_walk_take_")).click().run()
    at.text_area(key=TEXT).set_value("Thank you very much.").run()
    assert said(at) == "Merci beaucoup."


def test_a_path_stands_in_the_link(open_page):
    at = open_page("decoder_walk", decoder_walk_text="Thank you very much.", decoder_walk_path="▁Je ▁vous")
    assert written(at) == ["▁Je"]
    assert said(at).startswith("Je vous")
    at.text_input(key="decoder_walk_path").set_value("").run()
    assert said(at) == "Merci beaucoup."


@pytest.mark.parametrize(("begun", "shown"), [("Bonjour", "Bonjour"), ("J'ai mangé", "J'ai mangé")])
def test_the_output_begins_with_any_french(at, begun, shown):
    at.text_input(key="decoder_walk_path").set_value(begun).run()
    assert not at.exception
    assert said(at).startswith(shown)


@pytest.mark.parametrize(
    "path", ["▁Je nosuchpiece", "</s>", "<b>[x](javascript:1)</b>", "🙂", "▁a </s>", "le " * 90]
)
def test_a_path_that_cannot_be_is_told_and_the_page_stays(at, path):
    at.text_input(key="decoder_walk_path").set_value("Je").run()
    before = said(at)
    at.text_input(key="decoder_walk_path").set_value(path).run()
    assert not at.exception
    (message,) = at.error
    assert "cannot begin" in message.value or "cannot start" in message.value
    assert said(at) == before
    at.text_area(key=TEXT).set_value("Thank you very much.").run()
    assert said(at) == "Merci beaucoup."


def test_the_head_picker_shows_what_is_shown(at):
    at.selectbox(key=VIEW).set_value("Self-attention").run()
    assert at.selectbox(key="decoder_walk_head").value == "mean of all"
    assert "mean of all heads" in text_of(at)
    assert "do not follow from the mean scores" in text_of(at)
    at.selectbox(key="decoder_walk_head").set_value("3").run()
    assert ", head 3" in text_of(at)
    at.selectbox(key="decoder_walk_head").set_value("mean of all").run()
    at.selectbox(key=VIEW).set_value("Numbers").run()
    at.selectbox(key="decoder_walk_stage").set_value("Scores").run()
    assert at.selectbox(key="decoder_walk_head").value == "1"
    assert any("head 1" in title.value for title in at.subheader)


@pytest.mark.parametrize(
    ("part", "words"),
    [("Masked self-attention", "right of the diagonal"), ("Cross-attention", "hides nothing")],
)
def test_the_mask_says_what_it_hides(open_page, part, words):
    at = open_page(
        "decoder_walk", decoder_walk_view="Numbers", decoder_walk_part=part, decoder_walk_stage="Mask"
    )
    assert words in text_of(at)
    assert "decoder_walk_head" not in {box.key for box in at.selectbox}


def test_a_sentence_outside_what_the_model_knows_is_told(at):
    assert "outside what the model knows" not in " ".join(one.value for one in at.warning)
    at.text_area(key=TEXT).set_value("The patient was given 40 mg of atorvastatin daily in 2016.").run()
    told = next(one.value for one in at.warning if "outside what the model knows" in one.value)
    assert "atorvastatin" in told
    assert "2016" in told


def test_a_shorter_sentence_keeps_the_step_within_it(at):
    at.slider(key=STEP).set_value(at.slider(key=STEP).max).run()
    at.text_area(key=TEXT).set_value("Yes.").run()
    assert not at.exception
    assert at.slider(key=STEP).value == at.slider(key=STEP).max


def test_temperature_shows_in_the_distribution(at):
    at.selectbox(key=VIEW).set_value("Sampling").run()
    at.slider(key="decoder_walk_temperature").set_value(2.0).run()
    assert not at.exception
    hot = re.search(r"keep ([\d,]+) piece", text_of(at).replace("*", ""))
    at.slider(key="decoder_walk_temperature").set_value(0.1).run()
    cold = re.search(r"keep ([\d,]+) piece", text_of(at).replace("*", ""))
    assert int(hot[1].replace(",", "")) > int(cold[1].replace(",", ""))


def test_sampling_draws_by_seed(at):
    at.segmented_control(key=STRATEGY).set_value("Sampling").run()
    at.slider(key="decoder_walk_top_p").set_value(1.0).run()
    at.slider(key="decoder_walk_temperature").set_value(2.0).run()
    first = said(at)
    at.number_input(key="decoder_walk_seed").set_value(5).run()
    assert said(at) != first
    at.number_input(key="decoder_walk_seed").set_value(0).run()
    assert said(at) == first


def test_beams_show_their_tree_and_greedy_beside_it(at):
    at.selectbox(key=VIEW).set_value("Beam tree").run()
    press(at, "Use beam search")
    assert "Greedy decoding" in text_of(at)
    outputs = at.dataframe[-1].value
    assert len(outputs) == 4
    assert list(outputs["score"]) == sorted(outputs["score"], reverse=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("   ", "nothing to translate"),
        ("very " * 110, "tokens long and the walk takes"),
    ],
)
def test_what_cannot_be_translated_is_told(at, text, message):
    at.text_area(key=TEXT).set_value(text).run()
    assert not at.exception
    assert message in " ".join(error.value for error in at.error).replace("\\", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("機械学習が好きです", "does not look like English"),
        ("Je suis très content de vous voir", "looks like French"),
        ("?!...", "no word in this text"),
        ("I like 🙂🙂", "no piece for"),
    ],
)
def test_doubtful_input_is_translated_with_a_warning(at, text, message):
    at.text_area(key=TEXT).set_value(text).run()
    assert not at.exception
    assert message in " ".join(warning.value for warning in at.warning).replace("\\", "")
    assert said(at)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "**[x](javascript:1)** $a$ :red[b]", "a_b`c`\\d"]
)
def test_markup_in_the_sentence_stays_text(at, text):
    at.text_area(key=TEXT).set_value(text).run()
    assert not at.exception


def test_a_link_brings_sentence_strategy_step_and_view(open_page):
    at = open_page(
        "decoder_walk",
        decoder_walk_text="Thank you very much.",
        decoder_walk_strategy="Beam search",
        decoder_walk_step="2",
        decoder_walk_view="Mask lab",
    )
    assert said(at) == "Merci beaucoup."
    assert at.slider(key=STEP).value == 2
    assert at.segmented_control(key=STRATEGY).value == "Beam search"
    assert at.selectbox(key=VIEW).value == "Mask lab"
    assert "The leak, proven" in text_of(at)
