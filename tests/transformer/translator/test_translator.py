"""The packaged translator: its files, its vocabulary, its corpus rules, and other Marian models' files."""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
import torch

from analytics.errors import ZetascopeError
from analytics.transformer.checks import all_passed
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.translator.loading import PACKAGED, load_translator
from analytics.transformer.translator.vocabulary import PAGE_EXAMPLE
from tests.conftest import ROOT
from tests.transformer.tiny_translator import tiny_translator
from training.batches import EOS, PAD, cut_batches, make_batch, share
from training.corpus import (
    Pair,
    bare,
    normalise,
    read_heldout,
    read_pairs,
    vary,
    without_capital,
    without_closing,
    without_heldout,
)
from training.glossary import glossary_pairs

HELDOUT = ROOT / "training" / "heldout.json"
SENTENCES = [
    "The cat sleeps.",
    "A dog runs in the park.",
    "We read books.",
    "Le chat dort.",
    "Un chien court.",
]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory) -> Path:
    """A SentencePiece model of 60 pieces with the packaged model's special ids."""
    target = tmp_path_factory.mktemp("pieces") / "sp.model"
    writer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20),
        model_writer=writer,
        vocab_size=60,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    target.write_bytes(writer.getvalue())
    return target


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


def archive(path: Path, lines: str) -> Path:
    with zipfile.ZipFile(path, "w") as box:
        box.writestr("fra.txt", lines)
    return path


def test_pairs_are_read_and_cleaned(tmp_path):
    found = read_pairs(archive(tmp_path / "a.zip", "Run!\tCours\u202f!\nWho?\tQui\xa0?\textra\n\n"))
    assert found == [Pair("Run!", "Cours !"), Pair("Who?", "Qui ?")]


def test_something_else_than_the_archive_is_told(tmp_path):
    (tmp_path / "b.zip").write_bytes(b"no archive")
    for path in (tmp_path / "b.zip", tmp_path / "missing.zip"):
        with pytest.raises(ZetascopeError, match="not the Tatoeba archive"):
            read_pairs(path)


def test_held_out_sentences_and_the_example_never_reach_training():
    pairs = [
        Pair(text, "x") for text in ("Go away!", "go away", "Stay.", "I love machine learning!", "Stay!?")
    ]
    assert without_heldout(pairs, ["Go away!"]) == [Pair("Stay.", "x"), Pair("Stay!?", "x")]


def test_the_glossary_knows_the_words_but_not_the_example():
    pairs = glossary_pairs()
    english = [pair.english for pair in pairs]
    assert bare(PAGE_EXAMPLE) not in {bare(text) for text in english}
    assert sum("achine learning" in text for text in english) > 10
    assert len(set(english)) == len(english)
    wrong = [
        pair for pair in pairs if " de le " in pair.french or " à le " in pair.french or "{" in pair.french
    ]
    assert not wrong
    assert Pair("The matrix is small.", "La matrice est petite.") in pairs
    assert Pair("Statistics is changing the world.", "Les statistiques changent le monde.") in pairs


def test_the_held_out_set_is_whole():
    heldout = read_heldout(HELDOUT)
    assert len(heldout) == 2000
    assert all(references and all(references) for references in heldout.values())


def test_variants_change_only_marks_and_capitals():
    pair = Pair("We study it.", "Nous l'étudions.")
    assert without_closing(pair) == Pair("We study it", "Nous l'étudions")
    assert without_capital(pair) == Pair("we study it.", "Nous l'étudions.")
    assert without_capital(Pair("I'm here.", "x")).english == "i'm here."
    for name in ("Tom is.", "Mr. Lee is.", "Mary"):
        assert without_capital(Pair(name, "x")).english == name
    assert without_closing(Pair("Really ?!", "Vraiment ?!")) == Pair("Really", "Vraiment")
    rng = random.Random(0)
    assert {vary(Pair("...", "…"), rng) for _ in range(50)} == {Pair("...", "…")}
    share_varied = np.mean([vary(pair, rng) != pair for _ in range(4000)])
    assert share_varied == pytest.approx(1 - 0.85 * 0.9, abs=0.03)


def test_normalise_makes_french_spaces_plain():
    assert normalise("Ça\u202fva ?  Oui\xa0!\n") == "Ça va ? Oui !"


def test_batches_hold_every_pair_once_within_the_budget():
    rng = random.Random(1)
    rows = [([9] * rng.randint(1, 30), [9] * rng.randint(1, 30)) for _ in range(500)]
    batches = cut_batches(rows, tokens=200, rng=random.Random(2))
    assert sorted(row for batch in batches for row in batch) == list(range(500))
    for batch in batches:
        assert max(max(map(len, rows[row])) for row in batch) * len(batch) <= 200
    assert batches != cut_batches(rows, tokens=200, rng=random.Random(3))


def test_workers_share_every_batch():
    parts = [list(share([[1, 2, 3], [4, 5], [6]], rank=rank, workers=2)) for rank in range(2)]
    assert parts == [[[1, 3], [4]], [[2], [5]]]


def test_a_batch_shifts_its_targets():
    batch = make_batch([([5, 6, EOS], [7, EOS]), ([5, EOS], [8, 9, EOS])])
    assert batch.source.tolist() == [[5, 6, EOS], [5, EOS, PAD]]
    assert batch.target_in.tolist() == [[PAD, 7, EOS], [PAD, 8, 9]]
    assert batch.target_out.tolist() == [[7, EOS, PAD], [8, 9, EOS]]


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


@pytest.mark.slow
def test_training_starts_resumes_and_exports(tmp_path, pieces, monkeypatch):
    from training import train

    # A spawned worker runs the parent's main script first, and a parallel test runner's cannot be run again.
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)

    lines = "".join(f"We read {n} books.\tLe chat dort {n}.\n" for n in range(40))
    pairs = archive(tmp_path / "pairs.zip", lines)
    out = tmp_path / "run"
    out.mkdir()
    (out / "sp.model").write_bytes(pieces.read_bytes())
    options = ["--pairs", str(pairs), "--out", str(out), "--workers", "1", "--tokens", "200", "--warmup", "2"]
    train.main([*options, "--steps", "2", "--decay", "2"])
    train.main([*options, "--steps", "4", "--decay", "2"])
    trained = load_translator(out / "model")
    assert trace_translation("We read books.", model=trained, max_new_tokens=4).steps
    assert torch.isfinite(trained.model.lm_head.weight).all()


def test_the_rate_rises_stays_and_falls_to_nothing():
    from training.train import Recipe, learning_rate

    recipe = Recipe(steps=100, warmup=10, decay=20, peak=1.0)
    rates = [learning_rate(step, recipe) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[10:80] == pytest.approx([1.0] * 70)
    assert rates[90] == pytest.approx(0.5)
    assert rates[100] == 0
