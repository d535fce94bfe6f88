"""Snapshots of text: a file beside the tests that a person has read once, and every run is compared with."""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "snapshots"


def check(name: str, text: str) -> None:
    """Compare text with the snapshot of this name; under BPVIZ_NEW_SNAPSHOTS=1 write it first; read the diff."""
    file = FOLDER / name
    if os.environ.get("BPVIZ_NEW_SNAPSHOTS") == "1":
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8"), f"{name} changed: read the difference before you accept it"
