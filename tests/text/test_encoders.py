"""The real model: every backend against SentenceTransformer.encode in float32."""

import threading
from pathlib import Path

import numpy as np
import pytest

from analytics.errors import ZetascopeError
from analytics.tables import read_table
from analytics.text import cut_passages, openvino_backend, processor, quick_agreement
from analytics.text.encoders import TextEncoder, load_encoder
from analytics.text.model_files import ModelSource
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

WORDS = "the card has not arrived yet and I would like to know when it will be here please help".split()


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return load_encoder()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = np.random.default_rng(0)
    plain = [" ".join(rng.choice(WORDS, rng.integers(1, 40))) for _ in range(24)]
    odd = [
        "",
        " ",
        "\n\t",
        "a",
        "🙂🙂",
        "مرحبا بالعالم",
        "東京は晴れ",
        "Ça coûte 3,50 €",
        "word " * 10_000,
        "x" * 100_000,
    ]
    return (
        plain
        + odd
        + ["<script>alert(1)</script>", "NULL", "0", "\x00", "\ud83d".encode("utf-8", "replace").decode()]
    )


@pytest.fixture(scope="module")
def expected(encoder: TextEncoder, texts: list[str]) -> np.ndarray:
    return encoder.model.encode(texts)


@pytest.mark.parametrize("backend", ["auto", "openvino", "torch", "torch-float32"])
def test_agrees_with_sentence_transformers(
    backend: str, encoder: TextEncoder, texts: list[str], expected: np.ndarray
) -> None:
    chosen = encoder if backend == "auto" else load_encoder(backend=backend)
    vectors = chosen.encode(texts)
    assert vectors.dtype == np.float32 and vectors.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * expected).sum(axis=1).min() >= 0.9999
    if backend == "torch-float32":
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_agrees_on_real_texts(encoder: TextEncoder) -> None:
    texts = read_table(ROOT / "sample_data" / "opinions.csv").frame["text"].dropna().tolist()[::12]
    expected = encoder.model.encode(texts, show_progress_bar=False)
    assert (encoder.encode(texts) * expected).sum(axis=1).min() >= 0.9999


def test_order_and_company_do_not_matter(encoder: TextEncoder, texts: list[str]) -> None:
    order = np.random.default_rng(1).permutation(len(texts))
    shuffled = encoder.encode([texts[row] for row in order])
    assert (shuffled * encoder.encode(texts)[order]).sum(axis=1).min() >= 0.9999


def test_what_was_measured_to_be_the_quickest_is_used_and_kept_on_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZETASCOPE_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("ZETASCOPE_RUNTIME")
    first = load_encoder()
    if first.model.device.type != "cpu":
        return
    first.warm_up()
    choice = first.choice
    assert choice is not None and {"openvino", "torch"} <= {one.candidate.runtime for one in choice.timings}
    assert choice.best.cost == min(one.cost for one in choice.timings)
    assert first.backend == f"{choice.best.candidate.runtime} {choice.best.precision}"
    assert processor() in choice.sentence()
    again = load_encoder()
    assert again.choice == choice and again.space == first.space
    assert again._model is None
    again.warm_up()
    assert again.backend == first.backend and again.choice == choice


def test_quick_vectors_are_near_and_never_mixed_with_others(encoder: TextEncoder) -> None:
    quick = load_encoder(backend="quick")
    if quick.model.device.type != "cpu":
        return
    texts = read_table(ROOT / "sample_data" / "opinions.csv").frame["text"].dropna().tolist()[::60]
    full, few_bits = encoder.encode(texts), quick.encode(texts)
    cosine = (full * few_bits).sum(axis=1)
    assert 0.98 < cosine.min() < 0.99999
    assert quick.precision == "int8" and quick.space != encoder.space
    told = quick_agreement(full, few_bits)
    assert told.worst == pytest.approx(cosine.min()) and 0.9 < told.kept < 1


def test_a_runtime_that_does_not_know_a_setting_goes_without(
    monkeypatch: pytest.MonkeyPatch, encoder: TextEncoder
) -> None:
    monkeypatch.setattr(openvino_backend, "PLAIN_ATTENTION", {"NO_SUCH_SETTING": "1"})
    other = load_encoder(backend="openvino")
    assert other.backend.startswith("openvino ")
    few = ["a text", "another, longer text", ""]
    assert (other.encode(few) * encoder.encode(few)).sum(axis=1).min() >= 0.9999


