"""Ctrl-C while Graphviz works: its layout is one long call in C that Python cannot break off."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once, as the shell expects of a command, for as long as this lasts.

    For the command line, around the making of a picture and never around the writing of a file: nothing of ours is
    cleaned up. A library must not end its user's process, so picture() does not do this by itself. Where another
    handler or another thread is in charge, nothing is changed.
    """
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    try:
        if ours:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except ValueError:  # not the main thread: signals are not ours to set
        ours = False
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
