"""Formulas as sums of products of powers: split into their factors, and written again as short as they can be.

A product is a rational number times powers of what is no product: letters, functions, sums. A sum of products stands
as it is or with what several terms share before a bracket, whichever is shorter. Of the factors of a product those that
are nearest to the output are written first, and a name may be written for a product that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from math import gcd, inf
from typing import NamedTuple

from bpviz.formula.printing import TEXT, show
from bpviz.formula.products import ONE, ZERO, add, divide, multiply, negate
from bpviz.formula.rationals import read_rational
from bpviz.formula.tree import Atom, Formula, Term

SUMS = ("+", "-", "terms")
LARGEST_EXPONENT = 12
DECIMALS = (0.5, 0.25)  # those that are numbers to be cancelled; others stand as they were typed
LARGEST_DENOMINATOR = 12


class Product(NamedTuple):
    """A rational number times powers of formulas, in their order; ½ is a root."""

    number: Fraction
    powers: Mapping[Formula, Fraction]


def measure(formula: Formula) -> int:
    """Measure how long a formula is to read: the characters of its text."""
    return len(show(formula, TEXT))


@dataclass(frozen=True)
class ProductWriter:
    """Writes sums and products of factors in the names of one program.

    definitions are the named values in the names of others, ranks the places of the named gates in the program: of
    factors those that come last in the program, which are nearest to the output, are written first.
    puts_names says that a name is written for a product that it stands for.
    """

    definitions: Mapping[str, Formula]
    ranks: Mapping[str, int]
    puts_names: bool = False

    def add(self, products: list[Product]) -> Formula:
        """Write a sum: as it is, or with what is common to several terms before a bracket, whichever is shorter."""
        products = _merge(products)
        if not products:
            return ZERO
        written = [self.build(product) for product in products]
        signs = [isinstance(term, Term) and term.head == "negative" for term in written]
        written.insert(0, written.pop(signs.index(False) if False in signs else 0))
        is_difference = len(written) == 2 and isinstance(written[1], Term) and written[1].head == "negative"
        plain = Term("-", (written[0], negate(written[1]))) if is_difference else add(written)
        common = _find_common(products)
        sharing = products
        if common:
            base, side = common
            sharing = [product for product in products if product.powers.get(base, 0) * side > 0]
        outside, inside = _take_common(sharing)
        if not outside.powers and abs(outside.number) == 1:
            return plain
        bracket = multiply_products(outside, split_factors(self.add(inside)))
        others = [product for product in products if product not in sharing]
        at = products.index(sharing[0])
        grouped = self.add([*others[:at], bracket, *others[at:]]) if others else self.build(bracket)
        return min(grouped, plain, key=measure)

    def build(self, product: Product) -> Formula:
        """Write a product: the number, then what is nearest to the output, the sign in front or in a difference."""
        number, powers = product.number, _join_roots(product.powers)
        plain = self._write_product(number, powers)
        for name, defined in self._defined_products:
            times = min(powers.get(base, 0) / n for base, n in defined.powers.items())
            if times >= 1:
                count = times // 1
                left = {base: n - count * defined.powers.get(base, 0) for base, n in powers.items()}
                left[name] = left.get(name, Fraction(0)) + count
                shorter = self.build(Product(number / defined.number**count, left))
                if measure(shorter) < measure(plain):
                    return shorter
        return plain

    @cached_property
    def _defined_products(self) -> list[tuple[Atom, Product]]:
        """The names that may be put in for products."""
        if not self.puts_names:
            return []
        products = [(Atom(name), split_factors(defined)) for name, defined in self.definitions.items()]
        joined = [(name, Product(number, _join_roots(powers))) for name, (number, powers) in products]
        return [(name, product) for name, product in joined if product.number and product.powers]

    def _write_product(self, number: Fraction, powers: Mapping[Formula, Fraction]) -> Formula:
        if number < 0:
            turned = next((base for base, n in powers.items() if n % 2 and _turn(base)), None)
            if turned:
                number = -number
                powers = {_turn(base) or base if base is turned else base: n for base, n in powers.items()}
        upper: list[Formula] = [_write_number(abs(number.numerator))]
        lower: list[Formula] = [_write_number(number.denominator)]
        for base, n in sorted(powers.items(), key=lambda each: self._place(each[0])):
            (upper if n > 0 else lower).extend(_raise(base, abs(n)))
        result = divide(reduce(multiply, upper), reduce(multiply, lower))
        return negate(result) if number < 0 else result

    def _place(self, base: Formula) -> tuple[float, int]:
        """Say where among the factors of a product one stands: π, (a − y), a, (1 − a), then what is before a."""
        leaves = [part for part in walk(base) if isinstance(part, Atom)]
        rank: float = max((self.ranks[leaf.text] for leaf in leaves if leaf.text in self.ranks), default=inf)
        if rank <= 0 and any(isinstance(part, Term) and not is_rational(part) for part in walk(base)):
            rank = 0.5  # a function of inputs
        is_sum = isinstance(base, Term) and base.head in SUMS
        has_number = is_sum and any(leaf.value is not None for leaf in leaves)
        return -rank, 2 if has_number else 0 if is_sum else 1


def _merge(products: list[Product]) -> list[Product]:
    """Merge terms that are equal but for a number, those of a sum within the sum too."""
    numbers: dict[tuple[tuple[Formula, Fraction], ...], Fraction] = {}
    for product in products:
        inner = [product]
        if abs(product.number) == 1 and list(product.powers.values()) == [1]:
            terms = [split_factors(term) for term in list_terms(next(iter(product.powers)))]
            inner = [Product(number * product.number, powers) for number, powers in terms]
        for number, powers in inner:
            key = tuple(sorted(powers.items(), key=lambda each: show(each[0], TEXT)))
            numbers[key] = numbers.get(key, Fraction(0)) + number
    return [Product(number, dict(powers)) for powers, number in numbers.items() if number]


def _find_common(products: list[Product]) -> tuple[Formula, int] | None:
    """Find the factor that the most terms have on one side of the bar, and the sign of its exponent there."""
    counts: dict[tuple[Formula, int], int] = {}
    for product in products:
        for base, exponent in product.powers.items():
            side = (base, 1 if exponent > 0 else -1)
            counts[side] = counts.get(side, 0) + 1
    most = max(counts.values(), default=0)
    return next(side for side, count in counts.items() if count == most) if most > 1 else None


def multiply_products(a: Product, b: Product) -> Product:
    """Multiply two products."""
    powers = dict(a.powers)
    for base, n in b.powers.items():
        powers[base] = powers.get(base, Fraction(0)) + n
    return Product(a.number * b.number, {base: n for base, n in powers.items() if n})


def _take_common(products: list[Product]) -> tuple[Product, list[Product]]:
    """Take what is common to all terms out of them."""
    common: dict[Formula, Fraction] = {}
    for base in products[0].powers:
        exponents = [product.powers.get(base, Fraction(0)) for product in products]
        if min(exponents) > 0 or max(exponents) < 0:
            common[base] = min(exponents) if min(exponents) > 0 else max(exponents)
    above = reduce(gcd, [abs(product.number.numerator) for product in products])
    number = Fraction(above, reduce(gcd, [product.number.denominator for product in products]))
    if all(product.number < 0 for product in products):
        number = -number
    inside = []
    for product in products:
        left = {base: n - common.get(base, 0) for base, n in product.powers.items() if n != common.get(base, 0)}
        inside.append(Product(product.number / number, left))
    return Product(number, common), inside


def _join_roots(powers: Mapping[Formula, Fraction]) -> dict[Formula, Fraction]:
    """Join √u and u to one power of u, and exp(u) and exp(−u)."""
    joined: dict[Formula, Fraction] = {}
    for base, n in powers.items():
        if isinstance(base, Term) and base.head == "sqrt":
            base, n = base.parts[0], n / 2
        opposite = Term("exp", (negate(base.parts[0]),)) if isinstance(base, Term) and base.head == "exp" else base
        if opposite != base and opposite in joined:
            base, n = opposite, -n
        joined[base] = joined.get(base, Fraction(0)) + n
    return {base: n for base, n in joined.items() if n}


def list_terms(formula: Formula) -> list[Formula]:
    """List the terms of a sum, signs with them; of a formula that is no sum the formula."""
    if isinstance(formula, Term):
        if formula.head in ("+", "terms"):
            return [term for part in formula.parts for term in list_terms(part)]
        if formula.head == "-":
            return [*list_terms(formula.parts[0]), *map(negate, list_terms(formula.parts[1]))]
    return [formula]


def split_factors(formula: Formula) -> Product:
    """Split a formula into a number and powers of what is no product.

    >>> split_factors(Term("/", (Term("negative", (Atom("x"),)), Atom("2", 2.0))))
    Product(number=Fraction(-1, 2), powers={Atom(text='x', value=None, typed=None): Fraction(1, 1)})
    """
    number = read_simple_rational(formula)
    if number is not None:
        return Product(number, {})
    if isinstance(formula, Atom):
        return Product(Fraction(1), {formula: Fraction(1)})
    if formula.head == "negative":
        inner = split_factors(formula.parts[0])
        return Product(-inner.number, inner.powers)
    if formula.head == "^" and (n := read_exponent(formula)):
        inner = split_factors(formula.parts[0])
        if inner.number or n > 0:
            return Product(inner.number**n, {base: n * exponent for base, exponent in inner.powers.items()})
    if formula.head == "*":
        return reduce(multiply_products, map(split_factors, formula.parts))
    if formula.head == "/":
        upper, lower = map(split_factors, formula.parts)
        if lower.number:
            return multiply_products(upper, Product(1 / lower.number, {base: -n for base, n in lower.powers.items()}))
    if formula.head in SUMS:
        terms = list_terms(formula)
        if all(isinstance(term, Term) and term.head == "negative" for term in terms):
            return Product(Fraction(-1), {add(list(map(negate, terms))): Fraction(1)})
    return Product(Fraction(1), {formula: Fraction(1)})


def walk(formula: Formula, *, into_functions: bool = True) -> Iterator[Formula]:
    """Yield every part of a formula, the whole first."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, Term) and (into_functions or is_rational(part)):
            waiting += part.parts[::-1]


