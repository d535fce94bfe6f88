"""bpviz gates: the gate table, a gate's page, a gate's template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bpviz.cli.arguments import Words
from bpviz.cli.command import Command
from bpviz.cli.looks import DPI, ENGINE, QUIET, ROUNDING, THEME, TRANSPARENT, WIDTH, files
from bpviz.cli.options import Option, option
from bpviz.cli.target import say, write_bytes
from bpviz.errors import UsageError
from bpviz.limits import DEFAULT

ANY = DEFAULT._replace(digits=DEFAULT.characters)  # a gate has no --limit
FORMATS = ("svg", "pdf", "png", "dot")


class GateCommand(Command):
    """A command that takes a gate, or none; its unknown options are the gate's operands."""

    takes = "[NAME]"

    def keywords(self, words: Words) -> dict[str, Any]:
        """Return what the function is called with: the gate, its operands as typed, and the options."""
        if len(words.programs) > 1:
            what = f"one gate at a time, but there are {len(words.programs)}: {'   '.join(words.programs)}"
            raise UsageError(what)
        name = words.programs[0] if words.programs else None
        return {"name": name, "point": words.point, **self.read(words.options)}


def gate_command(*options: Option) -> Callable[[Callable[..., int | None]], GateCommand]:
    """Make a command that takes a gate of the function below it."""
    return lambda function: GateCommand(function, options)


@gate_command(
    files("Draw it: .svg .pdf .png .dot, or -."),
    option("--format", dest="format_", choices=FORMATS, help="What to write to -."),
    option("--upstream", metavar="NUMBER", help="The gradient that arrives at the output."),
    THEME,
    *ROUNDING,
    WIDTH,
    DPI,
    TRANSPARENT,
    ENGINE,
    QUIET,
)
def gates(
    name: str | None,
    point: dict[str, str],
    outputs: Sequence[str],
    format_: str | None,
    upstream: str | None,
    quiet: bool,
    **look: Any,
) -> int:
    """Print the gates, or all about the gate NAME: where its local gradients come from, what it does to a gradient.

    With -o draw its template: what flows through one gate, forward and backward. The operands may have any names,
    and take values like the inputs of a program: --x 2 --y 3, or --w 2 --x -1.

    bpviz gates
    bpviz gates sigmoid
    bpviz gates multiply -o multiply.svg --x 2 --y 3 --upstream 5
    """
    if outputs:
        _draw(name, point, outputs, format_, upstream, look)
        if not quiet and list(outputs) != ["-"]:
            say(f"→ {', '.join(outputs)}", aside="-" in outputs)
    elif point or upstream or format_:
        if name is not None:
            from bpviz.gates import gate_called

            gate_called(name)  # a name that is none is told first
        raise UsageError("numbers are for the drawing of a gate", hint="say where to: -o gate.svg")
    else:
        _show(name)
    return 0


def _show(name: str | None) -> None:
    from bpviz.text import show
    from bpviz.text.writers import write_lines

    if name is None:
        from bpviz.text.gate_list import list_gates

        show(list_gates())
    else:
        from bpviz.lecture import gate_page

        show(write_lines(gate_page(name)))


def _draw(
    name: str | None,
    point: dict[str, str],
    outputs: Sequence[str],
    format_: str | None,
    upstream: str | None,
    look: dict[str, Any],
) -> None:
    from bpviz.cli.program import warn
    from bpviz.figure import render_package as render
    from bpviz.figure.drawing import format_of
    from bpviz.lang import constant
    from bpviz.lecture import draw_gate

    if name is None:
        raise UsageError("which gate?", hint="write bpviz gates multiply -o multiply.svg")
    values = {operand: constant(text, operand, ANY) for operand, text in point.items()}
    arriving = None if upstream is None else constant(upstream, "upstream", ANY)
    look = {option: value for option, value in look.items() if value is not None}
    figure = draw_gate(name, set=values, upstream=arriving, **look)
    kinds = [(format_ or "svg") if target == "-" else format_of(target) for target in outputs]
    with render.interruptible():
        drawn = {kind: figure.data(kind) for kind in dict.fromkeys(kinds)}
    for target, kind in zip(outputs, kinds, strict=True):
        write_bytes(target, drawn[kind])
    warn(figure.trace.warnings if figure.trace else ())
