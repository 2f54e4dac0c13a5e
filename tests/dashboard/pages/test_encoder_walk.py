"""The Encoder page: every view and stage, hostile and odd texts, and what the reader changes."""

from __future__ import annotations

import pytest

VIEWS = (
    "The whole model",
    "Step by step",
    "One block",
    "Attention",
    "Tokens that matter",
    "What each token gives",
    "Heads off",
    "Two texts",
    "Layers",
    "By hand",
)

pytestmark = pytest.mark.slow

STAGES_OF_MINILM = 20


def view(at, name: str):
    at.selectbox(key="encoder_walk_view").set_value(name)
    at.run()
    assert not at.exception
    return at


def words(at) -> str:
    return " ".join(element.value for element in [*at.markdown, *at.caption])


def test_opens_with_the_example_and_its_checks(open_page):
    at = open_page("encoder_walk")
    assert at.text_area(key="encoder_walk_text").value == "I love machine learning"
    assert "6 layers of 12 heads" in words(at)
    assert "89 of 89 stages recomputed" in words(at)


def test_next_walks_through_every_stage(open_page):
    at = view(open_page("encoder_walk"), "Step by step")
    seen = [at.selectbox(key="encoder_walk_stage").value]
    while not at.button(key="encoder_walk_forward").disabled:
        at.button(key="encoder_walk_forward").click().run()
        assert not at.exception
        assert not at.error
        seen.append(at.selectbox(key="encoder_walk_stage").value)
    assert len(set(seen)) == len(seen) == STAGES_OF_MINILM
    at.button(key="encoder_walk_back").click().run()
    assert at.selectbox(key="encoder_walk_stage").value == seen[-2]


def test_a_number_is_written_out(open_page):
    at = open_page("encoder_walk", encoder_walk_stage="Scores", encoder_walk_layer="2", encoder_walk_head="3")
    assert "Scores, layer 2, head 3" in [title.value for title in at.subheader]
    at.selectbox(key="encoder_walk_row_checked").set_value(3).run()
    at.number_input(key="encoder_walk_column_checked").set_value(5).run()
    assert not at.exception
    assert "The model has" in words(at)
    formulas = " ".join(element.value for element in at.latex)
    assert r"\text{ (28 more)}" in formulas
    assert r"q \cdot k" in formulas


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_opens(open_page, name):
    at = view(open_page("encoder_walk", data="Opinions"), name)
    assert not at.error
    if name in ("What each token gives", "Heads off"):
        assert "nearest texts are the same" in words(at)


def test_tokens_that_matter_ends_in_a_conclusion(open_page):
    at = view(open_page("encoder_walk"), "Tokens that matter")
    assert "The measures agree: learning" in words(at)
    at.text_area(key="encoder_walk_text").set_value("Not good at all").run()
    assert "as the strongest" in words(at) or "The measures do not agree" in words(at)
    assert "which the tokenizer adds to every text" in words(at)
    at.text_area(key="encoder_walk_text").set_value("tea").run()
    assert "tea (token 2) is the text's only token of its own" in words(at)


def test_unknown_text_is_explained_where_it_occurs(open_page):
    at = open_page("encoder_walk", encoder_walk_text="I like 🙂 and 字 $x$")
    told = " ".join(one.value for one in at.warning).replace("\\", "")
    assert "no piece for “🙂”, “字”" in told
    assert "[UNK]" in told
    at.text_area(key="encoder_walk_text").set_value("I like tea").run()
    assert not at.warning


def test_the_mask_says_what_it_hides_and_pooling_leads_to_its_ledger(open_page):
    at = open_page("encoder_walk", encoder_walk_stage="Mask")
    assert "hides nothing: 0 is added in all 36 cells" in words(at)
    at.selectbox(key="encoder_walk_stage").set_value("Pooling").run()
    assert "ledger shows" not in words(at)
    at.button(key="encoder_walk_to_ledger").click().run()
    assert at.selectbox(key="encoder_walk_view").value == "What each token gives"


def test_pairs_of_two_texts_sum_to_their_cosine(open_page):
    at = view(open_page("encoder_walk"), "Two texts")
    at.text_input(key="encoder_walk_other").set_value("I love machine learning").run()
    assert "Cosine **1.0000**" in words(at)
    at.toggle(key="encoder_walk_special_apart").set_value(True).run()
    assert "pairs of the texts' own tokens give" in words(at)


def test_more_heads_off_change_more(open_page):
    at = view(open_page("encoder_walk"), "Heads off")
    at.multiselect(key="encoder_walk_heads_off").set_value(["1.1", "6.12"]).run()
    assert "With 2 of 72 heads off" in words(at)
    at.multiselect(key="encoder_walk_heads_off").set_value([]).run()
    assert not at.exception
    assert "Choose at least one head" in at.info[0].value


def test_without_text_in_the_open_data_neighbours_are_offered(open_page):
    at = view(open_page("encoder_walk", data="Wine"), "What each token gives")
    assert "no column of text" in at.info[0].value
    at.button(key="encoder_walk_open_sample").click().run()
    assert not at.exception
    assert "nearest texts are the same" in words(at)


