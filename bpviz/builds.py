"""Draw many figures from one TOML file: those that have changed, in several processes.

    theme = "print"                      # an option of bpviz draw, for every figure
    folder = "figures"                   # where outputs go: like all paths, from the folder of this file

    [[figure]]
    program = "(x + σ(y)) / (σ(x) + (x+y)^2)"
    values = { x = 3, y = "-8/2" }
    output = ["example.svg", "example.pdf"]

    [[figure]]
    program = "neuron.bp"                # output neuron.svg
    theme = "dark"

What is wrong with the file stops everything. What is wrong with one figure is kept with it, and the others are drawn.
A record beside the file, hidden, holds a digest of what was asked and of what was written for each output, so that
the next build draws only what has changed, was changed by somebody else, or is gone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from inspect import signature
from itertools import islice
from multiprocessing import get_context
from types import MappingProxyType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from bpviz import shortcuts
from bpviz.errors import BpvizError, OutputError, UsageError
from bpviz.figure import choose_format, draw
from bpviz.files import SUFFIX, make_folder, read_text, write
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
FIGURES_A_PROCESS = 8  # outweigh starting one more process, which takes about 0.2 s
AHEAD = 4  # figures waiting for each process, so that none is idle and few are held in memory
SETTLED = 200  # milliseconds without a change after which files are read again: editors save in several steps
NO_SOURCES: Mapping[str, int] = MappingProxyType({})


class Failure(NamedTuple):
    """A figure that could not be drawn or written, and why."""

    label: str
    error: str


class Built(NamedTuple):
    """What a build did: how many figures it drew, into which files, how many stood already, what failed, and notes.

    `sources` are the files that were read, and when each had been saved.
    """

    drawn: int = 0
    written: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: Mapping[str, int] = NO_SOURCES


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
        return _digest(json.dumps(made_of, sort_keys=True).encode())


class Plan(NamedTuple):
    """Everything that a file asks for, and when each of the files it was read from had been saved."""

    path: str
    orders: tuple[Order, ...]
    sources: dict[str, int]


class Delivery(NamedTuple):
    """A figure drawn to order: the bytes of each of its outputs, or the error that kept it from being drawn."""

    order: Order
    files: tuple[bytes, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""


class Digests(NamedTuple):
    """What the record holds of one output: the digest of its order, and that of its bytes."""

    order: str
    bytes: str


def build(
    path: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Draw the figures that a TOML file asks for, except those that stand already as they would be drawn now.

    `jobs` is how many processes draw; 0 means as many as there are processors and the number of figures is worth.
    With more than one, your script must guard its own start by `if __name__ == "__main__"`. `force` draws everything.
    `on_progress` is called with the number of figures that are done and that are to do. Raises UsageError if the file
    does not describe figures, OutputError if the record cannot be written; a figure that fails is in the result.
    """
    plan = read_plan(os.fspath(path))
    home, record = os.path.dirname(plan.path), _read_record(plan.path)
    orders = [order for order in plan.orders if force or not _is_up_to_date(order, record, home)]
    outputs = {_record_key(output, home) for order in plan.orders for output in order.outputs}
    new_record = {output: digests for output, digests in record.items() if output in outputs}
    built = Built(unchanged=len(plan.orders) - len(orders), sources=plan.sources)
    on_progress(0, len(orders))
    try:
        for done, delivery in enumerate(draw_all(orders, jobs or _count_workers(len(orders))), 1):
            built = _write_outputs(built, delivery, new_record, home)
            on_progress(done, len(orders))
    finally:  # Ctrl-C keeps what is done
        if new_record != record:
            _write_record(plan.path, new_record)
    return built


def watch(path: str | os.PathLike[str], *, jobs: int = 1, force: bool = False) -> Iterator[Built | BpvizError]:
    """Build now, and again whenever the file or a program in it is saved; yield what each build did, or its error.

    It never ends by itself: stop asking for more, or interrupt it. Raises OutputError if watchfiles is not installed.
    """
    wait = _make_watcher()
    known: Mapping[str, int] = _read_times([os.fspath(path)])
    while True:
        try:
            built = build(path, jobs=jobs, force=force)
            known = built.sources
            yield built
        except BpvizError as error:
            known = _read_times(known)
            yield error
        force = False
        wait(known)


