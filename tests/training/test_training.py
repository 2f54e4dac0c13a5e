"""How the packaged translator was trained: corpus rules, batches, a short run, and what its card says."""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from analytics.errors import ZetascopeError
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.translator.loading import PACKAGED, load_translator
from analytics.transformer.translator.vocabulary import PAGE_EXAMPLE
from tests.conftest import ROOT
from tests.transformer.tiny_translator import tiny_pieces
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
from training.train import HELDOUT


def test_the_card_names_commands_and_files_that_exist() -> None:
    card = (PACKAGED.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    modules = re.findall(r"python -m ([\w.]+)", card)
    assert "training.train" in modules
    for module in modules:
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file(), module
    for name in re.findall(r"`([\w/]+\.(?:py|json|safetensors|model))`", card):
        assert (ROOT / name).is_file() or (PACKAGED.parent / name).is_file(), name


@pytest.mark.slow
def test_the_command_says_what_it_takes() -> None:
    command = [sys.executable, "-m", "training.train", "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "python -m training.train --pairs" in said


@pytest.mark.slow
def test_the_product_does_without_the_training() -> None:
    for path in (ROOT / "analytics").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in named if name.split(".")[0] == "training"], path


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


@pytest.mark.slow
def test_training_starts_resumes_and_exports(tmp_path, monkeypatch):
    from training import train

    # A spawned worker runs the parent's main script first, and a parallel test runner's cannot be run again.
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)

    lines = "".join(f"We read {n} books.\tLe chat dort {n}.\n" for n in range(40))
    pairs = archive(tmp_path / "pairs.zip", lines)
    out = tmp_path / "run"
    out.mkdir()
    tiny_pieces(out / "sp.model")
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
