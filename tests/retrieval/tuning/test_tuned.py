"""Fine-tuning with an encoder of random weights: every way learns, the encoder itself stays as it is."""

import io
import zipfile

import numpy as np
import pytest

from analytics.retrieval import compare_ways
from analytics.retrieval.tuning.generality import general_texts, kept_neighbours, rated_pairs
from analytics.retrieval.tuning.material import Material
from analytics.retrieval.tuning.saving import zipped_model
from analytics.retrieval.tuning.splits import ALL
from analytics.retrieval.tuning.tuned import encode_with
from analytics.retrieval.tuning.ways import WAYS

pytestmark = pytest.mark.slow


def test_the_shipped_pairs_are_pairs() -> None:
    pairs = rated_pairs()
    assert len(pairs) == 60 and pairs["rating"].between(0, 5).all()
    assert not pairs.duplicated(["first", "second"]).any()
    assert set(pairs["first"]) | set(pairs["second"]) <= set(general_texts())


def test_what_keeps_its_order_keeps_its_neighbours() -> None:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    turned = vectors @ np.linalg.qr(chance.normal(size=(8, 8)))[0].astype(np.float32)
    assert kept_neighbours(vectors, turned) > 0.99
    assert kept_neighbours(vectors, chance.permutation(vectors)) < 0.4


@pytest.mark.parametrize("way", ["contrastive", "lora", "full"])
def test_each_way_of_tuning_learns_and_can_be_taken_away(
    way, texts_and_labels, tiny_encoder, tmp_path
) -> None:
    from sentence_transformers import SentenceTransformer

    texts, labels = texts_and_labels
    codes = np.unique(labels, return_inverse=True)[1]
    before = tiny_encoder.encode(texts)
    material = Material(tuple(texts), codes, 3, before, tiny_encoder)
    steps: list[tuple[int, int]] = []
    fitted = WAYS[way].fit(material, np.arange(0, 48, 2), 0, lambda *done: steps.append(done))
    assert steps[0][0] == 0 and steps[-1][0] == steps[-1][1]
    right = fitted.probabilities(np.arange(1, 48, 2)).argmax(axis=1) == codes[1::2]
    assert right.mean() > 0.6
    np.testing.assert_array_equal(tiny_encoder.encode(texts), before)
    after = encode_with(fitted.tuned, texts)
    assert np.abs(after - before).max() > 1e-3
    with zipfile.ZipFile(io.BytesIO(zipped_model(fitted.tuned, name="mine", card="# Mine"))) as archive:
        names = archive.namelist()
        assert all(name.startswith("mine/") for name in names)
        assert archive.read("mine/README.md") == b"# Mine"
        assert not [name for name in names if name.endswith((".bin", ".pkl", ".pt"))]
        archive.extractall(tmp_path)
    opened = SentenceTransformer(str(tmp_path / "mine"), device="cpu")
    np.testing.assert_allclose(encode_with(opened, texts), after, atol=1e-5)


def test_tuning_is_cancelled_at_a_step_and_goes_on_from_what_is_kept(texts_and_labels, tiny_encoder) -> None:
    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        compare_ways(*texts_and_labels, ways=("full",), encoder=tiny_encoder, seeds=1, progress=cancel)
    curve = compare_ways(
        *texts_and_labels, ways=("head", "full"), encoder=tiny_encoder, shots=(ALL,), seeds=1
    )
    cost = curve.costs.set_index("way").loc["Full fine-tuning"]
    assert 0 <= cost["general neighbours kept"] <= 1 and cost["numbers trained"] > 400_000
    weights_and_their_moments = 3 * 4 * 400_000  # which alone are made anew
    assert weights_and_their_moments < cost["more memory to train"] < 2e9
    assert "takes" in curve.answer() and "general neighbours" in curve.answer()
