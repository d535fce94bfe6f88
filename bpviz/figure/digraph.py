"""A directed graph as DOT statements, each name and each value quoted where the language asks for it.

The words and the layout are those of the package `graphviz`, which took a tenth of the time of a whole cold command to
import for these few lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

KEYWORDS = ("node", "edge", "graph", "digraph", "subgraph", "strict")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")  # a word or a number


class Digraph:
    """Statements in their order."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._lines = [f"\tgraph [{_settings(settings)}]"] if settings else []

    @property
    def source(self) -> str:
        """Return the whole as DOT text."""
        return "\n".join(("digraph {", *self._lines, "}", ""))

    def attr(self, kind: str = "", **settings: str) -> None:
        """Say something of all the nodes or all the edges that follow, or of the graph itself."""
        self._lines.append(f"\t{kind} [{_settings(settings)}]" if kind else f"\t{_settings(settings)}")

    def node(self, name: str, label: str | None = None, **settings: str) -> None:
        """Write a node; without a label it shows its name."""
        self._lines.append(f"\t{quote(name)}{_bracketed(label, settings)}")

    def edge(self, tail: str, head: str, **settings: str) -> None:
        """Write an edge from one node to another, each perhaps followed by a port and a side, as in "w:n"."""
        self._lines.append(f"\t{_end(tail)} -> {_end(head)}{_bracketed(None, settings)}")

    @contextmanager
    def subgraph(self) -> Iterator[Digraph]:
        """Give a graph to write in that becomes a nameless part of this one."""
        part = Digraph()
        yield part
        self._lines += ("\t{", *(f"\t{line}" for line in part._lines), "\t}")


def quote(text: str) -> str:
    r"""Return a name or a value as DOT has it: a plain word, a number and <markup> as they are, others in quotes.

    A backslash stays what it is to Graphviz, the beginning of an escape such as \N.

    >>> quote("num"), quote("-0.5"), quote("<<B>x</B>>"), quote("gate-x"), quote("Node"), quote("")
    ('num', '-0.5', '<<B>x</B>>', '"gate-x"', '"Node"', '""')
    """
    if PLAIN.fullmatch(text):
        return f'"{text}"' if text.lower() in KEYWORDS else text
    if text[:1] == "<" and text[-1] == ">":
        return text
    return '"' + text.replace('"', '\\"') + '"'


def _end(text: str) -> str:
    node, colon, port = text.partition(":")
    return quote(node) + colon + port


def _bracketed(label: str | None, settings: Mapping[str, str]) -> str:
    if label is not None:
        return f" [label={quote(label)} {_settings(settings)}]" if settings else f" [label={quote(label)}]"
    return f" [{_settings(settings)}]" if settings else ""


def _settings(settings: Mapping[str, str]) -> str:
    return " ".join([f"{name}={quote(settings[name])}" for name in sorted(settings)])
