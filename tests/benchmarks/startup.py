"""What a command imports and how long each import takes by itself, as python -X importtime tells."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.benchmarks.processes import EXAMPLE, POINT, bpviz, errors_of

COMMANDS = {
    "--help": ("--help",),
    "table": ("table", EXAMPLE, *POINT),
    "draw": ("draw", EXAMPLE, *POINT, "--quiet", "-o", "-", "--format", "svg"),
}
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| +(\S+)")


class Import(NamedTuple):
    """A module and the seconds that it takes itself, without what it imports in turn."""

    name: str
    own: float


def imports(command: str) -> list[Import]:
    """Return the imports of one of the commands, in their order."""
    line = bpviz(*COMMANDS[command], options=("-X", "importtime"))
    errors_of(line)  # so that its modules are compiled
    told = errors_of(line)
    return [Import(match[3], int(match[1]) / 1e6) for match in LINE.finditer(told)]
