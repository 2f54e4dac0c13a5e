"""The memory of the Decoder page: what is found stands beside the model's say, and corrections change it."""

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def at(open_page):
    at = open_page("decoder_walk", decoder_walk_view="Memory")
    next(button for button in at.button if button.label.startswith("Try")).click().run()
    assert not at.exception
    return at


def text_of(at) -> str:
    return " ".join(part.value for part in (*at.markdown, *at.caption)).replace("\\", "")


def press(at, label: str):
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def test_what_was_found_stands_beside_the_models_say(at):
    assert "coupez la doublure sur le pli" in text_of(at).casefold()
    assert "all agree" in text_of(at)
    (found,) = [one.value for one in at.dataframe if "next piece" in one.value.columns]
    assert len(found) == 16 and abs(found["weight"].sum() - 1) < 1e-9
    assert found["distance"].is_monotonic_increasing
    assert found["French, the place in brackets"][0] == "[Coupe]z la doublure dans le biais.</s>"


def test_without_a_say_the_model_writes_alone(at):
    at.segmented_control(key="decoder_walk_memory_way").set_value("Fixed").run()
    at.slider(key="decoder_walk_memory_weight").set_value(0.0).run()
    assert not at.exception
    said = text_of(at)
    alone = said.split("The model alone: ")[1].split("  \n")[0]
    assert f"With the memory: **{alone}**" in said


def test_a_corrected_and_a_deleted_pair_change_the_answer(at):
    at.segmented_control(key="decoder_walk_memory_way").set_value("Fixed").run()
    at.slider(key="decoder_walk_memory_weight").set_value(1.0).run()
    at.slider(key="decoder_walk_memory_neighbours").set_value(1).run()
    chosen = at.selectbox(key="decoder_walk_memory_row").value
    french = next(one for one in at.text_input if one.label == "French")
    french.set_value("Bonjour tout le monde.").run()
    press(at, "Correct")
    assert "With the memory: **Bonjour" in text_of(at)
    assert "1 correction so far" in text_of(at)
    next(one for one in at.text_input if one.label == "French").set_value(" ").run()
    press(at, "Correct")
    assert any("cannot be used" in error.value for error in at.error)
    press(at, "Delete")
    assert chosen != at.selectbox(key="decoder_walk_memory_row").value
    assert "Bonjour" not in text_of(at)
    press(at, "Undo all corrections")
    assert chosen == at.selectbox(key="decoder_walk_memory_row").value


def test_a_file_of_ones_own_and_what_is_wrong_with_it(at):
    at.selectbox(key="decoder_walk_memory_from").set_value("My own file").run()
    assert "A table with a column of English sentences" in text_of(at)
    at.file_uploader[0].upload("one.csv", b"English\nThread the needle.\nPin it.\n", "text/csv").run()
    assert any("fewer than two columns of text" in error.value for error in at.error)
    rows = b"en,fr\n" + b"The needle is here.,L'aiguille est ici.\n" * 2 + b"I wind it.,\n"
    at.file_uploader[0].upload("two.csv", rows, "text/csv").run()
    assert not at.exception
    assert "Left out: 2 pairs" in " ".join([text_of(at), *(one.label for one in at.expander)])


def test_fine_tuning_is_compared_with_remembering(at, monkeypatch):
    from analytics.dashboard.pages.decoder_walk import memory_compare
    from analytics.transformer.memory.comparing import Comparison, Score, Way

    asked = []

    def compared(sources, targets, *, translator, tuning, progress):
        asked.append((len(sources), tuning.epochs, tuning.keep, tuning.rank))
        return Comparison(
            (Way("With a memory", Score(31.5, 50), Score(52, 70), 1.5, 2_000_000, 3e6, 7),), 73, 18, 100
        )

    monkeypatch.setattr(memory_compare, "compare", compared)
    at.slider(key="decoder_walk_memory_epochs").set_value(2).run()
    at.selectbox(key="decoder_walk_memory_rank").select("LoRA, rank 8").run()
    assert "It can be cancelled" in text_of(at) and not asked
    press(at, "Compare")
    at.run()
    assert asked == [(90, 2, 0.2, 8)]
    (ways,) = [one.value for one in at.dataframe if "own BLEU" in one.value.columns]
    assert ways.loc[0, ["MB to keep", "MB at most", "numbers trained"]].tolist() == [2, 3, 7]
    assert "Learned from 73 pairs; scored on 18 others" in text_of(at)


def test_more_pairs_than_the_server_holds_are_refused(at, monkeypatch):
    from analytics.dashboard.pages.decoder_walk import memory_pairs

    monkeypatch.setattr(memory_pairs, "_PAIR_BYTES", 10**9)
    at.run()
    assert any("too many for this server" in error.value for error in at.error)
