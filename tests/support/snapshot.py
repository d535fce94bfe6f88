"""Snapshots of text: a file beside the tests that a person has read once, and every run is compared with."""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "snapshots"


def check(name: str, text: str) -> None:
    """Compare text with the snapshot of this name; under BPVIZ_NEW_SNAPSHOTS=1 write it first; read the diff."""
    file = FOLDER / name
    if os.environ.get("BPVIZ_NEW_SNAPSHOTS") == "1":
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8"), f"{name} changed: read the difference before you accept it"


def check_entries(name: str, text: str) -> None:
    """Compare a list of entries, whose first lines stand out, with its snapshot: there may be new ones between them."""
    if os.environ.get("BPVIZ_NEW_SNAPSHOTS") == "1":
        check(name, text)
    known, found = (re.split(r"\n(?=\S)", each.rstrip()) for each in ((FOLDER / name).read_text("utf-8"), text))
    assert known == [entry for entry in found if entry in known], f"{name} changed: read the difference"
