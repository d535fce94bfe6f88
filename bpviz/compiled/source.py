"""Straight-line code to a function of Python: source with names of its own, and none of the user's, in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from bpviz.compiled.instructions import Instruction
from bpviz.compiled.passes import Passes

SIGNS = {
    **{sign: f"({{}} {sign} {{}})" for sign in ("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=")},
    "negative": "(-{})",
    "if": "({1} if {0} else {2})",
    "max": "({1} if {1} > {0} else {0})",  # as Python's max of two: the first of equal ones, and what is no number
    "min": "({1} if {1} < {0} else {0})",
}
TWICE = ("max", "min")  # signs whose operands are written twice
LONGEST = 200  # characters of an expression; a longer one is computed in two lines
FEW = 4  # numbers are added by a sum of their own up to so many


class Source:
    """The lines of a function, and what they call."""

    def __init__(self, passes: Passes) -> None:
        self.passes = passes
        self.lines: list[str] = []
        self.called: dict[str, Any] = {}
        self._texts: dict[int, str] = {}
        self._names: dict[Any, str] = {}
        code = passes.code
        results = (passes.value, *passes.gradients, *passes.finite, *passes.ends)
        needed = code.needed(results)
        self._uses = Counter(operand for i in needed for operand in code.all[i].operands)
        self._uses.update(results)
        self._uses.update(results)
        self._uses.update(operand for i in needed if code.all[i].operation in TWICE for operand in code.all[i].operands)
        for i in needed:
            self._write(i, code.all[i])

    def text(self, i: int) -> str:
        """Return an instruction's result: a variable, or an expression in brackets."""
        return self._texts[i]

    def _write(self, i: int, instruction: Instruction) -> None:
        text = self._expression(instruction)
        is_leaf = not instruction.operands
        if is_leaf or (self._uses[i] == 1 and len(text) < LONGEST):
            self._texts[i] = text
        else:
            self.lines.append(f"v{i} = {text[1:-1] if text[0] == '(' else text}")
            self._texts[i] = f"v{i}"

    def _expression(self, instruction: Instruction) -> str:
        operands = [self._texts[operand] for operand in instruction.operands]
        match instruction.operation:
            case "input":
                return f"x{instruction.number:.0f}"
            case "constant":
                return repr(instruction.number) if instruction.number >= 0 else f"({instruction.number!r})"
            case "part":
                return f"{operands[0]}[{instruction.number:.0f}]"
            case str(sign):
                template = SIGNS[sign]
                return template.format(*operands)
            case function:
                return f"{self._name(function)}({', '.join(operands)})"

    def _name(self, function: Callable[..., Any]) -> str:
        if function not in self._names:
            self._names[function] = f"f{len(self._names)}"
            self.called[self._names[function]] = function
        return self._names[function]


def scalar_function(
    passes: Passes | None, names: Sequence[str], defaults: Sequence[float | None], otherwise: Callable[..., Any]
) -> Callable[..., Any]:
    """Return the function of floats: value and gradients by name, or what otherwise returns for its arguments.

    Without passes it is the latter whatever they are.
    """
    text, called = source_of(passes) if passes else (_passing_on(len(names)), {})
    scope: dict[str, Any] = {**called, **{f"n{k}": name for k, name in enumerate(names)}, "otherwise": otherwise}
    exec(text, scope)
    return _named(scope["function"], names, defaults)


def source_of(passes: Passes) -> tuple[str, dict[str, Any]]:
    """Return the text of the function, which knows its inputs by their places, and what it calls."""
    source = Source(passes)
    places = range(len(passes.gradients))
    arguments = ", ".join(f"x{k}" for k in places)
    floats = " and ".join(f"type(x{k}) is float" for k in places) or "True"
    checked = [source.text(i) for i in dict.fromkeys((*passes.finite, *passes.ends))]
    gradients = ", ".join(f"n{k}: {source.text(i)}" for k, i in enumerate(passes.gradients))
    lines = [
        f"def function({arguments}):",
        f"  if {floats}:",
        "    try:",
        *(f"      {line}" for line in source.lines),
        f"      if {_all_finite(checked)}:",
        f"        return {source.text(passes.value)}, {{{gradients}}}",
        "    except (ValueError, ZeroDivisionError, OverflowError):",
        "      pass",
        f"  return otherwise({arguments})",
    ]
    return "\n".join(lines), source.called


def _passing_on(inputs: int) -> str:
    arguments = ", ".join(f"x{k}" for k in range(inputs))
    return f"def function({arguments}):\n  return otherwise({arguments})"


def replaced(function: Any, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function made here with something else in the place of otherwise."""
    scope = {**function.__globals__, "otherwise": otherwise}
    return FunctionType(function.__code__, scope, argdefs=function.__defaults__)


def _all_finite(texts: list[str]) -> str:
    """Return the test that all of some numbers are finite, or, if their sum is not, false."""
    if not texts:
        return "True"
    total = " + ".join(texts) if len(texts) <= FEW else f"sum(({', '.join(texts)}))"
    return f"({total}) * 0.0 == 0.0"


def _named(function: Any, names: Sequence[str], defaults: Sequence[float | None]) -> Callable[..., Any]:
    """Give a function's arguments the inputs' names, which Python then binds, and their defaults, None for none."""
    code = function.__code__
    function.__code__ = code.replace(co_varnames=(*names, *code.co_varnames[len(names) :]))
    function.__defaults__ = tuple(defaults)
    return function  # type: ignore[no-any-return]
