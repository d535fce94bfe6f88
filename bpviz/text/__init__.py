"""A trace as text: its table, its derivation, its code, its closed forms, and the writers that they share."""

from bpviz.text.report import Markdown, Text
from bpviz.text.terminal import progress, show
from bpviz.text.texts import code, steps, symbolic, table

__all__ = ["Markdown", "Text", "code", "progress", "show", "steps", "symbolic", "table"]
