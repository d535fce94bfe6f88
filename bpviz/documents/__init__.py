"""Figures, tables and derivations where people write: in notebooks, and in documents of Sphinx and MkDocs."""
