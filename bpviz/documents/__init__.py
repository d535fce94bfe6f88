"""Figures, tables and derivations where people write: in notebooks."""
