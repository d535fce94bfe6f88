"""Boxes: which gates they close, what crosses their sides, and how they are drawn."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.diagram import AGAIN, FOLD, GATE, GRADIENT, INPUT, STACK, VALUE, Diagram
from bpviz.figure.fold_groups import Group, find_groups
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.formula.numerals import number
from bpviz.graph import Graph
from tests.support.drawing import Drawing, read
from tests.support.geometry import crossings, faults, mistakable
from tests.support.tapes import numbers, tape

SAMPLES = Path(__file__).parents[2] / "samples"
COURSES = {each["name"]: each for each in json.loads((Path(__file__).parents[1] / "courses.json").read_text("utf-8"))}
TEXTBOOK = ("LSTM cell", "recurrent network, three steps", "Mazur's 2-2-2 network")
NETWORK = (SAMPLES / "network.bp").read_text(encoding="utf-8")
LAYERS = (SAMPLES / "layers.bp").read_text(encoding="utf-8")
NEURON = (SAMPLES / "neuron.bp").read_text(encoding="utf-8")


def names(graph: Graph, boxes: tuple[Group, ...]) -> list[tuple[list[str], int]]:
    return [([graph.nodes[i].name for i in box.roots], len(box.members)) for box in boxes]


def figure(program: str | Graph, **options: object) -> tuple[Graph, Trace | None, Diagram]:
    drawn = bpviz.draw(program, **options)  # type: ignore[arg-type]
    return drawn.graph, drawn.trace, drawn.picture.diagram


def lay_out(course: str, direction: str) -> Drawing:
    """Fold the figure of a course and return where Graphviz puts things, with the ends of wires."""
    program, inputs = COURSES[course]["program"], COURSES[course]["inputs"]
    drawn = bpviz.draw(program, set=inputs, fold=True, direction=direction)
    return read(run_bundled(drawn.picture.dot, "svg", 72))


def of_kind(diagram: Diagram, kind: str) -> list[str]:
    return [shape.name for shape in diagram.shapes if shape.kind == kind]


@pytest.mark.parametrize(
    ("program", "depth", "boxes"),
    [
        (NETWORK, 0, [(["h1", "h2"], 8), (["o1", "o2"], 8), (["loss"], 4)]),
        (NETWORK, 1, [(["h1"], 4), (["h2"], 4), (["o1"], 4), (["o2"], 4), (["loss"], 4)]),
        (NETWORK, 2, []),
        ("a = x + y\nb = x*a\nf = a*b + sigmoid(y)", None, [(["f"], 3)]),
        ("a = x + y; b = x + z; f = a*b", 0, [(["a", "b"], 2)]),
        ("sigmoid(a*x + b) + sigmoid(c*x + d)", 0, [(["sigu1", "sigu2"], 6)]),
        ("f = sigmoid(a*x + b) + sigmoid(c*x + d)", None, [(["sigu1"], 3), (["sigu2"], 3)]),
        ("z = w*x + b; a = sigmoid(z); L = (a - y)^2", None, [(["a"], 3), (["L"], 2)]),
        ("z = w*x + b; a = sigmoid(z); L = (a - y)^2", 1, [(["z"], 2), (["L"], 2)]),
        ("z = w*x + b; a = sigmoid(z); L = a - z^2", None, [(["z"], 2), (["L"], 2)]),
        (r"h_{1} = \sigma(a x + b); g = h_{1}^2 + h_{1}", None, [(["h_1"], 3), (["g"], 2)]),
    ],
)
def test_layers_and_statements_are_closed(program: str, depth: int | None, boxes: list[tuple[list[str], int]]) -> None:
    graph = bpviz.parse(program)
    assert names(graph, find_groups(graph, True, depth)) == boxes


@pytest.mark.parametrize(
    ("name", "boxes"),
    [
        ("LSTM cell", {"f": "σ", "i": "σ", "o": "σ", "g": "tanh", "c1": "f × c + i × g", "h1": "o × tanh(c1)"}),
        ("recurrent network, three steps", {"h1": "tanh", "h2": "tanh", "h3": "tanh", "L": "(h3 − t)²"}),
        (
            "Mazur's 2-2-2 network",
            {f"out{unit}": f"σ(net{unit})" for unit in ("h1", "h2", "o1", "o2")}
            | {f"Eo{k}": f"1/2 × (t{k} − outo{k})²" for k in "12"},
        ),
    ],
)
def test_the_figures_of_courses_fold_as_textbooks_draw_them(name: str, boxes: dict[str, str]) -> None:
    _, _, diagram = figure(COURSES[name]["program"], set=COURSES[name]["inputs"], fold=True)
    assert {shape.name: shape.operation for shape in diagram.shapes if shape.kind == FOLD} == boxes


@pytest.mark.parametrize(("units", "boxes"), [(6, 6), (7, 1)])
def test_many_equal_statements_are_one_box(units: int, boxes: int) -> None:
    layer = "; ".join(f"h{k} = tanh(w{k}*x + b{k})" for k in range(units))
    graph = bpviz.parse(f"{layer}; y = {' + '.join(f'h{k}' for k in range(units))}")
    assert len(find_groups(graph)) == boxes + 1


def test_a_network_of_three_layers_folds_to_them() -> None:
    graph = bpviz.parse(LAYERS)
    assert len(graph.gate_ids) == 415
    assert [len(box.members) for box in find_groups(graph)] == [136, 136, 136, 7]
    _, _, diagram = figure(graph, fold=True)
    assert of_kind(diagram, FOLD) == ["h1₁ … h1₈", "h2₁ … h2₈", "h3₁ … h3₈", "f"]
    assert of_kind(diagram, INPUT) == [f"x{k}" for k in range(1, 9)]
    assert of_kind(diagram, STACK) == [
        name for layer in "123" for name in (f"w{layer}₁₁ … w{layer}₈₈", f"b{layer}₁ … b{layer}₈")
    ]
    assert of_kind(diagram, GATE) == []


def test_only_the_statements_that_are_named_are_closed() -> None:
    _, _, diagram = figure(NETWORK, fold=["h1", "o2"])
    assert of_kind(diagram, FOLD) == ["h1", "o2"]
    assert {"h2", "o1", "loss"} <= set(of_kind(diagram, GATE))
    assert figure(NETWORK, fold="h1")[2] == figure(NETWORK, fold=["h1"])[2]


@pytest.mark.parametrize("depth", [None, 0])
@pytest.mark.parametrize("seed", range(40))
def test_no_way_leaves_a_box_and_comes_back(seed: int, depth: int | None) -> None:
    """Every gate may be the end of a statement: those that are, by a coin, are named a, b, c, ..."""
    graph = tape(seed)
    named = [i for i in graph.gate_ids if (i * 7919 + seed) % 3 == 0]
    renamed = {i: f"s{i}" for i in named}
    source = "\n".join(f"s{i} = 0" for i in named)  # what the statements are called is read from the text
    nodes = tuple(node._replace(name=renamed.get(i, node.name)) for i, node in enumerate(graph.nodes))
    graph = replace(graph, source=source, nodes=nodes)
    try:
        boxes = find_groups(graph, depth=depth)
    except UsageError:
        return
    home = {i: k for k, box in enumerate(boxes) for i in box.members}
    assert len(home) == sum(len(box.members) for box in boxes)
    reaches: list[set[int]] = [set() for _ in graph.nodes]  # the boxes that a way to a node has left
    for i, node in enumerate(graph.nodes):
        for source_ in node.operands:
            reaches[i] |= reaches[source_] | (
                {home[source_]} if source_ in home and home.get(i) != home[source_] else set()
            )
        assert home.get(i) not in reaches[i], f"a way leaves box {home[i]} and comes back"


@pytest.mark.parametrize(
    ("program", "depth"),
    [
        *[(NETWORK, 0), (NETWORK, 1), (LAYERS, 0), (LAYERS, 1), (NEURON, 0)],
        *((COURSES[name]["program"], None) for name in COURSES if "=" in COURSES[name]["program"]),
    ],
)
def test_what_crosses_a_side_is_what_the_trace_has(program: str, depth: int | None) -> None:
    known = next((each["inputs"] for each in COURSES.values() if each["program"] == program), {})
    graph, trace, diagram = figure(program, fold=True, depth=depth, set=known)
    assert trace
    home = {i: k for k, box in enumerate(find_groups(graph, True, depth)) for i in box.members}
    wanted: dict[str, set[tuple[str, str]]] = {}
    for node in range(len(graph.nodes)):
        shares: dict[object, float] = {}
        for wire in graph.wires_from[node]:
            if node not in home or home.get(wire.target) != home[node]:
                into = home.get(wire.target, (wire.target, wire.slot))
                shares[into] = shares.get(into, 0.0) + trace.downstream[wire.target][wire.slot]
        rounded = {(number(trace.values[node]), number(each * (abs(each) > 1e-15))) for each in shares.values()}
        wanted.setdefault(graph.nodes[node].name, set()).update(rounded)
    for edge in diagram.edges:
        numbers_ = (edge.before.text, edge.after.text)
        if edge.id.startswith("wire-") and edge.id != "wire-output" and "values" not in numbers_[0]:
            assert numbers_ in wanted[graph.nodes[edge.node].name], edge.title


def test_the_shares_of_a_value_in_two_boxes_add_up_to_its_gradient() -> None:
    graph, trace, diagram = figure(NETWORK, depth=1, digits=12)
    assert trace
    for i in graph.inputs:
        of_it = [edge for edge in diagram.edges if edge.node == i and not edge.id.startswith("trunk")]
        total = math.fsum(float(edge.after.text.replace("−", "-")) for edge in of_it)
        assert math.isclose(total, trace.gradients[i], rel_tol=1e-9)


def test_under_a_folded_figure_are_the_sums_of_the_gradients_that_enter_its_boxes() -> None:
    _, _, diagram = figure("a = x*y + x^2; b = x*a + y; f = a*b", set={"x": 3, "y": 2}, fold=True)
    lines = [line[0] for line in diagram.legend.lines] if diagram.legend else []
    # ∂f/∂a = b + a·x = 92, times ∂a/∂x = y + 2x = 8; ∂f/∂b · a = 15·15; and for y 92·x + 15
    assert lines == ["∂f/∂x = 736 + 225 = 961      ∂f/∂y = 276 + 15 = 291"]


def test_a_sum_of_gradients_that_cancel_is_0() -> None:
    course = COURSES["batch normalisation of three numbers"]  # the mean does not matter to the variance
    _, _, diagram = figure(course["program"], set=course["inputs"], fold=True)
    assert [edge.after.text for edge in diagram.edges if edge.id == "wire-v-m"] == ["0"]


def test_sums_of_three_terms_have_no_brackets_and_other_operations_are_counted() -> None:
    _, _, diagram = figure("m = (x + y + z)/3; L = -(m*ln(x) + (1 - m)*ln(y))", fold=True)
    words = {shape.name: shape.operation for shape in diagram.shapes if shape.kind == FOLD}
    assert words == {"m": "(x + y + z) / 3", "L": "7 gates"}


def test_inputs_stand_once_where_that_is_asked_for() -> None:
    course = COURSES["LSTM cell"]
    graph, _, diagram = figure(course["program"], set=course["inputs"], fold=True, inputs="once")
    assert of_kind(diagram, INPUT) == list(graph.input_names)
    _, _, diagram = figure(course["program"], set=course["inputs"], fold=True)
    assert of_kind(diagram, INPUT).count("x") == 4


def test_a_folded_recurrent_network_is_a_straight_chain() -> None:
    drawing = lay_out("recurrent network, three steps", "right")
    tops = {text.words: text.box.top for text in drawing.texts if text.owner in ("fold-h1", "fold-h2", "fold-h3")}
    assert math.isclose(tops["h1"], tops["h2"], abs_tol=1)
    assert math.isclose(tops["h2"], tops["h3"], abs_tol=1)


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize("name", TEXTBOOK)
def test_wires_of_a_folded_figure_do_not_cross(name: str, direction: str) -> None:
    """Two units that both feed two others have one crossing: those of Mazur's network."""
    drawing = lay_out(name, direction)
    assert faults(drawing) == mistakable(drawing) == []
    assert len(crossings(drawing)) == ("Mazur" in name)


