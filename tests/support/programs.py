"""The samples' programs, for tests that go through all of them."""

from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
PROGRAMS = sorted(SAMPLES.glob("*.bp"))
WHOLE = [program for program in PROGRAMS if program.stem != "layers"]  # drawn whole: 415 gates are drawn in boxes
