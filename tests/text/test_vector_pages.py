"""The page of a vector operation: every row is complete enough to teach from."""

import pytest

from bpviz.errors import UsageError
from bpviz.gates import GATES
from bpviz.text.gate_texts import write_gate_page
from bpviz.text.vector_pages import write_definition, write_rules
from bpviz.vectors import VECTOR_TABLE, VectorOperation
from tests.support.snapshot import check


@pytest.mark.parametrize("operation", VECTOR_TABLE, ids=lambda operation: operation.name)
def test_a_row_says_where_its_rule_comes_from_and_what_it_means(operation: VectorOperation) -> None:
    for text in (operation.takes, operation.does, operation.derivation, operation.lesson):
        assert len(text) > 20, f"{operation.name} needs words"
        assert not text.endswith(".")
    assert operation.lesson != operation.does


@pytest.mark.parametrize("operation", VECTOR_TABLE, ids=lambda operation: operation.name)
def test_a_page_fits_eighty_columns_and_says_all(operation: VectorOperation) -> None:
    text = str(write_gate_page(operation.name))
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    rules = (write_definition(operation), *write_rules(operation))
    for part in (*rules, operation.takes, operation.does, operation.derivation, operation.lesson):
        assert part in words


@pytest.mark.parametrize("name", ["matmul", "softmax", "sum"])
def test_pages_read_well(name: str) -> None:
    check(f"gate-{name}.txt", str(write_gate_page(name)))


def test_an_operation_is_found_by_its_other_names_and_its_symbol() -> None:
    for word in ("@", "mm", "MatMul"):
        assert write_gate_page(word).startswith("matmul   @   on vectors\n")


def test_a_name_of_both_tables_has_both_pages() -> None:
    text = write_gate_page("sum")
    assert text.startswith("sum   Σ\n")
    assert "\nsum   Σ   on vectors\n" in text
    assert "on vectors" not in write_gate_page("tanh")


def test_the_gates_of_an_operation_are_rows_of_the_gate_table() -> None:
    for operation in VECTOR_TABLE:
        assert all(each.gate in GATES for each in operation.plan(*operation.sample).gates)


def test_a_slip_in_a_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no gate is called matmull") as caught:
        write_gate_page("matmull")
    assert caught.value.hint == "did you mean matmul?"