# The plan: what the TOML file says.


def read_plan(path: str) -> Plan:
    """Read a file of figures; raise UsageError if the file itself is wrong.

    Two figures that write the same file are such a mistake. Whatever else is wrong with a figure is in its problem.
    """
    sources = _read_times([path])
    content = _read_toml(path)
    tables = content.pop(FIGURE, None)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or not tables:
        raise UsageError(f"{path} asks for no figure", hint=f"begin each with a line [[{FIGURE}]]")
    _check_names(content, path)
    home = os.path.dirname(path)
    programs = (table.get("program", content.get("program")) for table in tables)
    sources |= _read_times(os.path.join(home, program) for program in programs if _is_file(program))
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
    known = [*OWN_OPTIONS, *dict.fromkeys((*_options_of(parse), *_options_of(draw)))]
    for name in table:
        if name not in known:
            meant = find_nearest(name, known)
            hint = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}"
            raise UsageError(f"{where} sets {name}, which is no option of a figure", hint=hint)


@cache
def _options_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the keyword-only parameters of a function with their types."""
    hints, parameters = get_type_hints(function), signature(function).parameters
    return {name: hints[name] for name, each in parameters.items() if each.kind is each.KEYWORD_ONLY}


def _check_kind(name: str, value: object) -> None:
    """Raise UsageError if the value of an option has none of the types that parse or draw declares for it."""
    hint = {**_options_of(parse), **_options_of(draw)}[name]
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


# Drawing, in this process or in several. They hand back bytes and one process writes all files, so that Ctrl-C, which
# ends the others at once, leaves no half file.


def draw_all(orders: Sequence[Order], jobs: int) -> Iterator[Delivery]:
    """Draw the figures and yield them in order; `jobs` is how many processes draw, 1 being this one."""
    if jobs < 2 or len(orders) < 2:
        yield from map(draw_order, orders)
        return
    waiting = deque(orders)
    while waiting:  # once, unless a process dies: then the next one draws the figure alone that it died of
        yield from _draw_in_processes(waiting, jobs)
        jobs = 1


def _draw_in_processes(waiting: deque[Order], jobs: int) -> Iterator[Delivery]:
    """Draw from the left of the queue; what is not drawn yet when a process dies stays in it.

    With one job the figure that the process died of is the first one, which is then yielded as failed.
    """
    # Processes made anew, not forked: Graphviz's state and our threads are not to be copied, on any system.
    # Ctrl-C reaches all of them: it ends them without a word, and the first process reports it.
    end_at_ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pool = ProcessPoolExecutor(min(jobs, len(waiting)), get_context("spawn"), initializer=end_at_ctrl_c)
    running: deque[Future[Delivery]] = deque()
    try:
        while waiting:
            running.extend([pool.submit(draw_order, each) for each in islice(waiting, len(running), AHEAD * jobs)])
            delivery = running.popleft().result()
            waiting.popleft()
            yield delivery
    except BrokenProcessPool:
        if jobs == 1:
            yield Delivery(waiting.popleft(), error="the process that drew it died")
    finally:
        pool.shutdown(cancel_futures=True)


def draw_order(order: Order) -> Delivery:
    """Draw one figure; what is wrong with it goes into the result."""
    if order.problem:
        return Delivery(order, error=order.problem)
    try:
        graph = parse(order.program, **_pick(order.options, parse))
        defaults = {name: value for name, value in order.defaults.items() if name in graph.input_names}
        figure = shortcuts.draw(graph, set={**defaults, **order.values}, **_pick(order.options, draw))
        formats = [choose_format(output) for output in order.outputs]
        files = {each: figure.data(each) for each in dict.fromkeys(formats)}
    except BpvizError as error:
        return Delivery(order, error=str(error))
    warnings = figure.trace.warnings if figure.trace else graph.warnings
    return Delivery(order, tuple(files[each] for each in formats), tuple(warnings))


def _pick(options: Mapping[str, Any], function: Callable[..., Any]) -> dict[str, Any]:
    """Return those options that a function takes; `limit` is one of both parse and draw."""
    return {name: value for name, value in options.items() if name in _options_of(function)}


def _count_workers(figures: int) -> int:
    """Return how many processes are worth starting on this machine for so many figures."""
    if sys.version_info >= (3, 13):
        processors = os.process_cpu_count()
    else:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(processors or 1, figures // FIGURES_A_PROCESS))


# Files, and the record of them: for each output, by its path from the record's folder, its two digests.


def _write_outputs(built: Built, delivery: Delivery, record: dict[str, Digests], home: str) -> Built:
    """Write the files of a figure, put them on record, and return the build with them."""
    order, order_digest = delivery.order, delivery.order.digest()
    try:
        if delivery.error:
            raise BpvizError(delivery.error)
        for output, data in zip(order.outputs, delivery.files, strict=True):
            digests = Digests(order_digest, _digest(data))
            _make_folder_of(output)
            write(output, data)
            record[_record_key(output, home)] = digests
    except BpvizError as error:
        return built._replace(failed=(*built.failed, Failure(order.full_label, str(error))))
    warnings = [f"{order.full_label}: {warning}" for warning in delivery.warnings]
    return built._replace(
        drawn=built.drawn + 1,
        written=(*built.written, *order.outputs),
        warnings=(*built.warnings, *warnings),
    )


def _make_folder_of(output: str) -> None:
    folder = os.path.dirname(output)
    if folder and not os.path.isdir(folder):
        _make_folder_of(folder)
        make_folder(folder)


def _is_up_to_date(order: Order, record: Mapping[str, Digests], home: str) -> bool:
    """Say whether every output of a figure is there as it would be written now."""
    if order.problem:
        return False
    order_digest = order.digest()
    for output in order.outputs:
        known = record.get(_record_key(output, home))
        if not known or known.order != order_digest:
            return False
        try:
            with open(output, "rb") as file:
                if _digest(file.read()) != known.bytes:
                    return False
        except OSError:
            return False
    return True


def find_record(path: str) -> str:
    """Return where the record of a file of figures stands."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.built")


