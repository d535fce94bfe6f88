"""The house has floors: imports point down, no gate is asked for its name, and a name stands for one thing."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest

import bpviz

ROOT = Path(bpviz.__file__).parent
LAYERS = (
    ("errors", "limits", "files", "endings", "names", "fonts"),
    ("formula",),
    ("gates",),
    ("vectors",),
    ("outputs", "graph"),
    ("lang", "autodiff", "grouping"),
    ("noise",),
    ("figure", "text"),
    ("checking", "explore", "lecture"),
    ("pages",),
    ("builds", "quarto", "shortcuts"),
    ("cli",),
    ("documents",),
    ("__main__",),
)
# The packages and modules that may import a library: heavy ones, and those that one place wraps for everybody.
OWNERS = {
    "IPython": ("documents",),
    "PIL": ("lecture",),
    "click": ("cli",),
    "docutils": ("documents",),
    "graphviz": ("figure", "lecture"),
    "matplotlib": ("explore",),
    "mpmath": ("checking",),
    "numpy": ("explore", "text", "shortcuts"),
    "pptx": ("lecture",),
    "pygraphviz": ("figure",),
    "pymdownx": ("documents",),
    "rich": ("text", "cli"),
    "sphinx": ("documents",),
    "sympy": ("checking", "text"),
    "typst": ("lecture",),
}
FILES = sorted(ROOT.rglob("*.py"))
TREES = {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}
IMPORT_UP = ("__init__", "outputs")  # the public names; and the methods that import an output when they are called


def package_of(file: str) -> str:
    """Return the name under which a file stands in LAYERS: "figure" for figure/dot.py."""
    return Path(file).with_suffix("").parts[0]


def layer_of(package: str) -> int:
    layer = next((i for i, names in enumerate(LAYERS) if package in names), None)
    assert layer is not None, f"bpviz.{package} has no layer: give it one in LAYERS"
    return layer


def imports(nodes: Iterable[ast.AST]) -> list[str]:
    """Return what is imported: "numpy", "bpviz.graph.Graph"."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def packages_imported(file: str) -> set[str]:
    """Return the packages of bpviz that a file imports, anywhere in it: late imports and those for types count too."""
    return {name.split(".")[1] for name in imports(ast.walk(TREES[file])) if name.startswith("bpviz.")}


def circle(imported: Mapping[str, Collection[str]]) -> list[str]:
    """Return names that import one another in a circle, the first one found; none if there is none."""
    left = {name: [each for each in names if each in imported and each != name] for name, names in imported.items()}
    while free := [name for name, names in left.items() if not any(each in left for each in names)]:
        for name in free:
            del left[name]
    path = [*left][:1]
    while path and path[-1] not in path[:-1]:
        path.append(next(name for name in left[path[-1]] if name in left))
    return path[path.index(path[-1]) :] if path else []


def occurring_twice(places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the names that stand in more than one file, with the files."""
    files = defaultdict(list)
    for name, file in places:
        files[name].append(file)
    return {name: found for name, found in files.items() if len(found) > 1}


def test_imports_point_down() -> None:
    up = [
        f"{file} imports bpviz.{package}"
        for file in TREES
        if package_of(file) not in IMPORT_UP
        for package in packages_imported(file)
        if layer_of(package) > layer_of(package_of(file))
    ]
    assert up == []


def test_outputs_imports_up_in_its_methods_only() -> None:
    at_once = [name.split(".")[1] for name in imports(TREES["outputs.py"].body) if name.startswith("bpviz.")]
    assert [package for package in at_once if layer_of(package) > layer_of("outputs")] == []


def test_no_packages_import_one_another_in_a_circle() -> None:
    imported = defaultdict(set)
    for file in TREES:
        if package_of(file) not in IMPORT_UP:
            imported[package_of(file)] |= packages_imported(file)
    assert circle(imported) == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    modules = {
        Path(file).with_suffix("").as_posix().removesuffix("/__init__").replace("/", "."): file for file in TREES
    }
    imported = {}
    for module, file in modules.items():
        if package_of(file) not in IMPORT_UP:
            names = [
                name.removeprefix("bpviz.") for name in imports(ast.walk(TREES[file])) if name.startswith("bpviz.")
            ]
            imported[module] = {name if name in modules else name.rpartition(".")[0] for name in names}
    assert circle(imported) == []


def test_a_circle_is_found_and_a_diamond_is_none() -> None:
    assert circle({"a": ["b"], "b": ["c"], "c": ["d", "b"], "d": []}) == ["b", "c", "b"]
    assert circle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


def test_a_module_without_a_layer_is_named() -> None:
    with pytest.raises(AssertionError, match=r"bpviz\.wings has no layer"):
        layer_of("wings")


def test_a_library_is_imported_by_its_owners_only() -> None:
    found = [(file, name) for file, tree in TREES.items() for name in imports(ast.walk(tree))]
    strangers = [
        f"{file} imports {name}"
        for file, name in found
        if package_of(file) not in OWNERS.get(name.split(".")[0], (package_of(file),))
    ]
    assert strangers == []


def test_a_modules_name_occurs_once() -> None:
    names = ((Path(file.removesuffix("/__init__.py")).stem, file) for file in TREES)
    assert occurring_twice(names) == {}


def test_a_classs_name_occurs_once() -> None:
    names = (
        (node.name, file) for file, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    )
    assert occurring_twice(names) == {}


def test_type_checking_is_typings() -> None:
    assigned = [
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING" and isinstance(node.ctx, ast.Store)
    ]
    assert assigned == []


def asked_for_names(tree: ast.Module) -> list[str]:
    """Return what compares a gate with a certain one, or its name, or matches it."""
    found = []
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


def test_no_gate_is_asked_for_its_name() -> None:
    found = {file: asked_for_names(tree) for file, tree in TREES.items() if package_of(file) != "gates"}
    assert {file: places for file, places in found.items() if places} == {}


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
    assert asked_for_names(ast.parse(code))


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
    assert not asked_for_names(ast.parse(code))
