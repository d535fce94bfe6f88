"""Read a TOML file: the orders in it, each with what is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import isfinite
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from bpviz.builds.kinds import KINDS, OTHER_KINDS, Kind
from bpviz.builds.orders import Order
from bpviz.errors import BpvizError, UsageError
from bpviz.explore import is_range
from bpviz.files import SUFFIX, is_folder, read_text
from bpviz.lang import find_value_file, read_constant, read_shape, read_value
from bpviz.lecture import name_key_file, read_names
from bpviz.limits import set_limits
from bpviz.names import find_nearest
from bpviz.vectors import nest, read_nested

DEFAULTS = "defaults"  # the table with options for all orders of a kind
IN_EVERY_TABLE = ("values", "output", "folder")
MOST_BYTES = 10_000_000  # of a file
NUMBERS = Mapping[str, float]
SHAPES = Mapping[str, Sequence[int]]
TYPES: Mapping[Any, str] = {  # of options, in our words
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Collection[str]: "a list of texts",
    Sequence[str]: "a list of texts",
    Mapping[str, int]: "a table of whole numbers",
    NUMBERS: "a table of numbers",
    SHAPES: "a table of shapes",
    Mapping[str, object]: "a table",
}
Table = Mapping[str, Any]


class Plan(NamedTuple):
    """Everything that a file asks for, and when each of the files it was read from had been saved."""

    path: str
    orders: tuple[Order, ...]
    sources: dict[str, int]


def read_plan(path: str) -> Plan:
    """Read a file; raise UsageError if the file itself is wrong.

    Two orders that write the same file are such a mistake. Whatever else is wrong with an order is in its problem.
    """
    sources = read_times([path])
    content = _read_toml(path)
    tables = {name: content.pop(name) for name in list(content) if name in KINDS}
    for name, each in tables.items():
        if not isinstance(each, list) or not all(isinstance(table, dict) for table in each):
            hint = f"begin each with a line [[{name}]]; an option of that name stands under [{DEFAULTS}.…]"
            raise UsageError(f"{name} of {path} is no list of tables", hint=hint)
    shared = {name: _read_defaults(content, name, path) for name in KINDS}
    _check_top(content, path)
    if not any(tables.values()):
        raise UsageError(
            f"{path} asks for nothing", hint=f"begin each output with a line such as [[{next(iter(KINDS))}]]"
        )
    home = os.path.dirname(path)
    orders: list[Order] = []
    for name, each in tables.items():
        for number, table in enumerate(each, 1):
            merged = {**shared[name], **table}
            sources |= read_times(os.path.join(home, file) for file in _list_sources(merged))
            orders.append(_read_order(name, table, shared[name], home, f"{name} {number}"))
    _check_outputs(orders, path, sources)
    return Plan(path, tuple(orders), sources)


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


# Names: of kinds, and of their options.


def _read_defaults(content: Table, name: str, path: str) -> dict[str, Any]:
    """Return what holds for all orders of a kind: what stands on top, and for this kind alone under defaults."""
    known = list_keys(KINDS[name])
    on_top = {key: value for key, value in content.items() if key in known}
    of_kind = content.get(DEFAULTS, {})
    if not isinstance(of_kind, dict) or not all(isinstance(each, dict) for each in of_kind.values()):
        raise UsageError(f"{DEFAULTS} of {path} is no table of tables", hint=f"begin with a line [{DEFAULTS}.{name}]")
    own = of_kind.get(name, {})
    _check_keys(own, name, f"{DEFAULTS}.{name} of {path}")
    values = {**_as_table(on_top), **_as_table(own)}
    return {**on_top, **own, "values": values}


def _as_table(options: Table) -> Table:
    values = options.get("values", {})
    if not isinstance(values, dict):
        raise UsageError("values is not a table", hint="write values = { x = 3, y = -4 }")
    return values


def list_keys(kind: Kind) -> list[str]:
    """Return the keys that the tables of a kind may have."""
    return [kind.subject, *IN_EVERY_TABLE, *kind.options]


def _check_top(content: Table, path: str) -> None:
    """Raise UsageError for what is no kind, on top or under defaults, and for a key on top that no kind has."""
    known = dict.fromkeys([DEFAULTS, *(key for kind in KINDS.values() for key in list_keys(kind))])
    asked = [
        name for name, value in content.items() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    for name in [*asked, *content.get(DEFAULTS, {})]:
        if name not in KINDS:
            meant = find_nearest(name, KINDS) or OTHER_KINDS.get(name, "")
            hint = f"did you mean {meant}?" if meant else f"there are {', '.join(KINDS)}"
            raise UsageError(f"{path} asks for {name}, and nothing is called so", hint=hint)
    for name in content:
        if name not in known:
            meant = find_nearest(name.replace("-", "_"), known)
            hint = f"did you mean {meant}?" if meant else f"options stand here, and {', '.join(IN_EVERY_TABLE)}"
            raise UsageError(f"{path} sets {name}, which is no option of anything", hint=hint)


def _check_keys(table: Table, name: str, where: str) -> None:
    """Raise UsageError for a key that is none of a kind's."""
    known = list_keys(KINDS[name])
    for key in table:
        if key not in known:
            others = [f"[[{other}]]" for other, kind in KINDS.items() if key in list_keys(kind)]
            meant = find_nearest(key.replace("-", "_"), known)
            if key == "format":
                hint = "leave it out: the ending of an output says it"
            elif meant:
                hint = f"did you mean {meant}?"
            elif others:
                hint = f"it is one of {', '.join(others)}"
            else:
                hint = f"there are {', '.join(known)}"
            raise UsageError(f"{where} sets {key}, which is no option of [[{name}]]", hint=hint)


