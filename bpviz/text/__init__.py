"""A trace as text: its table, its derivation, its code, its closed forms, and the writers that they share."""

from bpviz.text.gate_texts import list_gates, write_gate_page
from bpviz.text.report import Markdown, Text
from bpviz.text.terminal import progress, show
from bpviz.text.trace_texts import code, steps, symbolic, table

__all__ = [
    "Markdown",
    "Text",
    "code",
    "list_gates",
    "progress",
    "show",
    "steps",
    "symbolic",
    "table",
    "write_gate_page",
]
