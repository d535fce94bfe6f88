"""How NumPy, PyTorch and JAX write the functions of grids that the formulas of vector operations have.

A dialect of a framework is that of scalars, whose functions of numbers are functions of arrays as well, with these
functions besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bpviz.formula.languages import JAX, NUMPY, TORCH, Dialect
from bpviz.formula.printing import PRODUCT, Function, Written
from bpviz.text.code_lines import LINE_COLUMNS

BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
LONE = re.compile(r"[\w.]*")  # what is left without brackets of a name, a call, an attribute, an entry
ALONG = re.compile(r"\((?P<word>axis|dim)=(?P<axis>\d)\)$")

OTHERS = '''\
def product_of_others(a, axis=None):
    """Return for every entry the product of all the others, along an axis or of the whole array."""
    if axis is None:
        return product_of_others(a.reshape(-1), 0).reshape(a.shape)
    rows = np.moveaxis(a, axis, -1)
    without_one = np.where(np.eye(rows.shape[-1], dtype=bool), 1.0, rows[..., np.newaxis, :])
    return np.moveaxis(without_one.prod(axis=-1), -1, axis)'''


@dataclass(frozen=True)
class GridDialect:
    """A language whose lines compute whole arrays.

    dialect has the functions of grids besides those of numbers. array is what an array is made of nested lists by, new
    what an array of the gradient's shape is filled by, index how a place in one is written. helpers are functions that
    a listing has where it calls them.
    """

    dialect: Dialect
    array: str
    helpers: Mapping[str, str]


def hold(text: str) -> str:
    """Put brackets round what a method cannot be called of as it is: (up * z).sum()."""
    inside = text
    while (without := BRACKETS.sub("", inside)) != inside:
        inside = without
    return text if LONE.fullmatch(inside) else f"({text})"


def _multiply(operands: list[str]) -> Written:
    return " @ ".join(operands), PRODUCT


def _call(method: str, axis: str) -> Callable[[list[str]], str]:
    """Write a method of an array, over all of it or along an axis."""
    return lambda operands: f"{hold(operands[0])}.{method}({''.join(f'{axis}={each}' for each in operands[1:])})"


def _pick(operands: list[str]) -> str:
    return f"{hold(operands[0])}[{', '.join(operands[1:])}]"


def _slice(operands: list[str]) -> str:
    return f"{hold(operands[0])}[{operands[1]}:{operands[2]}]"


def _expand(module: str) -> Callable[[list[str]], str]:
    """Write an array with an axis of length 1, which what it was made of along that axis keeps."""

    def write(operands: list[str]) -> str:
        text, axis = operands
        found = ALONG.search(text)
        if found and found["axis"] == axis:
            return f"{text[:-1]}, keepdim{'' if found['word'] == 'dim' else 's'}=True)"
        return f"{hold(text)}[{module}.newaxis]" if axis == "0" else f"{hold(text)}[:, {module}.newaxis]"

    return write


def _count(operands: list[str]) -> str:
    array, *axis = operands
    return f"{array}.shape[{axis[0]}]" if axis else f"{array}.size"


def _list_functions(
    module: str, axis: str = "axis", largest: str = "max", smallest: str = "min"
) -> dict[str, Function]:
    methods = {"total": "sum", "average": "mean", "multiplied": "prod", "largest": largest, "smallest": smallest}
    return {
        **{head: _call(method, axis) for head, method in methods.items()},
        "matmul": _multiply,
        "outer": f"{module}.outer(#1, #2)",
        "T": lambda operands: f"{hold(operands[0])}.T",
        "norm": f"{module}.linalg.norm(#1)",
        "expand": _expand(module),
        "at": _pick,
        "part": _slice,
        "hstack": f"{module}.hstack([#*])",
        "vstack": f"{module}.vstack([#*])",
        "list": f"{module}.array([#*])",
        "size": _count,
    }


def _extend(dialect: Dialect, functions: Mapping[str, Function]) -> Dialect:
    return replace(dialect, style=replace(dialect.style, functions={**dialect.style.functions, **functions}))


def _log_sum_in_torch(operands: list[str]) -> str:
    array, *axis = operands
    return f"torch.logsumexp({array}, dim={axis[0]})" if axis else f"torch.logsumexp({array}.flatten(), dim=0)"


def _log_sum_in_jax(operands: list[str]) -> str:
    array, *axis = operands
    return f"jax.scipy.special.logsumexp({array}{f', axis={axis[0]}' if axis else ''})"


def write_literal(nested: object) -> str:
    """Write nested lists of numbers, a matrix that is too long for a line with a row a line."""
    text = repr(nested)
    if isinstance(nested, list) and nested and isinstance(nested[0], list) and len(text) > LINE_COLUMNS:
        return "[\n" + "".join(f"    {row!r},\n" for row in nested) + "]"
    return text


NUMPY_GRIDS = GridDialect(
    dialect=_extend(
        NUMPY,
        {
            **_list_functions("np"),
            "repeat": "np.full_like(#2, #1)",
            "others": lambda operands: f"product_of_others({', '.join(operands)})",
        },
    ),
    array="np.array({})",
    helpers={"product_of_others": OTHERS},
)
TORCH_GRIDS = GridDialect(
    dialect=_extend(
        TORCH,
        {
            **_list_functions("torch", "dim", "amax", "amin"),
            "list": "torch.stack([#*])",
            "softmax": "torch.softmax(#1, dim=-1)",
            "log_sum": _log_sum_in_torch,
        },
    ),
    array="torch.tensor({})",
    helpers={},
)
JAX_GRIDS = GridDialect(
    dialect=_extend(JAX, {**_list_functions("jnp"), "softmax": "jax.nn.softmax(#1)", "log_sum": _log_sum_in_jax}),
    array="jnp.array({})",
    helpers={},
)
