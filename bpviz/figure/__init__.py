"""Draw a trace or a graph as a figure.

The modules, in the order in which a figure passes them:
  drawing       draw and Figure, the front; picture calls all that follows up to dot, one step after another
  diagram       what the figure says: shapes, edges and their labels; description makes one of a graph
  node_texts, vector_texts, grids     the words and numbers for each node, or each vector
  fold_groups, folding, cutting       large figures made small
  wire_labels, shape_labels, hiding, flow, paths    what stands beside wires, what is hidden, wires that stand out
  theme, lettering                    how it looks, and how wide words are
  dot, html_labels, grid_labels       the DOT text, and the tables in it
  layout, rendering, svg, outlines    Graphviz, and what is made of its output
  geometry, tikz, tikz_canvas, tikz_grids    where everything stands, for figures that LaTeX draws
"""

from bpviz.figure.drawing import Figure, choose_format, draw
from bpviz.figure.theme import THEMES

__all__ = ["THEMES", "Figure", "choose_format", "draw"]
