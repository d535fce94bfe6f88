"""Many points of a program: sweeps over ranges, gradient steps from a point, and the curves that are drawn of both."""

from bpviz.explore.front import Plot, descend, plot, sweep

__all__ = ["Plot", "descend", "plot", "sweep"]
