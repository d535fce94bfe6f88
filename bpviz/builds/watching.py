"""Build again whenever the file or a file that it names is saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from bpviz.builds.building import Built, build
from bpviz.builds.plans import read_times
from bpviz.errors import BpvizError, OutputError

SETTLED = 200  # milliseconds without a change after which files are read again: editors save in several steps


def watch(path: str | os.PathLike[str], *, jobs: int = 1, force: bool = False) -> Iterator[Built | BpvizError]:
    """Build now, and again whenever the file or a file that it names is saved; yield what each build did, or its error.

    It never ends by itself: stop asking for more, or interrupt it. Raises OutputError if watchfiles is not installed.
    """
    wait = _make_watcher()
    known: Mapping[str, int] = read_times([os.fspath(path)])
    while True:
        try:
            built = build(path, jobs=jobs, force=force)
            known = built.sources
            yield built
        except BpvizError as error:
            known = read_times(known)
            yield error
        force = False
        wait(known)


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
            if read_times(known) != known:
                return

    return wait
