"""The packaged translator: its files, its vocabulary, and other Marian models' files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sentencepiece

from analytics.errors import ZetascopeError
from analytics.transformer.checks import all_passed
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.translator.loading import PACKAGED, load_translator
from analytics.transformer.translator.vocabulary import PAGE_EXAMPLE
from tests.transformer.tiny_translator import tiny_pieces, tiny_translator


@pytest.fixture(scope="module")
def pieces(tmp_path_factory) -> Path:
    return tiny_pieces(tmp_path_factory.mktemp("pieces") / "sp.model")


@pytest.fixture
def packaged_style(tmp_path, pieces) -> Path:
    """A folder as the packaged model's: config, safetensors, sp.model."""
    tiny_translator().model.save_pretrained(tmp_path)
    (tmp_path / "sp.model").write_bytes(pieces.read_bytes())
    return tmp_path


@pytest.fixture
def opus_style(tmp_path, pieces) -> Path:
    """A folder as Helsinki-NLP publishes: source.spm, target.spm and a vocabulary in another order."""
    tiny_translator().model.save_pretrained(tmp_path)
    for name in ("source.spm", "target.spm"):
        (tmp_path / name).write_bytes(pieces.read_bytes())
    processor = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
    names = [processor.id_to_piece(one) for one in range(2, processor.get_piece_size())]
    order = ["<pad>", "</s>", "<unk>", *reversed([name for name in names if name != "<unk>"])]
    (tmp_path / "vocab.json").write_text(json.dumps({name: one for one, name in enumerate(order)}))
    settings = {"source_lang": "en", "target_lang": "fr", "tokenizer_class": "MarianTokenizer"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    return tmp_path


@pytest.mark.parametrize("style", ["packaged_style", "opus_style"])
def test_a_folder_of_either_kind_takes_the_same_path(style, request):
    translator = load_translator(request.getfixturevalue(style))
    trace = trace_translation("The cat sleeps.", model=translator, max_new_tokens=8)
    assert [token.text for token in trace.source.tokens][-1] == "</s>"
    assert "".join(token.text for token in trace.source.tokens[:-1]).replace("▁", " ").strip() == (
        "The cat sleeps."
    )
    assert all_passed(trace.checks)
    assert len(translator.revision) == 64


def test_both_vocabularies_give_one_text_back(packaged_style, opus_style):
    for folder in (packaged_style, opus_style):
        vocabulary = load_translator(folder).vocabulary
        tokens = vocabulary.encode("A dog runs in the park.")
        assert vocabulary.decode([0, *(token.id for token in tokens)]) == "A dog runs in the park."
        assert [token.word for token in tokens][:2] == [0, 1] or tokens[1].word == 0
        assert tokens[-1].special
        assert [vocabulary.piece(token.id) for token in tokens] == [token.text for token in tokens]


def test_offsets_point_at_the_text(packaged_style):
    text = "The dog  reads."
    for token in load_translator(packaged_style).vocabulary.encode(text)[:-1]:
        assert text[token.start : token.end].strip() == token.text.removeprefix("▁")


def test_characters_without_a_piece_are_unknown(packaged_style):
    vocabulary = load_translator(packaged_style).vocabulary
    assert vocabulary.unknown_id in [token.id for token in vocabulary.encode("機械 cat")]


@pytest.mark.parametrize(
    ("name", "message"),
    [("no such model", "no translator called"), ("../x/y/z", "no translator called")],
)
def test_a_wrong_name_is_told(name, message):
    with pytest.raises(ZetascopeError, match=message):
        load_translator(name)


def test_a_folder_without_safe_weights_is_refused(packaged_style):
    weights = packaged_style / "model.safetensors"
    weights.rename(packaged_style / "pytorch_model.bin")
    with pytest.raises(ZetascopeError, match=r"no model\.safetensors"):
        load_translator(packaged_style)


def test_weights_that_cannot_be_read_are_told(packaged_style):
    weights = packaged_style / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(b"no weights")
    try:
        with pytest.raises(ZetascopeError, match="could not be opened"):
            load_translator(packaged_style)
    finally:
        weights.write_bytes(whole)


def test_broken_weights_and_other_models_are_refused(packaged_style):
    config = json.loads((packaged_style / "config.json").read_text())
    (packaged_style / "config.json").write_text(json.dumps({**config, "model_type": "bert"}))
    with pytest.raises(ZetascopeError, match="is a bert model"):
        load_translator(packaged_style)
    (packaged_style / "config.json").write_text("not json")
    with pytest.raises(ZetascopeError, match="could not be opened"):
        load_translator(packaged_style)


def test_a_missing_vocabulary_is_told(opus_style):
    (opus_style / "source.spm").unlink()
    with pytest.raises(ZetascopeError, match="vocabulary"):
        load_translator(opus_style)


def test_the_packaged_files_are_small_and_half_precision():
    from safetensors import safe_open

    assert sum(path.stat().st_size for path in PACKAGED.iterdir()) <= 20_000_000
    with safe_open(PACKAGED / "model.safetensors", framework="pt") as tensors:
        assert {tensors.get_slice(name).get_dtype() for name in tensors.keys()} == {"F16"}  # noqa: SIM118
    assert {path.suffix for path in PACKAGED.iterdir()} <= {".json", ".safetensors", ".model"}


@pytest.mark.slow
class TestPackaged:
    def test_words_in_and_out_are_one_table(self):
        model = load_translator().model
        assert model.lm_head.weight.data_ptr() == model.model.encoder.embed_tokens.weight.data_ptr()
        assert model.lm_head.weight.data_ptr() == model.model.decoder.embed_tokens.weight.data_ptr()

    @pytest.mark.parametrize("strategy", ["greedy", "beam", "sample"])
    def test_every_check_passes(self, strategy):
        trace = trace_translation(PAGE_EXAMPLE, strategy=strategy)
        assert [check.name for check in trace.checks if not check.passed] == []

    @pytest.mark.parametrize(
        ("english", "french"),
        [
            ("I don't know where he lives.", "Je ne sais pas où il vit."),
            ("My sister wants to learn French.", "Ma sœur veut apprendre le français."),
            ("Thank you very much.", "Merci beaucoup."),
        ],
    )
    def test_known_translations(self, english, french):
        assert trace_translation(english).translation == french

    @pytest.mark.parametrize(
        "text", ["?!...", "機械学習が好きです", "Je suis très content", "\x00\x07", "🙂" * 20, "a" * 90]
    )
    def test_strange_text_is_translated_or_refused_in_words(self, text):
        try:
            trace = trace_translation(text)
        except ZetascopeError as error:
            assert str(error).endswith((".", "sentence."))
        else:
            assert trace.steps