def list_letters(formula: Formula) -> list[Formula]:
    """List what is a letter in a rational function: names, numbers such as π, and whole functions."""
    parts = walk(formula, into_functions=False)
    return [
        part
        for part in parts
        if (isinstance(part, Atom) and read_simple_rational(part) is None)
        or (isinstance(part, Term) and not is_rational(part))
    ]


def is_rational(term: Term) -> bool:
    """Say whether a term is a sum, a product, a quotient or a whole power, and no function."""
    return term.head in ("+", "-", "terms", "*", "/", "negative") or (term.head == "^" and bool(read_exponent(term)))


def read_exponent(term: Term) -> int:
    """Return the exponent of a power that is a small whole number, or 0."""
    exponent = read_simple_rational(term.parts[1])
    is_small = exponent is not None and exponent.denominator == 1 and abs(exponent) <= LARGEST_EXPONENT
    return int(exponent) if exponent is not None and is_small else 0


def read_simple_rational(formula: Formula) -> Fraction | None:
    """Return the number that an atom is, if that is a simple one; None for others, which stand as they were typed."""
    number = read_rational(formula)
    if number is None or number.denominator > LARGEST_DENOMINATOR:
        return None
    is_decimal = isinstance(formula, Atom) and "." in formula.text
    return None if is_decimal and number.denominator > 1 and number not in DECIMALS else number


def _write_number(n: int) -> Atom:
    return ONE if n == 1 else Atom(f"{n}", float(n))


def _raise(base: Formula, n: Fraction) -> list[Formula]:
    """Write a positive power as factors: u, u², √u, u·√u."""
    whole, half = divmod(n, 1)
    found: list[Formula] = []
    if whole:
        found.append(base if whole == 1 else Term("^", (base, _write_number(int(whole)))))
    return [*found, Term("sqrt", (base,))] if half else found


def _turn(base: Formula) -> Formula | None:
    """Return a − b as b − a, if neither is a number: 1 − a is not turned."""
    if not isinstance(base, Term) or base.head != "-":
        return None
    a, b = base.parts
    is_plain = not any(part.value is not None if isinstance(part, Atom) else part.head == "negative" for part in (a, b))
    return Term("-", (b, a)) if is_plain and len(list_terms(base)) == 2 else None
