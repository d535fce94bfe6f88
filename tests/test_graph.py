"""Columns beside nodes: one graph in two forms; and tuples that are made when somebody looks."""

import copy
import pickle

from bpviz.gates import GATES
from bpviz.graph import Columns, Node, columns_of
from bpviz.lang import parse
from bpviz.later import Later

PROGRAM = "w = 2; q = max(x, y, w)*x + sin(z)^2; q/(1 + q)"


def test_columns_are_the_nodes() -> None:
    graph = parse(PROGRAM)
    columns = columns_of(graph.nodes)
    assert [columns.operands(i) for i in range(len(graph.nodes))] == [node.operands for node in graph.nodes]
    for made in (columns, graph.columns):
        assert made.gates == [node.gate for node in graph.nodes]
        assert made.numbers == {i: node.constant for i, node in enumerate(graph.nodes) if node.constant is not None}
    assert (graph.columns.first, graph.columns.second) == (columns.first, columns.second)


def test_inputs_move_to_the_front_with_all_that_points_to_them() -> None:
    columns = Columns()
    x = columns.append(None, ())
    sine = columns.append(GATES["sin"], (x,))
    y = columns.append(None, ())
    columns.numbers[two := columns.append(None, ())] = 2.0
    columns.append(GATES["max"], (sine, y, two))
    place = columns.move_to_front([x, y])
    assert [place[i] for i in range(5)] == [0, 2, 1, 3, 4]
    assert [columns.operands(i) for i in range(5)] == [(), (), (0,), (), (2, 1, 3)]
    assert columns.numbers == {3: 2.0}


def test_a_later_tuple_is_made_once_and_not_before() -> None:
    made = []
    later = Later(lambda: made.append(1) or (3, 1, 2))  # type: ignore[func-returns-value]
    assert not made
    assert (later[0], later[-1], later[1:], len(later), sorted(later)) == (3, 2, (1, 2), 3, [1, 2, 3])
    assert later == (3, 1, 2) == later
    assert later != (3, 1)
    assert repr(later) == "(3, 1, 2)"
    assert made == [1]


def test_a_later_tuple_travels_as_the_tuple() -> None:
    later = Later(lambda: (Node("x", None, (), (0, 1)),))
    assert pickle.loads(pickle.dumps(later)) == tuple(later)
    assert copy.deepcopy(later) == later


def test_a_graph_that_is_changed_keeps_its_nodes() -> None:
    graph = parse(PROGRAM)
    renamed = graph._replace(output_name="g")
    assert renamed.nodes == graph.nodes
    assert renamed.columns is graph.columns
    assert graph._replace(nodes=tuple(graph.nodes)) == graph
