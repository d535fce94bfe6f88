"""Arguments of the wrong type, told in our words: in untyped code a number may stand where a name belongs.

Nothing is looked at while all goes well. Where a call fails as Python fails, its arguments are held against the types
that the function declares, and the first that is of none of them is the mistake; else the failure is ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from bpviz.errors import UsageError

if TYPE_CHECKING:
    P = ParamSpec("P")
    R = TypeVar("R")

WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", os.PathLike: "a path"}


def told(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, which then raises UsageError for an argument of a type that it does not declare."""

    @wraps(function)
    def call(*given: P.args, **named: P.kwargs) -> R:
        try:
            return function(*given, **named)
        except (TypeError, AttributeError, ValueError) as error:
            _tell(function, given, named, error)
            raise

    return call


def _tell(function: Callable[..., Any], given: tuple[Any, ...], named: Mapping[str, Any], error: Exception) -> None:
    from inspect import signature

    try:
        arguments = signature(function).bind(*given, **named).arguments
    except TypeError as wrong:
        raise UsageError(f"{function.__name__}: {wrong}") from error
    hints = types_of(function)
    for name, value in arguments.items():
        if name in hints:
            check(name, value, hints[name])


def types_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the declared types of a function's keywords and positions."""
    from inspect import Parameter, signature
    from typing import get_type_hints

    hints = get_type_hints(function)
    several = (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
    return {name: hints[name] for name, each in signature(function).parameters.items() if each.kind not in several}


def check(name: str, value: object, hint: Any) -> None:
    """Raise UsageError when a value is of none of the types of a hint.

    >>> check("digits", "three", int)
    Traceback (most recent call last):
    bpviz.errors.UsageError: digits is not "three" but a whole number
    """
    kinds = _kinds(hint)
    if not any(_is(value, kind) for kind in kinds):
        wanted = [_word(kind) for kind in kinds if kind is not type(None)]
        given = f'"{value:.60}"' if isinstance(value, str) else f"{value!r:.60}"
        raise UsageError(f"{name} is not {given} but {' or '.join(wanted)}")


def _kinds(hint: Any) -> tuple[Any, ...]:
    from types import UnionType
    from typing import Union, get_args, get_origin

    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _is(value: object, kind: Any) -> bool:
    """Say whether a value is of a kind: true is no number, and 12 is one with a fraction."""
    from typing import get_args, get_origin

    outer, inner = get_origin(kind) or kind, get_args(kind)
    if not isinstance(outer, type):  # Any, and what else no value is an instance of
        return True
    if isinstance(value, bool) or outer is bool:
        return isinstance(value, bool) and outer is bool
    if outer is float:
        return isinstance(value, int | float)
    if isinstance(value, str) or outer is str:
        return isinstance(value, str) and outer is str
    if isinstance(value, Mapping):
        return issubclass(outer, Mapping) and (not inner or all(_is(each, inner[-1]) for each in value.values()))
    if isinstance(value, list):
        return issubclass(list, outer) and (not inner or all(_is(each, inner[0]) for each in value))
    return isinstance(value, outer)


def _word(kind: Any) -> str:
    from typing import get_origin

    outer = get_origin(kind) or kind
    if outer in WORDS:
        return WORDS[outer]
    if not isinstance(outer, type) or not get_origin(kind):
        return f"a {getattr(outer, '__name__', outer)}"
    return "a table of numbers" if issubclass(outer, Mapping) else "a list of texts"
