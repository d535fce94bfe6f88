"""Many points of a program: sweeps over ranges, gradient steps from a point, and the curves that are drawn of both."""
