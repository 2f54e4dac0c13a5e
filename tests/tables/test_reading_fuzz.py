"""Whatever the file, reading gives a table or one sentence: 2,000 mutated files of every format."""

import pytest

from analytics.tables import read_table
from benchmarks.fuzz_seeds import seeds
from benchmarks.fuzzing import cases, outcome


@pytest.mark.parametrize("name", sorted(seeds()))
def test_the_seeds_themselves_are_sound(name: str) -> None:
    assert read_table(seeds()[name], name=f"file.{name.rsplit(' ', 1)[-1]}").frame.shape[1] >= 2


def test_a_seed_makes_the_same_files_again() -> None:
    first, again = list(cases(100, seed=3)), list(cases(100, seed=3))
    assert first == again
    assert first != list(cases(100, seed=4))


@pytest.mark.slow
def test_mutated_files() -> None:
    """Some of those that ``benchmarks.fuzz`` makes by the hundred thousand."""
    faults = [
        (number, case.seed, result.message)
        for number, case in enumerate(cases(400, seed=11))
        if not (result := outcome(case)).allowed
    ]
    assert not faults


@pytest.mark.slow
def test_mutations_reach_behind_every_container() -> None:
    kinds = {}
    for case in cases(250, seed=5):
        kinds.setdefault(case.seed, set()).add(outcome(case).kind)
    assert all("Table" in found for found in kinds.values()), kinds
