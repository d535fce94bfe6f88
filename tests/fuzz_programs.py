"""Random valid programs through every text and listing, which are read, run and evaluated: a part of tests.fuzz.

Every format of table, steps, code and symbolic must come out of them, or a BpvizError in words. A listing in Python or
NumPy is executed and a closed form evaluated, and their numbers are those of the trace, wherever the program itself is
no worse than its numbers: where a rounded input moves the output a lot, there is nothing to compare. Programs of pieces
(max, |x|, where, …) stand at whole numbers, where pieces meet and max ties: there the closed forms are evaluated, too.
"""

from __future__ import annotations

import json
import math
import random
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, product
from typing import Any

from bpviz.autodiff import Trace, run
from bpviz.errors import BpvizError
from bpviz.gates import GATES, TABLE, Gate, write_expression
from bpviz.graph import Graph
from bpviz.lang import parse, read_constant
from bpviz.lecture import typeset_steps
from bpviz.text import code, steps, symbolic, table
from tests.support.printed_forms import work_out, write_programs

NAMES = ("x", "y", "z", "w_0", "θ", "lambda", "f")
CONSTANTS = ("2", "3", "-1", "0.5", "pi", "-pi", "½", "1e-9", "0", "1", "-2", "10", "2.5", "(1/3)", "-0.1", "1e5")
FORMS = (  # as people type them
    *("-{}", "-(-{})", "-{}^2", "({})({})", "2{}", "|{}|", "√{}", "{}/{}/{}", "{} - {} - -{}", "e^(-{})", "ln({})^2"),
    *("σ({})*(1 - σ({}))", "{} if {} > {} else {}", "-({}*ln({}) + (1 - {})*ln(1 - {}))", "exp(-{}^2/2)/sqrt(2*pi)"),
)
ODD = ("3", "5", "7")  # degrees of roots
EVERYDAY = (0.3, 0.7, 1.3, 1.9, 2.6, -0.4, -0.6, -1.7, -2.3)
DELICATE = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, math.pi, 1e-9, 1e-160, 5e-324, 1e200, 800.0, -800.0, 40.0, -40.0, 1e16)
TABLE_FORMATS = ("plain", "markdown", "latex", "csv", "json")
STEPS_FORMATS = ("plain", "markdown", "latex", "typst")
LANGUAGES = ("python", "numpy", "javascript", "torch", "jax", "latex")
OURS = ("python", "numpy")  # listings whose backward pass is ours
CLOSED_FORMS = ("latex", "python")
TOLERANCE = 1e-9
MOVED = 1e-13  # how far inputs are moved to see how much rounding may matter
LEAST_EVERYDAY, MOST_EVERYDAY = 1e-6, 50.0  # between these no textbook's formula has lost many digits
UNREADABLE = ("log",)  # what a closed form may have that a program has not
PIECES = [  # gates whose numbers are exact at small whole numbers; most have kinks there
    *(GATES[name] for name in ("add", "subtract", "multiply", "square")),
    *(gate for gate in TABLE if gate.kink and gate.name not in ("hypot", "atan2")),
]
WHOLE = (-2.0, -1.0, 0.0, 1.0, 2.0)


def random_program(chance: random.Random, gates: Sequence[Gate] = TABLE) -> str:
    """Return a program of one to three statements in random gates of the table."""
    statements, names = [], list(chance.sample(NAMES[:-1], chance.randint(1, 3)))
    for k in range(chance.choice((0, 0, 1, 2))):
        statements.append(f"q{k} = {_expression(chance, names, 2, gates)}")
        names.append(f"q{k}")
    return "; ".join([*statements, _expression(chance, names, 3, gates)])


def _expression(chance: random.Random, names: list[str], depth: int, gates: Sequence[Gate]) -> str:
    if gates is TABLE and chance.random() < 0.15:
        form = chance.choice(FORMS)
        return form.format(*[_operand(chance, names, depth, gates) for _ in range(form.count("{}"))])
    gate = chance.choice(gates)
    most = min(gate.arity[1], chance.choice((2, 2, 3, 4)) * gate.groups)
    count = max(gate.arity[0], most - most % gate.groups)
    operands = [
        _parameter(chance, gate) if slot == gate.parameter else _operand(chance, names, depth, gates)
        for slot in range(count)
    ]
    return write_expression(gate, tuple(operands)).replace("−", "-").replace("×", "*")


def _parameter(chance: random.Random, gate: Gate) -> str:
    return chance.choice(ODD if "odd" in gate.domain else CONSTANTS)


