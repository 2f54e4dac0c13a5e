"""The packaged translator with the sample memory: better where the memory is near, silent where it is not."""

import pytest

from analytics.app_files import app_folder
from analytics.tables import read_table
from analytics.transformer import Memory, load_translator, trace_translation
from analytics.transformer.checks import all_passed
from analytics.transformer.memory.calibrating import everyday_pairs
from analytics.transformer.memory.pairs import as_pairs, sort_out
from analytics.transformer.memory.writing import write_all
from training.corpus import bare, read_heldout
from training.train import HELDOUT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def translator():
    return load_translator()


@pytest.fixture(scope="module")
def memory(translator):
    frame = read_table(app_folder() / "sample_data" / "sewing_pairs.csv").frame
    return Memory.from_pairs(frame["English"], frame["French"], translator=translator)


def test_the_sample_mends_a_sentence_of_its_subject(translator, memory):
    assert not memory.left_out and not memory.notes and 60 <= len(memory.pairs) <= 150
    trace = trace_translation("Cut the lining on the fold.", model=translator, memory=memory)
    assert trace.translation == "Coupez la doublure sur le pli."
    assert all_passed(trace.checks)


def test_everyday_sentences_stay_as_they_are(translator, memory):
    rows = everyday_pairs()["kept"][:40]
    encoded, _ = sort_out(
        as_pairs([row[0] for row in rows], [row[1][0] for row in rows]), translator=translator
    )
    alone = write_all(encoded, translator=translator)
    beside = write_all(encoded, translator=translator, memory=memory)
    assert sum(a == b for a, b in zip(alone, beside, strict=True)) >= 36


def test_the_everyday_sentences_are_what_they_are_called():
    heldout = {bare(sentence) for sentence in read_heldout(HELDOUT)}
    assert all(bare(row[0]) in heldout for row in everyday_pairs()["kept"])
    assert not any(bare(row[0]) in heldout for row in everyday_pairs()["learned"])
