"""What sympy and mpmath know of a program: its exact derivatives at a point, and its closed forms made simpler.

sympy never sees a user's text. Expressions are built from the tape by the gate table's own rows, over symbols made
here. The modules are heavy imports: import them only where they are asked for.
"""