@pytest.mark.parametrize("name", TEXTBOOK)
def test_a_folded_figure_is_fitted_to_its_room(name: str) -> None:
    size = bpviz.draw(COURSES[name]["program"], set=COURSES[name]["inputs"], fold=True, fit="16:9").number_size
    assert size is not None
    assert size > 8.8


def test_a_stack_says_how_many_numbers_its_wire_stands_for() -> None:
    _, _, diagram = figure(LAYERS, fold=True)
    wire = next(edge for edge in diagram.edges if edge.id.startswith("wire-stack"))
    assert (wire.before.text, wire.after.text) == ("64 values", "64 gradients")
    _, _, blank = figure(LAYERS, fold=True, blank=True)
    wire = next(edge for edge in blank.edges if edge.id.startswith("wire-stack"))
    assert (wire.before.text, wire.after.text) == ("64 values", "64 gradients")


@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
@pytest.mark.parametrize("program", [NETWORK, LAYERS, NEURON], ids=["network", "layers", "neuron"])
def test_nothing_overlaps_in_a_folded_figure(program: str, direction: str) -> None:
    drawn = bpviz.draw(program, fold=True, direction=direction)
    assert faults(read(run_bundled(drawn.picture.dot, "svg", 72))) == []


@pytest.mark.parametrize("name", ["x1", "w11", "h1", "u3", "loss"])
def test_focus_draws_what_is_near(name: str) -> None:
    graph, _, diagram = figure(NETWORK, focus=name)
    drawn = {shape.name for shape in diagram.shapes if shape.kind in (GATE, INPUT)}
    assert name in drawn
    assert len(drawn) < len(graph.gate_ids)
    near = graph.find(name)
    for wire in [*graph.wires_from[near], *graph.wires_into(near)]:
        assert {graph.nodes[wire.source].name, graph.nodes[wire.target].name} <= drawn
    ends = {shape.id for shape in diagram.shapes}
    assert all({edge.source, edge.target} <= ends for edge in diagram.edges)
    assert faults(read(bpviz.draw(NETWORK, focus=name).svg)) == []


