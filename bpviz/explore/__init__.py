"""Explore many points of a program: sweeps over ranges, gradient steps from a point, and pictures of both."""

from bpviz.explore.descents import Descent, descend
from bpviz.explore.explored_text import write_text
from bpviz.explore.plots import Plot, plot
from bpviz.explore.ranges import Range, is_range, read_range
from bpviz.explore.sweeps import Sweep, sweep

__all__ = ["Descent", "Plot", "Range", "Sweep", "descend", "is_range", "plot", "read_range", "sweep", "write_text"]
