"""The values of a vector in a file: CSV, as a spreadsheet writes it, text with blanks between numbers, or JSON.

A file of one row, or of one column, is a vector; JSON says by its brackets what it is.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

from bpviz.errors import UsageError
from bpviz.files import read_text
from bpviz.limits import DEFAULT
from bpviz.vectors.shapes import Nested, read_nested

SEPARATOR = re.compile(r"\s*[,;\t]\s*|\s+")
HINT = "give a .csv, .txt or .json file of numbers, as in --W @weights.csv"
MOST_QUOTED = 30  # characters of an entry that is no number


def read_value_file(path: str, name: str, limit: int = DEFAULT.characters) -> Nested:
    """Return the value of the input name that a file has, of so many characters at most: nested lists.

    Raises UsageError for a file that is not there, and with the line for rows of unequal length and what is no number.
    """
    text = read_text(path, limit, hint=HINT)
    if path.lower().endswith(".json"):
        return _read_json(text, path, name)
    rows: list[list[Nested]] = []
    for line, row in enumerate(text.split("\n"), start=1):
        cells = row.split("#")[0].strip().rstrip(",;")
        if not cells:
            continue
        rows.append([_read_number(cell, f"{path}, line {line}") for cell in SEPARATOR.split(cells)])
        if len(rows[-1]) != len(rows[0]):
            what = f"{path}, line {line}: this row has {len(rows[-1])} entries, and the first has {len(rows[0])}"
            raise UsageError(what, hint="give all rows equally many entries")
    if not rows:
        raise UsageError(f"{path} has no numbers", hint=HINT)
    if len(rows) == 1:
        return [*rows[0]]
    return [row[0] for row in rows] if len(rows[0]) == 1 else [*rows]


def _read_number(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        quoted = cell if len(cell) <= MOST_QUOTED else f"{cell[:MOST_QUOTED]}…"
        what = f"{where}: {quoted} is not a number" if cell else f"{where}: an entry is empty"
        raise UsageError(what, hint="leave out titles, and write numbers such as 0.5") from None
    if not isfinite(number):
        raise UsageError(f"{where}: {cell} is not a finite number", hint="write a finite number")
    return number


def _read_json(text: str, path: str, name: str) -> Nested:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{path}{where} is not JSON", hint="write nested lists: [[1, 2], [3, 4]]") from None
    if isinstance(value, dict) and name in value:  # a file that has several, by their names
        value = value[name]
    if isinstance(value, dict):
        names = ", ".join([*value][:5])
        raise UsageError(f"{path} has no value for {name}", hint=f"it has {names}" if names else HINT)
    for entry in read_nested(name, value)[1]:
        if isinstance(entry, bool) or not isinstance(entry, int | float) or not isfinite(entry):
            raise UsageError(f"{path}: {json.dumps(entry)[:MOST_QUOTED]} is not a finite number", hint=HINT)
    return value  # type: ignore[no-any-return]  # nested lists of numbers, as the loop has found
