"""A graph as DOT statements: what is quoted, and how statements stand."""

import json

import pytest
from bpviz.figure.digraph import Digraph, quote

from bpviz.figure.layout import run_bundled


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("num_2", "num_2"),
        ("5.", "5."),
        ("-.5", "-.5"),
        ("-", '"-"'),
        (".", '"."'),
        ("1.2.3", '"1.2.3"'),
        ("²", '"²"'),
        ("σ", '"σ"'),
        ("Strict", '"Strict"'),
        ("a b", '"a b"'),
        ('texts "x"', r'"texts \"x\""'),
        (r"\N", r'"\N"'),
        ("<b", '"<b"'),
        ("<<B>b</B>>", "<<B>b</B>>"),
    ],
)
def test_a_name_is_quoted_where_dot_asks_for_it(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_statements_stand_in_their_order_with_settings_sorted() -> None:
    dot = Digraph({"rankdir": "BT"})
    dot.attr("node", shape="circle")
    with dot.subgraph() as rank:
        rank.attr(rank="source")
        rank.node("x")
    dot.node("gate-f", label="f", width="1", height="2")
    dot.edge("x", "gate-f:w:n", weight="8")
    assert dot.source.splitlines() == [
        "digraph {",
        "\tgraph [rankdir=BT]",
        "\tnode [shape=circle]",
        "\t{",
        "\t\trank=source",
        "\t\tx",
        "\t}",
        '\t"gate-f" [label=f height=2 width=1]',
        '\tx -> "gate-f":w:n [weight=8]',
        "}",
    ]


@pytest.mark.parametrize("name", ["node", "a b", 'a "b"', "σ.2", "-1", "1e5", "5."])
def test_graphviz_reads_a_name_as_it_was(name: str) -> None:
    dot = Digraph()
    dot.node(name, label="")
    assert json.loads(run_bundled(dot.source, "json0", 72))["objects"][0]["name"] == name