def _operand(chance: random.Random, names: list[str], depth: int, gates: Sequence[Gate]) -> str:
    kind = chance.random()
    if kind < 0.2:
        return f"({chance.choice(CONSTANTS if gates is TABLE else ('0', '1', '-1', '2', '1/2'))})"
    if kind < 0.6 or not depth:
        return chance.choice(names)
    return f"({_expression(chance, names, depth - 1, gates)})"


def try_program(text: str, chance: random.Random) -> bool:
    """Try one program; AssertionError or whatever else goes wrong is a finding. Says whether it has a trace."""
    try:
        level = chance.choice(("lecture", "lecture", "fused", "elementary"))
        graph = parse(text, gates=level, share=chance.random() < 0.2, constants=chance.random() < 0.2)
    except BpvizError:
        return False
    numbers = EVERYDAY if chance.random() < 0.7 else EVERYDAY + DELICATE
    point = {name: chance.choice(numbers) for name in graph.input_names}
    write_all(graph, None, chance)
    try:
        trace = run(graph, point)
    except BpvizError:
        return False
    write_all(graph, trace, chance)
    compare_scripts(trace)
    if is_everyday(trace):
        compare_closed_forms(trace)
        compare_functions(trace)
    return True


def try_pieces(text: str, chance: random.Random) -> bool:
    """Try the closed forms of a program of pieces at whole numbers; say whether a gate stands at a kink there."""
    graph = parse(text, gates=chance.choice(("lecture", "fused")))
    point = {name: chance.choice(WHOLE) for name in graph.input_names}
    trace = run(graph, point)
    made = write(partial(symbolic, graph, format="python"))
    if "def " not in made:
        return False  # without inputs, or too large for a closed form
    exact = {"": trace.values[graph.output], **{name: trace.gradient(name) for name in graph.input_names}}
    function = next(each for each in execute(made).values() if callable(each) and each.__module__ == "listing")
    value, gradients = function(*order_inputs(function, trace))
    found = {made: {"": value, **gradients}}
    for kind in ("text", "latex"):
        programs = write_programs(graph, kind)
        found["; ".join(programs.values())] = {name: work_out(each, point) for name, each in programs.items()}
    for form, numbers in found.items():
        for name, number in numbers.items():
            is_right = math.isclose(number, exact[name], rel_tol=1e-12, abs_tol=1e-12)
            assert is_right, f"{name or 'the value'} at {point} is {number}, not {exact[name]}: {form}"
    return any(graph.is_at_kink(i, trace.values) for i in graph.gate_ids)


def write_all(graph: Graph, trace: Trace | None, chance: random.Random) -> None:
    """Write every format of every text."""
    digits = chance.choice((1, 3, 3, 6))
    for lang in LANGUAGES:
        assert write(partial(code, trace or graph, lang=lang))
    for format_ in STEPS_FORMATS:
        write(partial(steps, graph, format=format_, digits=digits))
    write(partial(typeset_steps, trace or graph, format="html"))
    if trace is None:
        write(partial(symbolic, graph, format=chance.choice(CLOSED_FORMS)))  # one, since each is derived anew
        write(partial(symbolic, graph, local=True))
        return
    for format_ in TABLE_FORMATS:
        made = write(partial(table, trace, format=format_, digits=digits))
        assert made
        if format_ == "json":
            json.loads(made, parse_constant=_refuse)
    for format_ in STEPS_FORMATS:
        write(partial(steps, trace, format=format_, digits=digits))


def write(make: Callable[[], object]) -> str:
    """Return what is made as text; an error in words is a text as well."""
    try:
        return str(make())
    except BpvizError as error:
        if "written" in str(error):  # every format here is one
            raise AssertionError from error
        return str(error)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} in JSON")


def is_everyday(trace: Trace) -> bool:
    """Say whether every number of a trace is one that textbooks' formulas give, and no gate is at a kink."""
    graph = trace.graph
    sizes = [abs(x) for x in (*trace.values, *trace.gradients, *chain(*trace.local)) if x]
    is_at_kink = any(graph.is_at_kink(i, trace.values) for i in graph.gate_ids)
    return not is_at_kink and all(LEAST_EVERYDAY < size < MOST_EVERYDAY for size in sizes)


