"""Formulas as small trees: what reads them, prints them (text, LaTeX, Typst, MathML, code) and works them out.

Nothing here knows a gate or a graph.
"""
