"""An expression of sympy's as plain lists that JSON can hold: a head, and what it is applied to.

[INPUT, 0] is the first input, [NUMBER, 1, 3] a third, [NUMBER, 1e40] a rounded number; other heads are ADD and the
like, or what sympy calls the function: ["tanh", [INPUT, 0]], ["Pi"].
"""

from __future__ import annotations

from typing import Any

Tree = list[Any]
INPUT, NUMBER, ADD, MULTIPLY, POWER, ONE_OVER = "input", "number", "add", "multiply", "power", "one over"