def test_identical_texts_are_encoded_once(encoder: TextEncoder) -> None:
    seen = []
    vectors = encoder.encode(["a", "b", "a"] * 400, progress=lambda *count: seen.append(count))
    assert seen == [(2, 2)]
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_progress_and_cancel(encoder: TextEncoder) -> None:
    def stop(done: int, total: int) -> None:
        assert total == 1100
        assert done < total
        raise InterruptedError

    with pytest.raises(InterruptedError):
        encoder.encode([f"text {i}" for i in range(1100)], progress=stop)


def test_what_is_cut_off_is_counted(encoder: TextEncoder) -> None:
    texts = ["one two three", "word " * 510, "", "日" * 200, "word " * 254]
    assert encoder.count_tokens(texts).tolist() == [5, 512, 2, 202, 256]
    np.testing.assert_allclose(encoder.read_share(texts), [1, 0.5, 1, 1, 1])
    # What lies beyond the limit changes nothing.
    long = encoder.encode(["word " * 254, "word " * 254 + "entirely different matters"])
    assert long[0] @ long[1] > 0.9999


def test_every_passage_of_a_long_text_is_read_whole(encoder: TextEncoder) -> None:
    sentences = " ".join(f"Sentence number {i} has exactly seven words." for i in range(80))
    texts = [sentences, "short", "naïve 東京 🙂 " * 400]
    found = cut_passages(texts, encoder)
    assert found.sizes.tolist()[1] == 1 and (found.sizes[[0, 2]] > 2).all()
    assert (encoder.read_share(found.texts) == 1).all()
    assert encoder.unknown_share(["plain", "naïve", "🙂 word", ""]).tolist() == [0, 0, 0.5, 0]


def test_counting_needs_no_model(encoder: TextEncoder) -> None:
    alone = load_encoder()
    texts = ["one two three", "word " * 510, "日" * 200, "Ça coûte 3,50 €"]
    assert alone.count_tokens(texts).tolist() == encoder.count_tokens(texts).tolist()
    assert alone.max_tokens == encoder.model.max_seq_length
    np.testing.assert_array_equal(alone.read_share(texts), encoder.read_share(texts))
    assert alone._model is None


def test_threads_share_one_encoder(encoder: TextEncoder) -> None:
    inputs = [[f"thread {number} says {i}" for i in range(50)] for number in range(4)]
    expected = [encoder.encode(texts) for texts in inputs]
    found: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        for _ in range(3):
            found[number] = encoder.encode(inputs[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, vectors in enumerate(expected):
        assert (found[number] * vectors).sum(axis=1).min() > 0.9999


def test_a_local_copy_with_prompts_is_respected(encoder: TextEncoder, tmp_path) -> None:
    encoder.model.save_pretrained(str(tmp_path / "copy"), create_model_card=False)
    own = load_encoder(str(tmp_path / "copy"))
    own.model.prompts = {"query": "search for: ", "document": ""}
    assert own.prompt("query") == "search for: "
    assert own.prompt("document") == own.prompt("text") == ""
    expected = own.model.encode_query(["lost card"])
    assert (own.encode(["lost card"], role="query") * expected).sum() > 0.9999
    own.model[1].include_prompt = False
    excluded = own.model.encode_query(["lost card"])
    assert (excluded * expected).sum() < 0.9999
    assert (own.encode(["lost card"], role="query") * excluded).sum() > 0.9999


def test_a_broken_model_is_told(tmp_path) -> None:
    (tmp_path / "modules.json").write_text("[{}]")
    with pytest.raises(ZetascopeError, match="could not be loaded from its folder"):
        load_encoder(str(tmp_path)).encode(["a"])


def test_an_unreachable_hub_is_told(monkeypatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    encoder = TextEncoder(ModelSource("nobody/no-such-model", "nobody/no-such-model", "", local=False))
    with pytest.raises(ZetascopeError, match="may be out of reach"):
        encoder.encode(["a"])


def test_half_a_character_is_read_as_unknown_and_bad_lists_are_told() -> None:
    encoder = load_encoder()
    broken, whole = encoder.encode(["a \ud83d b", "a \ufffd b"])
    np.testing.assert_allclose(broken, whole, atol=1e-6)
    assert encoder.count_tokens(["\ud83d"]).tolist() == encoder.count_tokens(["\ufffd"]).tolist()
    assert encoder.read_share(["\ud83d"]).tolist() == [1.0]
    for call in (encoder.encode, encoder.count_tokens, encoder.read_share):
        for wrong in ("one text", [1], [None], None):
            with pytest.raises(ZetascopeError):
                call(wrong)