def allowed(trace: Trace) -> dict[str, float]:
    """Say how far the output and each gradient may be off: by what inputs moved in their last digits make of them."""
    names = trace.graph.input_names
    exact = [trace.values[trace.graph.output], *(trace.gradients[i] for i in trace.graph.inputs)]
    largest = max((abs(x) for each in trace.downstream for x in each if math.isfinite(x)), default=0.0)
    off = [TOLERANCE * (1.0 + abs(x)) + 1e-12 * largest for x in exact]
    for signs in product((-1, 1), repeat=len(names)):
        moved = {name: trace.point[name] * (1 + sign * MOVED) for name, sign in zip(names, signs, strict=True)}
        try:
            other = run(trace.graph, moved)
        except BpvizError:
            return dict.fromkeys(("", *names), math.inf)
        found = [other.values[trace.graph.output], *(other.gradients[i] for i in trace.graph.inputs)]
        off = [max(most, 1e3 * abs(a - b)) for most, a, b in zip(off, exact, found, strict=True)]
    return dict(zip(("", *names), off, strict=True))


def compare(trace: Trace, value: float, gradients: Mapping[str, float], what: str) -> None:
    """Assert that numbers are those of a trace."""
    most = allowed(trace)
    exact = {"": trace.values[trace.graph.output], **{name: trace.gradient(name) for name in trace.graph.input_names}}
    for name, found in {"": value, **gradients}.items():
        is_right = found == exact[name] or abs(found - exact[name]) <= most[name]
        assert is_right or math.isinf(most[name]), f"{what}: {name or 'the value'} is {found}, not {exact[name]}"


def compare_scripts(trace: Trace) -> None:
    """Execute the listings at the trace's point."""
    for lang in OURS:
        listing = str(code(trace, lang=lang))
        space = execute(listing)
        lines = [line for line in listing.splitlines() if line.startswith("print(")]
        printed = [float(eval(line.split("{")[1].split("}")[0], space)) for line in lines]  # our own names
        compare(trace, printed[0], dict(zip(trace.graph.input_names, printed[1:], strict=True)), lang)


def compare_functions(trace: Trace) -> None:
    """Execute the listings that are functions of the inputs."""
    for lang in OURS:
        _compare_function(trace, str(code(trace.graph, lang=lang)), lang)


def compare_closed_forms(trace: Trace) -> None:
    """Evaluate the closed forms: as Python, and read again as programs."""
    graph = trace.graph
    if not graph.inputs:
        return
    made = write(partial(symbolic, graph, format="python"))
    if "def " not in made:
        return  # too large for a closed form
    _compare_function(trace, made, "closed form")
    if not all(node.constant is None or reads_as(node.name) == node.constant for node in graph.nodes):
        return  # a constant that stands there with four digits
    for name, program in write_programs(graph, "text").items():
        if any(mark in program for mark in UNREADABLE):
            continue
        try:
            number = work_out(program, trace.point)
        except (BpvizError, KeyError):  # ³√x, √x² and log_(…)(…) are no programs, and 0·ln(0) is no number
            continue
        exact = trace.gradient(name) if name else trace.values[graph.output]
        is_near = abs(number - exact) <= allowed(trace)[name]
        assert is_near, f"closed form read again: {program} is {number}, not {exact}"


def reads_as(numeral: str) -> float:
    """Read a constant as it stands in a closed form; one that is rounded is no number."""
    return math.nan if numeral.startswith("≈") else read_constant(numeral.replace("−", "-"), "a constant")


def _compare_function(trace: Trace, listing: str, what: str) -> None:
    function = next(each for each in execute(listing).values() if callable(each) and each.__module__ == "listing")
    value, gradients = function(*order_inputs(function, trace))
    compare(trace, float(value), {name: float(each) for name, each in gradients.items()}, f"{what}, as a function")


def order_inputs(function: Any, trace: Trace) -> list[float]:
    """Return the trace's inputs in the order of a function's parameters: those with defaults come last."""
    graph = trace.graph
    names = sorted(graph.input_names, key=lambda name: name in graph.defaults)
    assert function.__code__.co_argcount == len(names)
    return [trace.point[name] for name in names]


def execute(listing: str) -> dict[str, Any]:
    """Run a listing without printing, warnings of NumPy's are errors."""
    space: dict[str, Any] = {"__name__": "listing", "print": lambda *_: None}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(listing, "listing", "exec"), space)
    return space


def findings(seed: int, count: int, seconds: float = math.inf) -> Iterator[tuple[str, float, bool, str]]:
    """Yield of each program its text, the seconds, whether there was something to compare, and what went wrong."""
    chance, pieces, end = random.Random(seed), random.Random(seed), time.monotonic() + seconds
    for k in range(count):
        is_of_pieces = k % 5 == 4
        text = random_program(pieces, PIECES) if is_of_pieces else random_program(chance)
        started, fine, finding = time.process_time(), False, ""
        try:
            fine = try_pieces(text, pieces) if is_of_pieces else try_program(text, chance)
        except Exception:
            finding = traceback.format_exc()
        yield text, time.process_time() - started, fine, finding
        if time.monotonic() > end:
            return
