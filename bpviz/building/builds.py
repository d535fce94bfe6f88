"""A file of figures in, the figures out: what has changed is drawn, in several processes, and one bad figure is told.

What such a file says is in bpviz/building/plan.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bpviz.building.making import Drawn, draw_all
from bpviz.building.plan import Wanted, read_plan, saved
from bpviz.building.record import Written, asked, digest, key_of, read_record, stale, write_record
from bpviz.errors import BpvizError, OutputError
from bpviz.figure import render_package as render

ENOUGH = 8  # figures that outweigh starting one more process, which takes about 0.2 s
NOTHING: Mapping[str, int] = MappingProxyType({})
SETTLED = 200  # milliseconds without a change after which files are read again: editors save in several steps


class Failure(NamedTuple):
    """A figure that could not be drawn or written, and why."""

    label: str
    error: str


class Built(NamedTuple):
    """What a build did: how many figures it drew, into which files, how many stood already, what failed, and notes.

    sources are the files that were read, and when each had been saved.
    """

    drawn: int = 0
    written: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: Mapping[str, int] = NOTHING


def build(
    path: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Draw the figures that a TOML file asks for and that do not stand as they would be drawn now.

    jobs is how many processes draw; 0 says as many as there are processors and the figures are worth. With more than
    one, a script of yours must guard its own start by `if __name__ == "__main__"`. force draws everything. tell is
    called with the number of figures done and to do. Raises UsageError when the file is not one of figures, and
    OutputError when what was built cannot be recorded beside it; a figure that fails is in the result.
    """
    plan = read_plan(os.fspath(path))
    home, record, version = os.path.dirname(plan.path), read_record(plan.path), _version()
    todo = stale(plan.figures, {} if force else record, home, version)
    wanted = {key_of(output, home) for figure in plan.figures for output in figure.outputs}
    now = {output: digests for output, digests in record.items() if output in wanted}
    built = Built(unchanged=len(plan.figures) - len(todo), sources=plan.sources)
    tell(0, len(todo))
    try:
        for done, drawn in enumerate(draw_all(todo, jobs or _workers(len(todo))), 1):
            built = _written(built, drawn, now, home, version)
            tell(done, len(todo))
    finally:  # Ctrl-C keeps what is done
        if now != record:
            write_record(plan.path, now)
    return built


def watch(path: str | os.PathLike[str], *, jobs: int = 1, force: bool = False) -> Iterator[Built | BpvizError]:
    """Build, and again whenever the file or a program in it is saved; yield what each build did, or its error.

    Ends never: stop asking, or interrupt it. Raises OutputError where the package watchfiles is missing.
    """
    wait = _watcher()
    known: Mapping[str, int] = saved([os.fspath(path)])
    while True:
        try:
            built = build(path, jobs=jobs, force=force)
            known = built.sources
            yield built
        except BpvizError as error:
            known = saved(known)
            yield error
        force = False
        wait(known)


def _written(built: Built, drawn: Drawn, record: dict[str, Written], home: str, version: str) -> Built:
    """Write the files of a figure, put them on record, and return the build with them."""
    wanted = drawn.wanted
    try:
        if drawn.error:
            raise BpvizError(drawn.error)
        for output, data in zip(wanted.outputs, drawn.files, strict=True):
            _make_folder_of(output)
            render.write(output, data)
            record[key_of(output, home)] = Written(asked(wanted, version), digest(data))
    except BpvizError as error:
        return built._replace(failed=(*built.failed, Failure(_name(wanted), str(error))))
    warnings = [f"{_name(wanted)}: {warning}" for warning in drawn.warnings]
    return built._replace(
        drawn=built.drawn + 1,
        written=(*built.written, *wanted.outputs),
        warnings=(*built.warnings, *warnings),
    )


def _name(wanted: Wanted) -> str:
    return f"{wanted.label}, {wanted.outputs[0]}" if wanted.outputs else wanted.label


def _make_folder_of(output: str) -> None:
    folder = os.path.dirname(output)
    if folder and not os.path.isdir(folder):
        _make_folder_of(folder)
        render.make_folder(folder)


def _workers(figures: int) -> int:
    """Return how many processes so many figures are worth on this machine."""
    count = getattr(os, "process_cpu_count", None) or _processors  # the first is of Python 3.13
    return max(1, min(count() or 1, figures // ENOUGH))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version() -> str:
    """Return which bpviz draws: another one draws everything again."""
    from importlib.metadata import version

    return version("bpviz")


def _watcher() -> Callable[[Mapping[str, int]], None]:
    """Return a function that waits until one of some files is saved."""
    try:
        from watchfiles import watch as changes
    except ImportError as error:
        hint = "install it with: pip install 'bpviz[watch]'; without it, give the command again"
        raise OutputError("watching files needs the package watchfiles", hint=hint) from error

    def wait(known: Mapping[str, int]) -> None:
        # Folders, not files: many editors save by putting a new file in the old one's place.
        folders = {os.path.dirname(os.path.realpath(source)) for source in known}
        watched = [folder for folder in folders if os.path.isdir(folder)]
        if not watched:
            raise OutputError(f"{next(iter(known))} is in no folder that could be watched")
        # Once before anything has changed, and every second: what was saved while we drew counts too.
        for _ in changes(*watched, recursive=False, step=SETTLED, rust_timeout=1000, yield_on_timeout=True):
            if saved(known) != known:
                return

    return wait
