"""The file that asks for many figures, read: a TOML file of [[figure]] tables, defaults at its top.

    theme = "print"                      # an option of bpviz draw, for every figure
    folder = "figures"                   # where outputs go: like all paths, from the folder of this file

    [[figure]]
    program = "(x + σ(y)) / (σ(x) + (x+y)^2)"
    values = { x = 3, y = "-8/2" }
    output = ["example.svg", "example.pdf"]

    [[figure]]
    program = "neuron.bp"                # output neuron.svg
    theme = "dark"

What is wrong with the file stops everything; what is wrong with one figure is kept with it, and the others are drawn.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bpviz.building.options import OPTIONS
from bpviz.errors import BpvizError, UsageError
from bpviz.keywords import check
from bpviz.lang import constant
from bpviz.limits import limits
from bpviz.sources import SUFFIX, read_text

FIGURE = "figure"
OWN = ("program", "values", "output", "folder")  # of a figure and, as a default, of the file; the rest is draw's
LARGEST = 10_000_000  # bytes of such a file


class Wanted(NamedTuple):
    """One figure that a file asks for.

    values are its own, defaults the file's, which hold for the inputs that it has; problem is what is wrong with it,
    empty where nothing is.
    """

    label: str
    program: str
    values: dict[str, float]
    defaults: dict[str, float]
    outputs: tuple[str, ...]
    options: dict[str, Any]
    problem: str = ""


class Plan(NamedTuple):
    """Everything a file asks for, and the files that it was read from: when each had been saved then."""

    path: str
    figures: tuple[Wanted, ...]
    sources: dict[str, int]


def read_plan(path: str) -> Plan:
    """Read a file of figures; raise UsageError when the file itself is not one.

    Two figures that write one file are the file's mistake. Whatever else a figure gets wrong is in its problem.
    """
    sources = saved([path])
    content = _tables(path)
    tables = content.pop(FIGURE, None)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or not tables:
        raise UsageError(f"{path} asks for no figure", hint=f"begin each with a line [[{FIGURE}]]")
    _check_names(content, path)
    home = os.path.dirname(path)
    programs = (table.get("program", content.get("program")) for table in tables)
    sources |= saved(os.path.join(home, each) for each in programs if _is_file(each))
    figures = tuple(_wanted(table, content, home, number) for number, table in enumerate(tables, 1))
    _check_outputs(figures, path)
    return Plan(path, figures, sources)


def saved(sources: Iterable[str]) -> dict[str, int]:
    """Return when each file was saved, in nanoseconds; 0 for one that is not there."""
    return {source: os.stat(source).st_mtime_ns if os.path.exists(source) else 0 for source in sources}


def _tables(path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(read_text(path, LARGEST, hint="give a TOML file"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {_uncapitalized(str(error))}") from error


def _wanted(table: Mapping[str, Any], defaults: Mapping[str, Any], home: str, number: int) -> Wanted:
    """Return one figure with the file's defaults where it says nothing itself."""
    label = f"figure {number}"
    try:
        _check_names(table, label)
        values, shared = _values(table.get("values", {})), _values(defaults.get("values", {}))
        own = {**defaults, **table}
        outputs = _outputs(own, home)
        options = {name: value for name, value in own.items() if name not in OWN}
        for name, value in options.items():
            check(name, value, OPTIONS[name])
        return Wanted(label, _program(own, home), values, shared, outputs, options)
    except BpvizError as error:
        return Wanted(label, "", {}, {}, (), {}, str(error))


def _check_names(table: Mapping[str, Any], where: str) -> None:
    for name in table:
        if name not in OWN and name not in OPTIONS:
            from difflib import get_close_matches

            meant = get_close_matches(name, [*OWN, *OPTIONS], n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"there are {', '.join([*OWN, *OPTIONS])}"
            raise UsageError(f"{where} sets {name}, which is no option of a figure", hint=hint)


def _program(table: Mapping[str, Any], home: str) -> str:
    program = table.get("program")
    if not isinstance(program, str):
        raise UsageError("no program was given", hint=f'add program = "x*y", or the name of a {SUFFIX} file')
    most = limits(table.get("limit")).characters
    return read_text(os.path.join(home, program), most) if _is_file(program) else program


def _is_file(program: object) -> bool:
    return isinstance(program, str) and program.endswith(SUFFIX) and "\n" not in program


def _values(values: object) -> dict[str, float]:
    if not isinstance(values, dict):
        raise UsageError("values is not a table", hint="write values = { x = 3, y = -4 }")
    return {name: _value(value, name) for name, value in values.items()}


def _value(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UsageError(f"{name} = {value} is not a number", hint='write a number, such as 3 or "pi/2"')
    return constant(str(value), name)


def _outputs(table: Mapping[str, Any], home: str) -> tuple[str, ...]:
    """Return the files that a figure is written to, from the working directory."""
    named = table.get("output")
    program = table.get("program")
    if named is None and _is_file(program):
        named = f"{os.path.basename(str(program)).removesuffix(SUFFIX)}.svg"
    outputs = [named] if isinstance(named, str) else named
    if not isinstance(outputs, list) or not outputs or not all(isinstance(each, str) and each for each in outputs):
        raise UsageError("the figure has no output", hint='add output = "figure.svg", or a list of such names')
    folder = table.get("folder", "")
    if not isinstance(folder, str):
        raise UsageError(f"folder = {folder} is no folder", hint='write folder = "figures"')
    return tuple(os.path.normpath(os.path.join(home, folder, each)) for each in outputs)


def _check_outputs(figures: Sequence[Wanted], path: str) -> None:
    writers: dict[str, str] = {}
    for figure in figures:
        for output in figure.outputs:
            first = writers.setdefault(os.path.normcase(output), figure.label)
            if first != figure.label:
                what = f"{first} and {figure.label} of {path} both write {output}"
                raise UsageError(what, hint="give one of them another output")


def _uncapitalized(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
