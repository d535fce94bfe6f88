"""The scalar functions behind the gate table that Python's math module has not, or has not safely.

Each keeps its accuracy where the textbook formula loses it, and overflows to infinity instead of raising where only
a local gradient is asked for. The table decides what is allowed in a forward pass; nothing here knows of gates.
How near they come is measured: python -m tests.accuracy.
"""
