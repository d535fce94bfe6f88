"""Read a TOML file of figures: the orders in it, each with what is wrong with it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from inspect import signature
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from bpviz.errors import BpvizError, UsageError
from bpviz.figure import draw
from bpviz.files import SUFFIX, read_text
from bpviz.lang import parse, read_constant
from bpviz.limits import set_limits
from bpviz.names import find_nearest

FIGURE = "figure"
OWN_OPTIONS = ("program", "values", "output", "folder")  # beside those of parse and draw
MOST_BYTES = 10_000_000  # of a file of figures
KINDS: Mapping[Any, str] = {  # of values in TOML, in our words
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Collection: "a list of texts",
    Mapping: "a table of numbers",
}
RELEASE = version("bpviz")


class Order(NamedTuple):
    """One figure that a file asks for.

    `values` are its own; `defaults` are the file's and hold for those inputs that the program has. `problem` says
    what is wrong with the order and is empty if nothing is.
    """

    label: str
    program: str
    values: dict[str, float]
    defaults: dict[str, float]
    outputs: tuple[str, ...]
    options: dict[str, Any]
    problem: str = ""

    @property
    def full_label(self) -> str:
        """How messages name the figure: "figure 2, plot.svg"."""
        return f"{self.label}, {self.outputs[0]}" if self.outputs else self.label

    def digest(self) -> str:
        """Return the digest of everything that the figure is made from. Another release draws everything again."""
        made_of = [RELEASE, self.program, self.values, self.defaults, self.options]
        return compute_digest(json.dumps(made_of, sort_keys=True).encode())


class Plan(NamedTuple):
    """Everything that a file asks for, and when each of the files it was read from had been saved."""

    path: str
    orders: tuple[Order, ...]
    sources: dict[str, int]


def read_plan(path: str) -> Plan:
    """Read a file of figures; raise UsageError if the file itself is wrong.

    Two figures that write the same file are such a mistake. Whatever else is wrong with a figure is in its problem.
    """
    sources = read_times([path])
    content = _read_toml(path)
    tables = content.pop(FIGURE, None)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or not tables:
        raise UsageError(f"{path} asks for no figure", hint=f"begin each with a line [[{FIGURE}]]")
    _check_names(content, path)
    home = os.path.dirname(path)
    programs = (table.get("program", content.get("program")) for table in tables)
    sources |= read_times(os.path.join(home, program) for program in programs if _is_file(program))
    orders = tuple(_read_order(table, content, home, number) for number, table in enumerate(tables, 1))
    _check_outputs(orders, path)
    return Plan(path, orders, sources)


def _read_toml(path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(read_text(path, MOST_BYTES, hint="give a TOML file"))
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        raise UsageError(f"{path} is not TOML: {reason[:1].lower()}{reason[1:]}") from error


def _read_order(table: Mapping[str, Any], defaults: Mapping[str, Any], home: str, number: int) -> Order:
    """Read the table of one figure; the file's defaults hold wherever it says nothing itself."""
    label = f"figure {number}"
    try:
        _check_names(table, label)
        values, shared = _read_values(table.get("values", {})), _read_values(defaults.get("values", {}))
        merged = {**defaults, **table}
        outputs = _read_outputs(merged, home)
        options = {name: value for name, value in merged.items() if name not in OWN_OPTIONS}
        for name, value in options.items():
            _check_kind(name, value)
        program = merged.get("program")
        if not isinstance(program, str):
            raise UsageError("no program was given", hint=f'add program = "x*y", or the name of a {SUFFIX} file')
        limit = set_limits(merged.get("limit")).characters
        text = read_text(os.path.join(home, program), limit) if _is_file(program) else program
        return Order(label, text, values, shared, outputs, options)
    except BpvizError as error:
        return Order(label, "", {}, {}, (), {}, str(error))


def _check_names(table: Mapping[str, Any], where: str) -> None:
    known = [*OWN_OPTIONS, *dict.fromkeys((*list_options(parse), *list_options(draw)))]
    for name in table:
        if name not in known:
            meant = find_nearest(name, known)
            hint = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}"
            raise UsageError(f"{where} sets {name}, which is no option of a figure", hint=hint)


@cache
def list_options(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the keyword-only parameters of a function with their types."""
    hints, parameters = get_type_hints(function), signature(function).parameters
    return {name: hints[name] for name, each in parameters.items() if each.kind is each.KEYWORD_ONLY}


def _check_kind(name: str, value: object) -> None:
    """Raise UsageError if the value of an option has none of the types that parse or draw declares for it."""
    hint = {**list_options(parse), **list_options(draw)}[name]
    types = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    kinds = [KINDS[kind] for each in types if (kind := get_origin(each) or each) in KINDS]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        found = KINDS[Collection]
    elif isinstance(value, dict) and all(type(each) is int for each in value.values()):
        found = KINDS[Mapping]
    else:
        found = KINDS.get(type(value), "")
    if found not in kinds and not (found == KINDS[int] and KINDS[float] in kinds):
        given = f'"{value:.60}"' if isinstance(value, str) else f"{value!r:.60}"
        raise UsageError(f"{name} is not {given} but {' or '.join(kinds)}")


def _is_file(program: object) -> bool:
    return isinstance(program, str) and program.endswith(SUFFIX) and "\n" not in program


def _read_values(values: object) -> dict[str, float]:
    if not isinstance(values, dict):
        raise UsageError("values is not a table", hint="write values = { x = 3, y = -4 }")
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise UsageError(f"{name} = {value} is not a number", hint='write a number, such as 3 or "pi/2"')
    return {name: read_constant(str(value), name) for name, value in values.items()}


def _read_outputs(table: Mapping[str, Any], home: str) -> tuple[str, ...]:
    """Return the files that a figure is written to, as paths from the working directory."""
    names, program = table.get("output"), table.get("program")
    if names is None and _is_file(program):
        names = f"{os.path.basename(str(program)).removesuffix(SUFFIX)}.svg"
    outputs = [names] if isinstance(names, str) else names
    if not isinstance(outputs, list) or not outputs or not all(isinstance(each, str) and each for each in outputs):
        raise UsageError("the figure has no output", hint='add output = "figure.svg", or a list of such names')
    folder = table.get("folder", "")
    if not isinstance(folder, str):
        raise UsageError(f"folder = {folder} is no folder", hint='write folder = "figures"')
    return tuple(os.path.normpath(os.path.join(home, folder, each)) for each in outputs)


def _check_outputs(orders: Sequence[Order], path: str) -> None:
    writers: dict[str, str] = {}
    for order in orders:
        for output in order.outputs:
            first = writers.setdefault(os.path.normcase(output), order.label)
            if first != order.label:
                what = f"{first} and {order.label} of {path} both write {output}"
                raise UsageError(what, hint="give one of them another output")


def read_times(sources: Iterable[str]) -> dict[str, int]:
    """Read when each file was saved, in nanoseconds; 0 for one that is not there."""
    return {source: os.stat(source).st_mtime_ns if os.path.exists(source) else 0 for source in sources}


def compute_digest(data: bytes) -> str:
    """Return what tells some bytes from all others."""
    return sha256(data).hexdigest()