# An order.


def _read_order(name: str, table: Table, shared: Table, home: str, label: str) -> Order:
    """Read one table; what the file says for all of them holds wherever the table says nothing itself."""
    kind, merged = KINDS[name], {**shared, **table}
    try:
        _check_keys(table, name, label)
        own = [key for key in merged if key not in (kind.subject, *IN_EVERY_TABLE)]
        options = {key: _read_option(key, merged[key], kind.options[key], key in table, name) for key in own}
        if isinstance(options.get("names"), str):
            file = os.path.join(home, options["names"])
            options["names"] = read_names(read_text(file, MOST_BYTES, hint="name a file with a name a line"))
        subject = merged.get(kind.subject)
        if not isinstance(subject, str):
            example = "multiply" if kind.subject == "gate" else "x*y"
            file = f", or the name of a {SUFFIX} file" if kind.subject == "program" else ""
            raise UsageError(f"no {kind.subject} was given", hint=f'add {kind.subject} = "{example}"{file}')
        outputs, keys = _read_outputs(merged, kind, home)
        if _is_file(subject):
            limit = set_limits(merged.get("limit")).characters
            subject = read_text(os.path.join(home, subject), limit)
        return Order(
            name,
            label,
            subject,
            read_values(table.get("values", {}), home, ranges=kind.takes_ranges),
            read_values(shared.get("values", {}), home, ranges=kind.takes_ranges),
            outputs,
            keys,
            options,
        )
    except BpvizError as error:
        return Order(name, label, problem=str(error))


def _list_sources(merged: Table) -> list[str]:
    """Return the files that an order is read from: its program, and the names of a class."""
    program, names, values = merged.get("program"), merged.get("names"), merged.get("values")
    of_values = map(find_value_file, values.values()) if isinstance(values, dict) else ()
    files = (program if _is_file(program) else "", names, *of_values)
    return [each for each in files if each and isinstance(each, str)]


def _is_file(program: object) -> bool:
    return isinstance(program, str) and program.endswith(SUFFIX) and "\n" not in program


def _read_option(name: str, value: Any, declared: Any, is_own: bool, kind: str) -> Any:
    """Return the value of an option; raise UsageError if it has none of the types that its function declares.

    A number may be given as text, a constant expression: "pi/2".
    """
    types = get_args(declared) if get_origin(declared) in (Union, UnionType) else (declared,)
    known = [each for each in types if each in TYPES]
    if NUMBERS in known and isinstance(value, dict):
        return read_values(value)
    if SHAPES in known and isinstance(value, dict):
        return {name: read_shape(str(shape).replace("[", "(").replace("]", ")"), name) for name, shape in value.items()}
    if float in known and str not in known and isinstance(value, str):
        return read_constant(value, name)
    if not any(_is_of_type(value, each) for each in known):
        given = f'"{value:.60}"' if isinstance(value, str) else f"{value!r:.60}"
        allowed = " or ".join(dict.fromkeys(TYPES[each] for each in known))
        hint = (
            "" if is_own else f"it stands on top, or under [{DEFAULTS}.{kind}], where what is for {kind} alone belongs"
        )
        raise UsageError(f"{name} is not {given} but {allowed}", hint=hint)
    return value


def _is_of_type(value: object, type_: Any) -> bool:
    if type_ in (Collection[str], Sequence[str]):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if type_ == Mapping[str, int]:
        return isinstance(value, dict) and all(type(each) is int for each in value.values())
    if type_ == Mapping[str, object]:
        return isinstance(value, dict)
    if type_ is float:
        return type(value) is int or (type(value) is float and isfinite(value))
    return type(value) is type_


