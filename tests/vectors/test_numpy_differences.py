"""Random programs of vectors have the numbers of NumPy; python -m tests.fuzz goes on for as long as one likes."""

import random

import pytest

from tests import fuzz, fuzz_vectors
from tests.support.array_oracle import GrownProgram, grow_vector_program

pytest.importorskip("numpy")
ENDLESS = 120.0


@pytest.mark.parametrize("seed", range(5))
def test_random_programs_of_vectors_have_the_numbers_of_numpy(seed: int) -> None:
    report = fuzz.Report(most_seconds=ENDLESS)
    fuzz.try_vectors(seed, 100, report)
    assert report.findings == []
    assert report.fine["vectors"] == 100


def test_a_wrong_number_is_found() -> None:
    chance = random.Random(1)
    program = grow_vector_program(chance)
    wrong = GrownProgram(
        f"y = 1.001; {program.text.replace(chr(10), '; ')}",
        program.point,
        lambda known: program.compute(known).reshape(1) * 1.01,
    )
    with pytest.raises(AssertionError, match="the value is"):
        fuzz_vectors.try_vector_program(wrong, chance)
