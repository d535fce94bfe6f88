"""Many points of a program: a sweep over ranges of its inputs, gradient steps from a point, and what is drawn of both."""