def test_a_wire_out_of_focus_ends_in_the_name_of_what_is_there() -> None:
    _, _, diagram = figure(NETWORK, focus="o1")
    assert sorted(of_kind(diagram, AGAIN)) == ["h1", "h2", "loss", "v11", "v12"]


def test_a_box_is_in_focus_where_the_gate_is_inside_one() -> None:
    _, _, diagram = figure(NETWORK, fold=True, focus="u1")
    assert of_kind(diagram, FOLD)[0] == "h1"


def test_an_input_in_a_stack_is_not_drawn_by_itself() -> None:
    with pytest.raises(UsageError, match="w1_11 is not drawn by itself"):
        bpviz.draw(LAYERS, fold=True, focus="w1_11")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fold": "h9"}, "nothing is called h9"),
        ({"fold": "u1"}, "u1 is no statement that could be folded"),
        ({"fold": "x1"}, "x1 is no statement that could be folded"),
        ({"depth": -1}, "no box opens -1 levels deep"),
        ({"fold": "h1", "depth": 1}, "depth is for a figure in which everything is folded"),
        ({"fold": True, "flow": True}, "a folded figure shows no flow"),
        ({"fold": True, "symbolic": True}, "a folded figure shows no symbols"),
        ({"fold": True, "highlight": "x1"}, "a folded figure shows no paths"),
        ({"fold": True, "show": "local"}, "a folded figure shows no local gradients"),
        ({"fold": True, "show": "chain"}, "a folded figure shows no products"),
        ({"focus": "o9"}, "nothing is called o9"),
    ],
)
def test_what_cannot_be_folded_is_told(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        bpviz.draw(NETWORK, **options)  # type: ignore[arg-type]


def test_a_program_without_parts_says_how_to_give_it_some() -> None:
    with pytest.raises(UsageError, match="nothing in this program can be folded") as caught:
        bpviz.draw("x*y", fold=True)
    assert caught.value.hint.startswith("name its parts")
    with pytest.raises(UsageError, match="nothing in this program can be folded") as caught:
        bpviz.draw("a = x + y; b = x + z; f = a*b", fold=True)
    assert caught.value.hint == "each of its statements is one gate; --depth 0 closes equal ones into one box"


def test_the_limit_counts_what_is_drawn() -> None:
    with pytest.raises(UsageError, match="a figure of 415 gates") as caught:
        bpviz.draw(LAYERS, limit={"drawn": 100})
    assert caught.value.hint.startswith("close its parts into boxes with --fold")
    assert bpviz.draw(LAYERS, limit={"drawn": 100}, fold=True).svg
    assert bpviz.draw(LAYERS, limit={"drawn": 100}, focus="h1_2").svg
    with pytest.raises(UsageError, match=r"a figure of \d\d gates"):
        bpviz.draw(LAYERS, limit={"drawn": 5}, focus="h1_2")


@pytest.mark.parametrize("options", [{"fold": True}, {"depth": 1}, {"focus": "h1"}])
def test_a_blank_figure_lies_on_the_filled_one(options: dict[str, object]) -> None:
    full, blank = (read(bpviz.draw(NETWORK, blank=empty, **options).svg) for empty in (False, True))  # type: ignore[arg-type]
    assert full.shapes
    assert full.shapes == blank.shapes


def test_numbers_are_told_in_every_folded_random_program() -> None:
    """Each statement of a program of 30 is one operation on earlier ones: what is folded are layers of equal ones."""
    for seed in range(12):
        graph = tape(seed, 30)
        source = "\n".join(f"{graph.nodes[i].name} = 0" for i in graph.gate_ids)
        graph = replace(graph, source=source)
        try:
            boxes = find_groups(graph)
        except UsageError:
            continue
        diagram = make_picture(graph, numbers(graph, seed), groups=boxes).diagram
        assert of_kind(diagram, FOLD)
        assert len(of_kind(diagram, FOLD)) == len(boxes)
        labels = [label for edge in diagram.edges for label in (edge.before, edge.after)]
        assert all(label.text for label in labels if label.role in (VALUE, GRADIENT))
