"""The names of a class, and the files that its sheets are written to."""

from __future__ import annotations

import re
from unicodedata import normalize

from bpviz.errors import UsageError, make_printable

LONGEST_NAME = 100  # characters: a longer line is no name, but perhaps another file
LONGEST_IN_FILE = 50  # characters of a name that are part of a file's name
UNSAFE = re.compile(r"[^\w]+")  # not even a dot or a slash: nobody is called ../../x, but a file could be


def read_names(text: str) -> list[str]:
    """Read the names of a class, one a line; empty lines are left out.

    Raises UsageError for a line that is no name, and where there is none.

    >>> read_names("Ada Lovelace\\n\\n  Évariste  Galois \\n")
    ['Ada Lovelace', 'Évariste Galois']
    """
    names = []
    for number, line in enumerate(text.split("\n"), start=1):
        name = " ".join(make_printable(line).split())
        if len(name) > LONGEST_NAME:
            raise UsageError(f"line {number} of the names has {len(name):,} characters", hint="write one name a line")
        if name:
            names.append(name)
    if not names:
        raise UsageError("there are no names", hint="write one name a line")
    return names


def name_file(kind: str, number: int, count: int, student: str) -> str:
    """Name the file of a sheet or a key; the number keeps files of equal names apart.

    >>> name_file("sheet", 3, 30, "Évariste d'Galois / ../x"), name_file("key", 3, 120, "")
    ('sheet-03-Évariste-d-Galois-x.pdf', 'key-003.pdf')
    """
    digits = max(2, len(str(count)))
    safe = UNSAFE.sub("-", normalize("NFC", student))[:LONGEST_IN_FILE].strip("-")
    return "-".join(filter(None, (kind, f"{number:0{digits}}", safe))) + ".pdf"
