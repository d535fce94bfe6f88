"""The samples' pictures are those that the program draws now."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import need_module

SAMPLES = Path(__file__).parent.parent / "samples"


def test_drawing_the_samples_again_changes_nothing() -> None:
    need_module("matplotlib")
    done = subprocess.run(
        [sys.executable, str(SAMPLES / "render.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
