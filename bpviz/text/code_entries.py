"""A formula of grids entry by entry: what Python's lists and JavaScript's arrays need, which have no arithmetic.

W @ x becomes [sum(W[i][k] * x[k] for k in range(3)) for i in range(2)]: every function of grids says what it is at an
entry, and what is left is a formula of numbers, which is printed as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count as count_up

from bpviz.formula.languages import JAVASCRIPT, PYTHON, Dialect
from bpviz.formula.printing import show
from bpviz.formula.products import ONE
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.vectors.shapes import Shape, broadcast, count_entries

Loop = tuple[str, int]  # an index, and how far it counts
LETTERS = "ijklmnpqrstuvw"  # of indices
REDUCTIONS = {"total": "sum", "largest": "max", "smallest": "min", "multiplied": "prod"}


@dataclass(frozen=True)
class ListDialect:
    """A language whose arrays are lists.

    grid writes a list of what stands at each index, reduce a sum or the like over indices, whole the same of a list
    as it is; other is the condition that an entry is not the one meant. zeros fills a list, join puts lists together.
    """

    dialect: Dialect
    grid: Callable[[str, Loop], str]
    reduce: Callable[[str, str, Sequence[Loop], str], str]
    whole: Mapping[str, str]
    other: Callable[[Sequence[str], Sequence[str]], str]
    join: Callable[[Sequence[str]], str]
    helpers: Mapping[str, str] = field(default_factory=dict)


class EntryWriter:
    """What writes formulas of grids whose names have these shapes; indices are letters that nothing is called by."""

    def __init__(self, language: ListDialect, shapes: dict[str, Shape], taken: Sequence[str]) -> None:
        self.language, self.shapes = language, shapes
        free = [letter for letter in LETTERS if letter not in taken]
        self.letters = [*free, *(f"{LETTERS[0]}{n}_" for n in range(len(LETTERS)))]

    def write(self, formula: Formula, shape: Shape) -> str:
        """Write a formula as a list of this shape, or as a number."""
        if isinstance(formula, Term) and formula.head in ("hstack", "vstack", "list"):
            return self._join(formula)
        loops = [self._begin_loop(k, size) for k, size in enumerate(shape)]
        text = show(self.enter(formula, [letter for letter, _ in loops], len(loops)), self.language.dialect.style)
        for loop in reversed(loops):
            text = self.language.grid(text, loop) if loop[1] > 1 else f"[{text}]"
        return text

    def _join(self, formula: Term) -> str:
        """Write lists one after another, or a list of numbers or lists."""
        style = self.language.dialect.style
        items = [show(part, style) for part in formula.parts]
        if formula.head == "list":
            return f"[{', '.join(items)}]"
        ranks = [len(self.find_shape(part)) for part in formula.parts]
        return self.language.join([text if rank else f"[{text}]" for text, rank in zip(items, ranks, strict=True)])

    def find_shape(self, formula: Formula) -> Shape:
        """Find the shape of a formula."""
        if isinstance(formula, Atom):
            return self.shapes.get(formula.text, ()) if formula.value is None else ()
        shapes = [self.find_shape(part) for part in formula.parts]
        first = shapes[0]
        match formula.head:
            case "matmul":
                return (*first[:-1], *shapes[1][1:])
            case "outer":
                return (*first, *shapes[1])
            case "T":
                return first[::-1]
            case "total" | "average" | "largest" | "smallest" | "multiplied":
                axes = [_number(part) for part in formula.parts[1:]]
                return tuple([size for axis, size in enumerate(first) if axes and axis not in axes])
            case "norm" | "size":
                return ()
            case "expand":
                axis = _number(formula.parts[1])
                return (*first[:axis], 1, *first[axis:])
            case "repeat":
                return shapes[1]
            case "at":
                return first[len(formula.parts) - 1 :]
            case "part":
                return (_number(formula.parts[2]) - _number(formula.parts[1]), *first[1:])
            case "others":
                return first
        found = broadcast(shapes)
        assert found is not None, formula
        return found

    def enter(self, formula: Formula, index: Sequence[str], depth: int) -> Formula:
        """Return what a formula is at an index; depth is how many letters are in use."""
        if isinstance(formula, Atom):
            return formula if not self.find_shape(formula) else Atom(formula.text + "".join(f"[{i}]" for i in index))
        index = _fit(index, self.find_shape(formula))
        a, *rest = formula.parts
        match formula.head:
            case "matmul":
                return self._enter_product(a, rest[0], index, depth)
            case "outer":
                return Term("*", (self.enter(a, index[:1], depth), self.enter(rest[0], index[1:], depth)))
            case "T":
                return self.enter(a, index[::-1], depth)
            case "total" | "largest" | "smallest" | "multiplied":
                return self._reduce(REDUCTIONS[formula.head], a, [_number(part) for part in rest], index, depth)
            case "average":
                total = self.enter(Term("total", formula.parts), index, depth)
                return Term("/", (total, self._count(a, rest)))
            case "norm":
                square = Term("^", (a, Atom("2", 2.0)))
                return Term("sqrt", (self._reduce("sum", square, [], index, depth),))
            case "size":
                return self._count(a, rest)
            case "expand":
                axis = _number(rest[0])
                return self.enter(a, [*index[:axis], *index[axis + 1 :]], depth)
            case "repeat":
                return self._enter_part(a, index, depth)
            case "at":
                return self.enter(a, [*(part.text for part in rest if isinstance(part, Atom)), *index], depth)
            case "part":
                start = _number(rest[0])
                return self.enter(a, [f"{index[0]} + {start}" if start else index[0], *index[1:]], depth)
            case "others":
                return self._multiply_others(a, [_number(part) for part in rest], index, depth)
        return Term(formula.head, tuple([self._enter_part(part, index, depth) for part in formula.parts]))

    def _enter_part(self, formula: Formula, index: Sequence[str], depth: int) -> Formula:
        """Return what an operand that is repeated to a larger shape is at an index of that."""
        shape = self.find_shape(formula)
        return self.enter(formula, _fit(index[len(index) - len(shape) :], shape), depth)

    def _count(self, formula: Formula, axis: Sequence[Formula]) -> Atom:
        shape = self.find_shape(formula)
        size = shape[_number(axis[0])] if axis else count_entries(shape)
        return Atom(f"{size}", float(size))

    def _enter_product(self, left: Formula, right: Formula, index: Sequence[str], depth: int) -> Formula:
        """Return the sum over the inner index of a product of matrices or vectors."""
        rows, inner = len(self.find_shape(left)) - 1, self.find_shape(right)[0]
        loop = self._begin_loop(depth, inner)
        first = self.enter(left, [*index[:rows], loop[0]], depth + 1)
        second = self.enter(right, [loop[0], *index[rows:]], depth + 1)
        return self._write_reduction("sum", Term("*", (first, second)), [loop], "")

    def _begin_loop(self, depth: int, size: int) -> Loop:
        """Return the index that counts so far; what has one entry needs no letter."""
        return (self.letters[depth] if size > 1 else "0", size)

    def _reduce(
        self, how: str, formula: Formula, axes: Sequence[int], index: Sequence[str], depth: int, other: str = ""
    ) -> Formula:
        """Return a sum or the like over all entries, or over those along an axis."""
        shape = self.find_shape(formula)
        along = axes or range(len(shape))
        if isinstance(formula, Atom) and len(along) == len(shape) == 1 and not other:
            return Atom(self.language.whole[how].format(formula.text))
        fresh, kept = count_up(depth), iter(index)
        loops = [self._begin_loop(next(fresh), size) for axis, size in enumerate(shape) if axis in along]
        inner = iter([letter for letter, _ in loops])
        place = [next(inner) if axis in along else next(kept) for axis in range(len(shape))]
        return self._write_reduction(how, self.enter(formula, place, depth + len(loops)), loops, other)

    def _write_reduction(self, how: str, body: Formula, loops: Sequence[Loop], other: str) -> Formula:
        counting = [loop for loop in loops if loop[1] > 1]
        if not counting:
            return body
        return Atom(self.language.reduce(how, show(body, self.language.dialect.style), counting, other))

    def _multiply_others(self, formula: Formula, axes: Sequence[int], index: Sequence[str], depth: int) -> Formula:
        """Return the product of all entries but the one at an index."""
        shape = self.find_shape(formula)
        along = axes or range(len(shape))
        if all(shape[axis] == 1 for axis in along):
            return ONE
        letters = [self._begin_loop(depth + k, shape[axis])[0] for k, axis in enumerate(along)]
        other = self.language.other(letters, [index[axis] for axis in along])
        rest = [each for axis, each in enumerate(index) if axis not in along]
        return self._reduce("prod", formula, list(axes), rest, depth, other)


def _fit(index: Sequence[str], shape: Shape) -> list[str]:
    """Return an index where an axis of 1 has its only entry."""
    return ["0" if size == 1 else each for each, size in zip(index, shape, strict=True)]


def _number(formula: Formula) -> int:
    assert isinstance(formula, Atom)
    return int(formula.text)


def _loop_in_python(how: str, body: str, loops: Sequence[Loop], other: str) -> str:
    over = " ".join(f"for {letter} in range({size})" for letter, size in loops)
    function = "math.prod" if how == "prod" else how
    return f"{function}({body} {over}{f' if {other}' if other else ''})"


def _loop_in_script(how: str, body: str, loops: Sequence[Loop], other: str) -> str:
    (letter, size), *outer = reversed(loops)
    chosen = f".filter({letter} => {other})" if other else ""
    text = f"range({size}){chosen}.map({letter} => {body})"
    for letter, size in outer:
        text = f"range({size}).flatMap({letter} => {text})"
    return WHOLE_IN_SCRIPT[how].format(text)


WHOLE_IN_SCRIPT = {"sum": "sum({})", "max": "Math.max(...{})", "min": "Math.min(...{})", "prod": "multiply({})"}
LISTS = ListDialect(
    dialect=PYTHON,
    grid=lambda text, loop: f"[{text} for {loop[0]} in range({loop[1]})]",
    reduce=_loop_in_python,
    whole={"sum": "sum({})", "max": "max({})", "min": "min({})", "prod": "math.prod({})"},
    other=lambda letters, index: (
        f"{letters[0]} != {index[0]}" if len(letters) == 1 else f"({', '.join(letters)}) != ({', '.join(index)})"
    ),
    join=" + ".join,
)
SCRIPT_LISTS = ListDialect(
    dialect=JAVASCRIPT,
    grid=lambda text, loop: f"range({loop[1]}).map({loop[0]} => {text})",
    reduce=_loop_in_script,
    whole=WHOLE_IN_SCRIPT,
    other=lambda letters, index: " || ".join(f"{a} !== {b}" for a, b in zip(letters, index, strict=True)),
    join=lambda lists: f"[{', '.join(f'...{each}' for each in lists)}]",
    helpers={
        "range": "const range = n => [...Array(n).keys()];",
        "sum": "const sum = list => list.reduce((total, each) => total + each, 0);",
        "multiply": "const multiply = list => list.reduce((product, each) => product * each, 1);",
    },
)