def test_an_empty_text_says_so(open_page):
    at = open_page("encoder_walk", encoder_walk_text=" ")
    assert "The text box is empty" in at.info[0].value


def test_a_row_of_the_open_data_can_be_taken(open_page):
    at = open_page("encoder_walk", data="Opinions")
    at.number_input(key="encoder_walk_row").set_value(7).run()
    at.button(key="encoder_walk_use_row").click().run()
    assert not at.exception
    assert at.text_area(key="encoder_walk_text").value != "I love machine learning"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a",
        "🙂 مرحبا 東京",
        "<img src=x onerror=alert(1)> [x](javascript:alert(1)) $x$ `y` :red[z]",
    ],
)
def test_odd_texts_are_walked_through(open_page, text):
    at = open_page("encoder_walk")
    at.text_area(key="encoder_walk_text").set_value(text).run()
    for name in ("Step by step", "Attention", "Tokens that matter", "Two texts"):
        view(at, name)
        assert not at.error
        assert "89 of 89" in words(at)


def test_long_texts_are_cut_and_say_so(open_page):
    at = open_page("encoder_walk")
    at.text_area(key="encoder_walk_text").set_value("long words " * 1500).run()
    assert not at.exception
    assert "The model reads 256 tokens" in at.warning[0].value
    view(at, "Attention")
    at.segmented_control(key="encoder_walk_attention_picture").set_value("lines").run()
    assert not at.exception
    assert "400 strongest of 65,536 edges" in words(at)
    assert "Shrunk to 48 by 48" in words(at)


def test_the_worked_example_leads_to_the_real_model(open_page):
    at = view(open_page("encoder_walk"), "By hand")
    at.text_area(key="encoder_walk_text").set_value("something else").run()
    at.segmented_control(key="encoder_walk_hand_positions").set_value("sines and cosines").run()
    assert not at.exception
    at.button(key="encoder_walk_hand_real").click().run()
    assert at.text_area(key="encoder_walk_text").value == "I love machine learning"
    assert at.selectbox(key="encoder_walk_view").value == "Step by step"


def test_all_heads_of_a_link_are_shown_together(open_page):
    place = {"encoder_walk_layer": "6", "encoder_walk_head": "all"}
    at = open_page("encoder_walk", encoder_walk_view="Attention", **place)
    assert "Layer 6, the mean of all heads" in words(at)
    view(at, "Step by step")
    at.selectbox(key="encoder_walk_stage").set_value("Weights").run()
    assert "Attention weights, layer 6, head 1" in [title.value for title in at.subheader]


def test_the_mean_of_all_layers_is_shown_and_named(open_page):
    at = open_page("encoder_walk", encoder_walk_view="Attention", encoder_walk_layer="all")
    assert "The mean of all heads of all layers" in words(at)
    assert at.selectbox(key="encoder_walk_head").disabled
    assert "Layer 6, all heads together." in words(at)


def test_a_link_opens_the_same_place(open_page):
    at = open_page(
        "encoder_walk",
        encoder_walk_text="The bank raised its rates",
        encoder_walk_stage="Weights",
        encoder_walk_layer="4",
        encoder_walk_head="7",
    )
    assert at.text_area(key="encoder_walk_text").value == "The bank raised its rates"
    assert "Attention weights, layer 4, head 7" in [title.value for title in at.subheader]


def test_the_layers_are_placed_on_the_map_that_was_made(open_page):
    at = open_page("text_map", data="Opinions")
    at.switch_page("pages/encoder_walk.py").run()
    view(at, "Layers")
    assert "trustworthiness" in words(at)
    assert not at.get("progress")


def test_another_page_can_open_a_text_and_a_pair():
    from streamlit.testing.v1 import AppTest

    def linking() -> None:
        from analytics.dashboard.parts.texts.encoder_links import draw_links

        draw_links("first text", "second text", key="here")

    at = AppTest.from_function(linking, default_timeout=600)
    at.run()
    labels = [button.label for button in at.button]
    assert labels == ["How did it become a vector?", "Why is its nearest text similar?"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "held"),
    [
        ("scores/2/3", {"view": "Step by step", "stage": "Scores", "layer": 2, "head": 3}),
        ("output/4", {"view": "Step by step", "stage": "Norm 2", "layer": 4}),
        ("ledger", {"view": "What each token gives"}),
        ("head/6/12", {"view": "Attention", "layer": 6, "head": 12}),
        ("attention/6", {"view": "Attention", "layer": 6, "head": 0}),
        ("no place/1", {}),
        ("scores/2/3/4", {}),
    ],
)
def test_a_part_of_the_picture_leads_to_its_view(place, held):
    from streamlit.testing.v1 import AppTest

    def clicked(place: str) -> None:
        from analytics.dashboard.pages.encoder_walk import places

        places.take(place)

    at = AppTest.from_function(clicked, args=(place,), default_timeout=600).run()
    assert not at.exception
    keys = [f"encoder_walk_{name}" for name in ("view", "stage", "layer", "head")]
    state = {key: at.session_state[key] for key in keys if key in at.session_state}
    assert state == {f"encoder_walk_{name}": value for name, value in held.items()}
