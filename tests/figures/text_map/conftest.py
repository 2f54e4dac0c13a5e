"""The same small map as in the tests of ``text``."""

from tests.text.conftest import three_blobs

__all__ = ["three_blobs"]
