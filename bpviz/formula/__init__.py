"""Formulas as trees, and what prints them: text, LaTeX, Typst, MathML, and code in several languages."""
