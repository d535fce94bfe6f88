"""The floor of a cold draw: click, graphviz and pygraphviz do as much work as for the example, and nothing else does.

A script of its own: python bare_figure.py FILE. It has as many boxes, labels and wires as the example's figure.
"""

import click
import pygraphviz
from graphviz import Digraph

BOXES, LABELS = 13, 15
LABEL = (
    '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4"><TR><TD ALIGN="RIGHT"><FONT COLOR="#00697a">{}'
    '</FONT></TD><TD CELLPADDING="0" WIDTH="1" BGCOLOR="#000000"><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" '
    'CELLPADDING="0"><TR><TD HEIGHT="1"></TD></TR><TR><TD PORT="w" HEIGHT="21"></TD></TR><TR><TD HEIGHT="1"></TD></TR>'
    '</TABLE></TD><TD ALIGN="LEFT"><FONT COLOR="#b93a0b">{}</FONT></TD></TR></TABLE>>'
)


@click.command()
@click.argument("file")
def main(file: str) -> None:
    dot = Digraph(graph_attr={"rankdir": "BT"}, node_attr={"fontsize": "14"}, edge_attr={"arrowhead": "none"})
    for i in range(BOXES):
        dot.node(f"gate-{i}", f'<gate{i}<BR/><FONT POINT-SIZE="11">σ</FONT>>', shape="circle", width="0.8")
    for i in range(LABELS):
        source, target = i * (BOXES - 1) // LABELS, i * (BOXES - 1) // LABELS + 1 + i % 2
        dot.node(f"wire-{i}", LABEL.format(f"{i / 7:.3g}", f"{i / 3:.3g}"), shape="plain")
        dot.edge(f"gate-{source}", f"wire-{i}:w:s", weight="8")
        dot.edge(f"wire-{i}:w:n", f"gate-{min(target, BOXES - 1)}", weight="8")
    svg = pygraphviz.AGraph(string=dot.source).draw(format="svg", prog="dot")  # it opens no files under Python 3.11.2
    with open(file, "wb") as written:
        written.write(svg)


if __name__ == "__main__":
    main()
