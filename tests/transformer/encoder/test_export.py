"""What is taken away can be read without us, and says what it is."""

from __future__ import annotations

import io

import numpy as np
import pytest

from analytics.transformer.encoder.export import readme, to_npz, trace_arrays
from analytics.transformer.encoder.walk import trace_encoder
from tests.transformer import tiny_models as tiny


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    encoder = tiny.tiny_sentence_encoder("bert", tmp_path_factory.mktemp("bert"))
    return trace_encoder("we read \"the map\"\n'of' texts", encoder=encoder, heads_off=[(1, 0)])


def test_npz_holds_every_array_and_a_readme_that_names_them(trace):
    arrays = trace_arrays(trace)
    with np.load(io.BytesIO(to_npz(trace)), allow_pickle=False) as archive:
        assert set(archive.files) == {*arrays, "README.txt"}
        for name, array in arrays.items():
            assert np.array_equal(archive[name], array), name
        text = archive["README.txt"].decode()
    assert text == readme(trace)
    for name, array in arrays.items():
        assert f"{name} " in text
        assert str(array.shape) in text
    assert "passed" in text
    assert "FAILED" not in text
