"""What a mask hides, in words."""

import numpy as np
import pytest

from analytics.transformer.stages import mask_in_words


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.zeros((3, 4)), "hides nothing: 0 is added in all 12 cells"),
        (np.triu(np.full((4, 4), -3e38), 1), "hides 6 of 16 cells: those right of the diagonal"),
        (
            np.where(np.abs(np.subtract.outer(range(5), range(5))) > 2, -3e38, 0.0),
            "more than 2 from the diagonal",
        ),
        (np.array([[0.0, -3e38], [-3e38, 0.0]]), "more than 0 from the diagonal"),
        (np.array([[-3e38, 0.0, 0.0]]), "hides 1 of 3 cells: those with a hugely negative number"),
    ],
)
def test_what_a_mask_hides_is_said(mask, words):
    assert words in mask_in_words(mask)