def _read_record(path: str) -> dict[str, Digests]:
    """Read the record of a file of figures; it is empty if there is none, or none that can be read."""
    try:
        with open(find_record(path), encoding="utf-8") as file:
            return {output: Digests(*digests) for output, digests in json.load(file).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # it can be made again: everything is drawn
        return {}


def _write_record(path: str, record: Mapping[str, Digests]) -> None:
    text = json.dumps(record, indent=0, sort_keys=True)
    try:
        write(find_record(path), f"{text}\n".encode())
    except OutputError as error:
        error.hint = "the figures are written, but the next build draws all of them again"
        raise


def _record_key(output: str, home: str) -> str:
    """Return how a record names a file: by its path from the record's folder, so that both can be moved together."""
    try:
        return os.path.relpath(output, home or os.curdir).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        return os.path.abspath(output)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


# Watching.


def _read_times(sources: Iterable[str]) -> dict[str, int]:
    """Read when each file was saved, in nanoseconds; 0 for one that is not there."""
    return {source: os.stat(source).st_mtime_ns if os.path.exists(source) else 0 for source in sources}


def _make_watcher() -> Callable[[Mapping[str, int]], None]:
    """Return a function that waits until one of some files is saved."""
    try:
        from watchfiles import watch as changes
    except ImportError as error:
        hint = "install it with: pip install watchfiles; without it, give the command again"
        raise OutputError("watching files needs the package watchfiles", hint=hint) from error

    def wait(known: Mapping[str, int]) -> None:
        # Folders, not files: many editors save by putting a new file in the old one's place.
        folders = {os.path.dirname(os.path.realpath(source)) for source in known}
        watched = [folder for folder in folders if os.path.isdir(folder)]
        if not watched:
            raise OutputError(f"{next(iter(known))} is in no folder that could be watched")
        # Once before anything has changed, and every second: what was saved while we drew counts too.
        for _ in changes(*watched, recursive=False, step=SETTLED, rust_timeout=1000, yield_on_timeout=True):
            if _read_times(known) != known:
                return

    return wait
