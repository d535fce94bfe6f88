"""What a figure may ask for: the keywords of api.draw, whatever they are, each with values of its own type.

A file is not typed, so a number may stand where a name belongs: that is told here, not by a traceback in the layout.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bpviz import api
from bpviz.errors import UsageError

NOT_HERE = ("set",)  # a file calls them values
WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def _options() -> dict[str, Any]:
    hints = get_type_hints(api.draw)
    keywords = inspect.signature(api.draw).parameters.values()
    own = (each.name for each in keywords if each.kind is inspect.Parameter.KEYWORD_ONLY)
    return {name: hints[name] for name in own if name not in NOT_HERE}


OPTIONS = _options()


def check_option(name: str, value: object) -> None:
    """Raise UsageError when a value is of no type that the option has.

    >>> check_option("digits", "three")
    Traceback (most recent call last):
    bpviz.errors.UsageError: digits is not "three" but a whole number
    """
    kinds = _kinds(OPTIONS[name])
    if not any(_is(value, kind) for kind in kinds):
        wanted = [WORDS.get(kind) or _collection(kind) for kind in kinds if kind is not type(None)]
        given = f'"{value}"' if isinstance(value, str) else value
        raise UsageError(f"{name} is not {given} but {' or '.join(wanted)}")


def _kinds(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _is(value: object, kind: Any) -> bool:
    """Say whether a value from a TOML file is of a kind: true is no number, and 12 is one with a fraction."""
    outer, inner = get_origin(kind) or kind, get_args(kind)
    if isinstance(value, bool) or outer is bool:
        return isinstance(value, bool) and outer is bool
    if outer is float:
        return isinstance(value, int | float)
    if isinstance(value, str) or outer is str:
        return isinstance(value, str) and outer is str
    if isinstance(value, Mapping):
        return issubclass(outer, Mapping) and all(_is(each, inner[1]) for each in value.values())
    if isinstance(value, list):
        return outer is not Mapping and issubclass(list, outer) and all(_is(each, inner[0]) for each in value)
    return isinstance(value, outer)


def _collection(kind: Any) -> str:
    return "a table of numbers" if issubclass(get_origin(kind), Mapping) else "a list of texts"
