"""Functions of floats for the gates of which no formula of one line keeps its digits: where it cancels, or overflows.

A function for a local gradient gives infinity where it overflows, instead of raising; one for a value raises outside
its domain, as those of math do. Nothing here knows of gates. How near they come is measured: python -m tests.accuracy.
"""