def read_values(values: object, home: str | None = None, *, ranges: bool = False) -> dict[str, Any]:
    """Read the values of inputs: numbers, or text as on the command line; where ranges may stand they stay text.

    With a home, where the files are that values are in, they may also be vectors.

    >>> read_values({"x": 3, "y": "-8/2", "W": [[1, 2], ["1/2", 4]]}, home="")
    {'x': 3.0, 'y': -4.0, 'W': [[1.0, 2.0], [0.5, 4.0]]}
    """
    read: dict[str, Any] = {}
    for name, value in _as_table({"values": values}).items():
        if isinstance(value, list) and home is not None:
            shape, entries = read_nested(name, value)
            read[name] = nest([read_values({name: entry})[name] for entry in entries], shape)
            continue
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise UsageError(f"{name} = {value} is not a number", hint='write a number, such as 3 or "pi/2"')
        if not (isinstance(value, str) and is_range(value)):
            file = find_value_file(value) if home is not None else ""
            text = f"@{os.path.join(home or '', file)}" if file else str(value)
            read[name] = read_constant(text, name) if home is None else read_value(text, name)
        elif ranges:
            read[name] = value
        else:
            raise UsageError(f"{name} = {value:.60} is a range", hint="write one number; only a [[sweep]] takes ranges")
    return read


# Its files.


def _read_outputs(merged: Table, kind: Kind, home: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the files that an order goes to, as paths from the working directory, and those of them for keys."""
    subject, names = merged[kind.subject], merged.get("output")
    if names is None and (_is_file(subject) or kind.subject == "gate"):
        names = os.path.basename(subject).removesuffix(SUFFIX) + kind.usual_ending
    folder = merged.get("folder", "")
    if not isinstance(folder, str):
        raise UsageError(f"folder = {folder} is no folder", hint='write folder = "figures"')
    outputs = [_place(each, folder, home) for each in _list_names(names, "output", kind)]
    if "key" in merged:
        if merged.get("no_key"):
            raise UsageError("key and no_key exclude each other", hint="leave one of them out")
        keys = [_place(each, folder, home) for each in _list_names(merged["key"], "key", kind)]
    elif "no_key" in kind.options and not merged.get("no_key"):  # in a folder each student's sheet has a file
        keys = [name_key_file(output) for output in outputs if is_folder(output)][:1]
    else:
        keys = []
    return (*outputs, *keys), tuple(keys)


def _list_names(names: object, key: str, kind: Kind) -> list[str]:
    """Return the names of files as a list; raise UsageError where there is none, and for two behind one comma."""
    listed = [names] if isinstance(names, str) else names
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
        hint = f'add {key} = "neuron{kind.usual_ending}", or a list of such names'
        raise UsageError(f"there is no {key}", hint=hint)
    for each in listed:
        parts = [part.strip() for part in each.split(",")]
        if parts[1:] and all(os.path.splitext(part)[1] or part.endswith("/") for part in parts):
            split = ", ".join(f'"{part}"' for part in parts)
            raise UsageError(f"{each} is {len(parts)} files", hint=f"write {key} = [{split}]")
    return listed


def _place(name: str, folder: str, home: str) -> str:
    """Return the path of an output; the slash at the end that makes it a folder stays."""
    return os.path.normpath(os.path.join(home, folder, name)) + ("/" if name.endswith(("/", os.sep)) else "")


def _check_outputs(orders: Sequence[Order], path: str, sources: Iterable[str]) -> None:
    """Raise UsageError for a file that is written twice, or that the orders are read from."""
    read = {os.path.normcase(os.path.normpath(source)) for source in sources}
    writers: dict[str, str] = {}
    for order in orders:
        for output in order.outputs:
            place = os.path.normcase(output.rstrip("/"))
            if place in read:
                raise UsageError(f"{order.label} of {path} would write over {output}, which it is read from")
            if place in writers:
                first = writers[place]
                what = (
                    f"{first} and {order.label} of {path} both write"
                    if first != order.label
                    else f"{first} of {path} twice writes"
                )
                raise UsageError(f"{what} {output}", hint="give one of them another output")
            writers[place] = order.label


def read_times(sources: Iterable[str]) -> dict[str, int]:
    """Read when each file was saved, in nanoseconds; 0 for one that is not there."""
    return {source: os.stat(source).st_mtime_ns if os.path.exists(source) else 0 for source in sources}
