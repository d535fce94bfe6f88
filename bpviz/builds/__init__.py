"""Make everything for a lecture that one TOML file asks for: what has changed, in several processes.

    theme = "print"                      # an option for all that have it
    values = { x = 3, y = "-8/2" }       # for all programs with such inputs
    folder = "lecture"                   # where outputs go: like all paths, from the folder of this file

    [defaults.deck]                      # options for all decks
    paper = "4:3"

    [[figure]]
    program = "(x + σ(y)) / (σ(x) + (x+y)^2)"
    output = ["example.svg", "example.pdf"]

    [[deck]]
    program = "neuron.bp"                # output neuron-deck.pdf
    theme = "dark"

What is wrong with the file stops everything. What is wrong with one table is kept with it, and the others are made.
A record beside the file, hidden, holds a digest of what was asked and of what was written for each output, so that
the next build makes only what has changed, was changed by somebody else, or is gone. What it wrote to a folder
before and does not now is removed.

The modules, in the order in which a build passes them:
  kinds      what there is to ask for: a row for each kind of table
  orders     one table of a file, with all that its output is made from
  plans      what the file says: its orders, and what is wrong with each
  records    what stands already as it would be made now
  workers    the making, in this process or in several
  building   build: all of it, and the writing of files
  watching   watch: build again at every save
"""

from bpviz.builds.building import Built, Failure, build
from bpviz.builds.watching import watch

__all__ = ["Built", "Failure", "build", "watch"]
