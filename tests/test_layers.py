"""Imports point one way: errors, gates, graph, then lang and autodiff, then views, then render, then cli."""

import ast
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

import bpviz

ROOT = Path(bpviz.__file__).parent
LAYERS = (
    ("errors", "functions", "fonts", "keywords", "later", "limits", "records", "sources"),
    ("gates",),
    ("graph",),
    ("lang", "autodiff", "compiled", "algebra", "checking", "practice", "explore"),
    ("views",),
    ("render",),
    ("api", "texts", "slides", "worksheets", "plots", "building"),
    ("cli",),
    ("__main__",),
)
HEAVY_OWNERS = {"pygraphviz": ("render",), "sympy": ("algebra",), "rich": ("views/terminal", "views/progress")}
HEAVY_OWNERS |= {"numpy": ("compiled/arrays",)}
HEAVY_OWNERS |= {"typst": ("render/typst",), "PIL": ("render/animation",)}
FILES = sorted(ROOT.rglob("*.py"))
MODULES = {
    ".".join(("bpviz", *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): file for file in FILES
}


def layer_of(module: str) -> int:
    name = module.split(".")[1] if "." in module else "__main__"
    layer = next((i for i, names in enumerate(LAYERS) if name in names), None)
    assert layer is not None, f"bpviz.{name} has no layer: give it one in LAYERS"
    return layer


def test_a_module_without_a_layer_is_named() -> None:
    with pytest.raises(AssertionError, match=r"bpviz\.wings has no layer"):
        layer_of("bpviz.wings.left")


def imports(file: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def modules_imported(file: Path) -> list[str]:
    """Return the modules of bpviz that a file imports, anywhere in it: late imports and those for types count too."""
    return list(dict.fromkeys(name if name in MODULES else name.rpartition(".")[0] for name in imports(file)))


def circle(imported: Mapping[str, list[str]]) -> list[str]:
    """Return modules that import one another in a circle, the first one found; none if there is none."""
    left = {module: [name for name in names if name in imported] for module, names in imported.items()}
    while free := [module for module, names in left.items() if not any(name in left for name in names)]:
        for module in free:
            del left[module]
    path = [*left][:1]
    while path and path[-1] not in path[:-1]:
        path.append(next(name for name in left[path[-1]] if name in left))
    return path[path.index(path[-1]) :] if path else []


def asked_for_names(code: str) -> list[str]:
    """Return what compares a gate with a certain one, or its name, or matches it."""
    found, tree = [], ast.parse(code)
    certain = names_of_rows(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.Match):
            parts = [node] if isinstance(node, ast.Compare) else [node.subject, *(case.pattern for case in node.cases)]
            if any(tells_a_gate(each, certain) for part in parts for each in ast.walk(part)):
                found.append(f"line {node.lineno}: {ast.unparse(parts[0])}")
    return found


def names_of_rows(tree: ast.Module) -> set[str]:
    """Return the names that a module gives to certain rows: ADD for ADD = GATES["add"], SIGNS[] for a dict of them."""
    certain: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(tells_a_gate(each, certain) for each in ast.walk(node.value)):
            names = [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
            certain |= {f"{name}[]" if isinstance(node.value, ast.Dict) else name for name in names}
    return certain


def tells_a_gate(node: ast.AST, certain: Collection[str]) -> bool:
    """Say whether an expression is gate.name, a row by its name, or the pattern Gate(name=...)."""
    if isinstance(node, ast.Name):
        return node.id in certain
    if isinstance(node, ast.Attribute):
        return node.attr == "name" and ast.unparse(node.value).split(".")[-1].endswith("gate")
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value) == "GATES" or f"{ast.unparse(node.value)}[]" in certain
    return isinstance(node, ast.MatchClass) and "name" in node.kwd_attrs and ast.unparse(node.cls) == "Gate"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_down(file: Path) -> None:
    relative = file.relative_to(ROOT)
    if relative == Path("__init__.py"):
        return
    own = layer_of(".".join(("bpviz", *relative.with_suffix("").parts)))
    for name in imports(file):
        if name.startswith("bpviz."):
            assert layer_of(name) <= own, f"{relative} imports {name}"


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert not circle({module: modules_imported(file) for module, file in MODULES.items()})


def test_a_circle_is_found_and_a_diamond_is_none() -> None:
    assert circle({"a": ["b", "d"], "b": ["c"], "c": ["d", "b"], "d": []}) == ["b", "c", "b"]
    assert not circle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})


def test_a_late_import_counts(tmp_path: Path) -> None:
    late = "def f():\n    from bpviz.views import latex\n    from bpviz.graph import Graph\n"
    (tmp_path / "late.py").write_text(late, encoding="utf-8")
    assert modules_imported(tmp_path / "late.py") == ["bpviz.formula.latex", "bpviz.graph"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_heavy_library_has_one_owner(file: Path) -> None:
    relative = str(file.relative_to(ROOT).with_suffix(""))
    for name in imports(file):
        owners = HEAVY_OWNERS.get(name.split(".")[0])
        assert owners is None or relative.startswith(owners), f"{relative} imports {name}"


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.parent.name != "gates"], ids=lambda file: str(file.relative_to(ROOT))
)
def test_no_gate_is_asked_for_its_name(file: Path) -> None:
    assert not asked_for_names(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "code",
    [
        'gate.name == "add"',
        '"add" != node.gate.name',
        'graph.nodes[i].gate.name in ("add", "sum")',
        'gate.name.startswith("a") is True',
        'gate is GATES["add"]',
        'match gate.name:\n    case "add": pass',
        "match (node.gate.name, 1):\n    case _: pass",
        'match gate:\n    case Gate(name="add"): pass',
        'ADD = GATES["add"]\nif gate is ADD: pass',
        'ADD, SUBTRACT = (GATES[name] for name in ("add", "subtract"))\nBOTH = (ADD, SUBTRACT)\nif gate in BOTH: pass',
        'SIGNS = {"+": GATES["add"]}\nif operation.gate is SIGNS["+"]: pass',
    ],
)
def test_asking_a_gate_for_its_name_is_found(code: str) -> None:
    assert asked_for_names(code)


@pytest.mark.parametrize(
    "code",
    [
        "gate is other",
        'node.name == "x"',
        "print(gate.name)",
        "match gate.arity:\n case _: pass",
        "if name in GATES:\n    gate = GATES[name]",
    ],
)
def test_asking_for_something_else_is_not(code: str) -> None:
    assert not asked_for_names(code)
