"""A trace as text: its table, its derivation, its code, its closed forms, and the writers that they share."""

from bpviz.text.report import Markdown, Text
from bpviz.text.terminal import show
from bpviz.text.texts import code, steps, symbolic, table

__all__ = ["Markdown", "Text", "code", "show", "steps", "symbolic", "table"]
