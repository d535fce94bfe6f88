"""Which function writes a format: the question of every view that is written in several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from bpviz.errors import UsageError

if TYPE_CHECKING:
    Writer = TypeVar("Writer")


def writer_of(writers: Mapping[str, Writer], format: str, missing: str) -> Writer:  # noqa: A002  the command line's word
    """Return what writes a format; UsageError for one that nothing writes, and then missing begins the message.

    >>> writer_of({"csv": str}, "csv", "no table is written as")
    <class 'str'>
    """
    try:
        return writers[format]
    except (KeyError, TypeError):  # a list has no hash
        raise UsageError(f"{missing} {format!s:.60}", hint=f"choose one of {', '.join(writers)}") from None
