"""A trace as text: its table, its derivation, its code, its closed forms, and the writers that they share."""

from bpviz.text.texts import Markdown, Text, code, steps, symbolic, table

__all__ = ["Markdown", "Text", "code", "steps", "symbolic", "table"]
