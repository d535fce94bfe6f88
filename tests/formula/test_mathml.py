"""Formulas as MathML are well-formed, with every operator in an element."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bpviz.formula.mathml import MATHML, math
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom
from bpviz.gates import GATES, fill_formula, fill_slope


@pytest.mark.parametrize("gate", GATES.values(), ids=lambda gate: gate.name)
def test_every_formula_of_the_table_is_mathml(gate: object) -> None:
    count = max(gate.arity[0], 1)  # type: ignore[attr-defined]
    operands = [Atom(name) for name in "abcdefgh"[:count]]
    formulas = [fill_formula(gate, operands, Atom("z"), mathematics=True)]  # type: ignore[arg-type]
    formulas += [fill_slope(gate, slot, operands, Atom("z")) for slot in range(count)]  # type: ignore[arg-type]
    for formula in formulas:
        tree = ElementTree.fromstring(math(show(formula, MATHML)).replace("&#8289;", ""))
        stray = [(each.tail or "") + (each.text or "" if len(each) else "") for each in tree.iter()]
        assert not "".join(stray).strip(), "an operator outside an element"
        assert "".join(tree.itertext()).replace(" ", "")
        assert show(formula, TEXT)
