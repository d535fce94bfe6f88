"""Draw many figures from one TOML file: those that have changed, in several processes.

    theme = "print"                      # an option of bpviz draw, for every figure
    folder = "figures"                   # where outputs go: like all paths, from the folder of this file

    [[figure]]
    program = "(x + σ(y)) / (σ(x) + (x+y)^2)"
    values = { x = 3, y = "-8/2" }
    output = ["example.svg", "example.pdf"]

    [[figure]]
    program = "neuron.bp"                # output neuron.svg
    theme = "dark"

What is wrong with the file stops everything. What is wrong with one figure is kept with it, and the others are drawn.
A record beside the file, hidden, holds a digest of what was asked and of what was written for each output, so that
the next build draws only what has changed, was changed by somebody else, or is gone.

The modules, in the order in which a build passes them:
  plans      what the file says: an order for each figure, and what is wrong with it
  records    what stands already as it would be made now
  workers    drawing, in this process or in several
  building   build: all of it, and the writing of files
  watching   watch: build again at every save
"""

from bpviz.builds.building import Built, Failure, build
from bpviz.builds.watching import watch

__all__ = ["Built", "Failure", "build", "watch"]
