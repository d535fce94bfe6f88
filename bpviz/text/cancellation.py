"""Cancel what stands above and below a fraction bar: (−y/a + (1 − y)/(1 − a))·a·(1 − a) is a − y.

A derivative that the chain rule has put together is a rational function of names, and of functions of names such as
ln(a), which are letters here too. sympy's field of fractions cancels it by a polynomial gcd: that ends, and how long it
takes depends on the size of the formula, which is bounded. sympy's simplify, which tries all that it knows, may take
minutes over a line and find something longer: it is never asked.

A named value may also be put in for what it is made of: with p = u/s, u/s becomes p and u becomes p·s. Of all that was
found the shortest is taken, and sums stand as they were typed wherever they are left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, reduce
from math import inf
from operator import mul
from typing import Any

from bpviz.formula.products import ZERO, negate
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.text.factors import (
    SUMS,
    Product,
    ProductWriter,
    list_letters,
    list_terms,
    measure,
    multiply_products,
    read_exponent,
    read_simple_rational,
    split_factors,
    walk,
)

MOST_LETTERS = 10
MOST_TERMS = 30  # of a polynomial that is divided or factored
MOST_PRODUCTS = 400  # of terms, when two polynomials are multiplied
MOST_CHARACTERS = 1_500  # of a formula that is looked at
MOST_CHARACTERS_MULTIPLIED = 300  # of a formula whose sums are multiplied out
MOST_CANCELLED = 1_200  # characters of all the formulas of a program that are cancelled
MOST_FACTORED = 6  # terms of a polynomial that is factored
MOST_WRITTEN_TERMS = 12  # of a sum that was multiplied out
MOST_WRITTEN = 6  # terms of a sum that nobody typed
MOST_EXPANDED = 3  # those of one with powers in it, which is likely to be a product that was multiplied out
# f² plus or minus g² is 1
SQUARES_TO_ONE = {"sin": {"cos": 1}, "cosh": {"sinh": -1}, "sec": {"tan": -1}, "csc": {"cot": -1}}
WORTH_MULTIPLYING_OUT = 0.75  # how much shorter a formula without a quotient must become
MOST_ROUNDS = 3  # of values put in, one after another


class UnwieldyError(Exception):
    """A formula whose cancelling might take long."""


@dataclass(frozen=True)
class Shortener(ProductWriter):
    """Shortens formulas in the names of one program; cancelled counts what has been cancelled so far."""

    cancelled: Counter[str] = field(default_factory=Counter)

    def shorten(self, formula: Formula, *, last: bool = True) -> Formula:
        """Return the shortest form found: as it is, with factors collected, or cancelled.

        last says that nothing will be made of it, so that names may be put in for what they stand for.
        """
        if isinstance(formula, Atom) or measure(formula) > MOST_CHARACTERS:
            return formula
        if last and not self.puts_names:
            return replace(self, puts_names=True).shorten(formula)
        best = min(self._collect(formula), self._cancel(formula), formula, key=measure)
        return min([best, *self._multiply_out(formula, WORTH_MULTIPLYING_OUT * measure(best))], key=measure)

    def _cancel(self, formula: Formula) -> Formula:
        """Return the shortest form that the field of fractions gives; the formula if it gives nothing worth taking."""
        parts = [part.head for part in walk(formula) if isinstance(part, Term)]
        has_quotient = "/" in parts
        if self.cancelled["characters"] > MOST_CANCELLED or not (has_quotient or sum(map(parts.count, SUMS)) > 1):
            return formula
        self.cancelled["characters"] += measure(formula)
        try:
            forms = _Field(self, formula).cancel(MOST_ROUNDS if self.puts_names else 0)
            shortest = min(forms, key=measure, default=formula)
        except UnwieldyError:
            return formula
        is_worth_it = has_quotient or measure(shortest) < WORTH_MULTIPLYING_OUT * measure(self._collect(formula))
        return shortest if is_worth_it else formula

    def _collect(self, formula: Formula) -> Formula:
        """Collect the factors of every term of a sum, and the terms that are equal but for a number."""
        return self.add([split_factors(term) for term in list_terms(formula)])

    def _multiply_out(self, formula: Formula, most: float) -> list[Formula]:
        """Multiply the sums of a formula out, so that names can be put in; none if that is longer than most."""
        if not self.puts_names or measure(formula) > MOST_CHARACTERS_MULTIPLIED:
            return []
        done: list[Product] = []
        waiting = [split_factors(term) for term in list_terms(formula)]
        while waiting:
            product = waiting.pop(0)
            base = next((base for base, n in product.powers.items() if n == 1 and len(list_terms(base)) > 1), None)
            if base is None:
                done.append(product)
                continue
            rest = Product(product.number, {other: n for other, n in product.powers.items() if other != base})
            waiting = [*(multiply_products(rest, split_factors(term)) for term in list_terms(base)), *waiting]
            if len(waiting) + len(done) > MOST_WRITTEN_TERMS:
                return []
        found = self.add(done)
        return [found] if measure(found) < most else []


class _Field:
    """The rational functions in the letters of one formula, and of the definitions of the names in it."""

    def __init__(self, shortener: Shortener, formula: Formula) -> None:
        self.shortener, self.formula = shortener, formula
        letters = dict.fromkeys(list_letters(formula))
        definitions: dict[Formula, Formula] = {}
        for name, defined in shortener.definitions.items():
            own = [Atom(name), *list_letters(defined)]
            joined = letters | dict.fromkeys(own)
            shared = [letter for letter in own if letter in letters]
            is_related = len(shared) > 1 or any(isinstance(letter, Term) for letter in shared)
            if is_related and len(joined) <= MOST_LETTERS:
                definitions[Atom(name)] = defined
                letters = joined
        if len(letters) > MOST_LETTERS or not letters:
            raise UnwieldyError
        from sympy import ZZ
        from sympy.polys.fields import field as make_field

        self.letters = list(letters)
        self.field, *generators = make_field([f"x{k}" for k in range(len(letters))], ZZ)
        self.generators = dict(zip(letters, generators, strict=True))
        self.definitions = definitions

    def cancel(self, rounds: int) -> Iterator[Formula]:
        """Yield the formula cancelled, then, as often as that, a shorter one in which a definition has been put in.

        None has a factor below the bar that the cancelled one has not: where a name is 0 both have a value.
        """
        element = self._express(self.formula)
        below = element.denom
        best = inf
        others = [element]
        for _ in range(rounds + 1):
            written = []
            for each in others:
                try:
                    written.append((self._write(each), each))
                except UnwieldyError:
                    continue
            if not written:
                return
            shortest, element = min(written, key=lambda each: measure(each[0]))
            if measure(shortest) >= best:
                return
            best = measure(shortest)
            yield shortest
            others = [each for each in self._put_in_definitions(element) if _divides_power(each.denom, below)]
            others += self._reduce(element)

    def _put_in_definitions(self, element: Any) -> Iterator[Any]:
        """Yield what comes of an element when one letter of a definition is expressed by the others."""
        for name, defined in self.definitions.items():
            try:
                relation = (self.generators[name] - self._express(defined)).numer
                for k in range(len(self.letters)):
                    if relation.degree(k) == 1 and max(element.numer.degree(k), element.denom.degree(k)) > 0:
                        parts = _split_powers(relation, k)
                        value = self._divide(self.field(-parts.get(0, relation * 0)), self.field(parts[1]))
                        yield self._divide(
                            self._replace(element.numer, k, value), self._replace(element.denom, k, value)
                        )
            except (UnwieldyError, ZeroDivisionError):
                continue

    def _reduce(self, element: Any) -> list[Any]:
        """Reduce an element by what is known of its functions: sin² + cos² = 1."""
        if not self._identities:
            return []
        upper, lower = element.numer.rem(self._identities), element.denom.rem(self._identities)
        pairs = [(upper, element.denom), (element.numer, lower), (upper, lower)]
        return [self.field(above) / self.field(below) for above, below in pairs if below]

    @cached_property
    def _identities(self) -> list[Any]:
        """The polynomials in the letters that are 0."""
        found = []
        for letter in self.letters:
            if not isinstance(letter, Term):
                continue
            here = self.generators[letter].numer
            for other, sign in SQUARES_TO_ONE.get(letter.head, {}).items():
                partner = self.generators.get(Term(other, letter.parts))
                if partner:
                    found.append(here**2 + sign * partner.numer**2 - 1)
            if letter.head == "sqrt" and all(part in self.generators for part in list_letters(letter.parts[0])):
                found.append((self.generators[letter] ** 2 - self._express(letter.parts[0])).numer)
            opposite = self.generators.get(Term("exp", (negate(letter.parts[0]),)))
            if letter.head == "exp" and opposite:
                found.append(here * opposite.numer - 1)
        return found

    def _replace(self, polynomial: Any, k: int, value: Any) -> Any:
        result = self.field.zero
        for exponent, coefficient in _split_powers(polynomial, k).items():
            power = reduce(self._multiply, [value] * exponent, self.field.one)
            result = self._add(result, self._multiply(self.field(coefficient), power))
        return result

    def _express(self, formula: Formula) -> Any:
        """Express a formula as an element of the field."""
        number = read_simple_rational(formula)
        if number is not None:
            return self.field(number.numerator) / self.field(number.denominator)
        if formula in self.generators:
            return self.generators[formula]
        assert isinstance(formula, Term)
        if formula.head == "^":
            exponent = read_exponent(formula)
            base = self._express(formula.parts[0])
            power = reduce(self._multiply, [base] * abs(exponent), self.field.one)
            return power if exponent > 0 else self._divide(self.field.one, power)
        parts = [self._express(part) for part in formula.parts]
        match formula.head:
            case "negative":
                return -parts[0]
            case "-":
                return self._add(parts[0], -parts[1])
            case "*":
                return reduce(self._multiply, parts)
            case "/":
                return self._divide(parts[0], parts[1])
        return reduce(self._add, parts)

    def _add(self, a: Any, b: Any) -> Any:
        _refuse_large((a.numer, b.denom), (a.denom, b.numer))
        return a + b

    def _multiply(self, a: Any, b: Any) -> Any:
        _refuse_large((a.numer, b.numer), (a.denom, b.denom))
        return a * b

    def _divide(self, a: Any, b: Any) -> Any:
        if not b:
            raise UnwieldyError
        _refuse_large((a.numer, b.denom), (a.denom, b.numer))
        return a / b

    def _write(self, element: Any) -> Formula:
        """Write an element as a quotient of products."""
        if not element:
            return ZERO
        upper, lower = self._factor(element.numer), self._factor(element.denom)
        powers = dict(upper.powers)
        for base, n in lower.powers.items():
            powers[base] = powers.get(base, 0) - n
        return self.shortener.build(Product(upper.number / lower.number, powers))

    @cached_property
    def _typed_sums(self) -> list[tuple[Formula, Any]]:
        """The sums of the formula as polynomials, those of the highest degree first: 1 − h² goes before 1 − h."""
        found: dict[Any, Formula] = {}
        for part in walk(self.formula, into_functions=False):
            if isinstance(part, Term) and part.head in SUMS and part is not self.formula:
                element = self._express(part)
                if element.denom == 1 and len(element.numer) > 1:
                    known = found.setdefault(element.numer, part)
                    if measure(part) < measure(known):
                        found[element.numer] = part
        sums = [(formula, polynomial) for polynomial, formula in found.items()]
        return sorted(sums, key=lambda each: -max(map(sum, each[1])))

    def _factor(self, polynomial: Any) -> Product:
        """Write a polynomial as a product of its content, its letters, sums as they were typed, and the rest."""
        if len(polynomial) > MOST_TERMS:
            raise UnwieldyError
        number, rest = polynomial.primitive()
        least = [min(exponents) for exponents in zip(*rest, strict=True)]
        powers = {letter: Fraction(n) for letter, n in zip(self.letters, least, strict=True) if n}
        rest = rest.quo(rest.ring({tuple(least): 1}))
        for formula, typed in self._typed_sums:
            while len(rest) >= 2:
                quotient, remainder = rest.div(typed)
                if remainder:
                    break
                powers[formula] = powers.get(formula, Fraction(0)) + 1
                rest = quotient
        number = Fraction(int(number)) * (int(rest.LC) if rest.is_ground else 1)
        if rest.is_ground:
            return Product(number, powers)
        found = []
        with suppress(UnwieldyError):
            found.append(self._write_polynomial(rest, 1))
        if len(rest) <= MOST_FACTORED:
            unit, factors = rest.factor_list()
            parts = [self._write_polynomial(factor, n) for factor, n in factors]
            sign = reduce(mul, [part.number for part in parts], Fraction(int(unit)))
            found.append(Product(sign, {base: n for part in parts for base, n in part.powers.items()}))
        best = min(found, key=lambda each: measure(self.shortener.build(each)), default=None)
        if best is None:
            raise UnwieldyError
        return Product(number * best.number, {**powers, **best.powers})

    def _write_polynomial(self, polynomial: Any, power: int) -> Product:
        """Write a polynomial as a sum that has no more minus signs than plus signs, a plus first."""
        for formula, typed in self._typed_sums:  # s − s² + u is s·(1 − s) + u, and a² − 2·a·b + b² + u is (a − b)² + u
            for n in (1, 2):
                quotient, rest = polynomial.div(typed**n)
                if len(quotient) == 1 and rest and len(quotient) + len(rest) < len(polynomial):
                    product = multiply_products(self._factor(quotient), Product(Fraction(1), {formula: Fraction(n)}))
                    return self._write_sum([product, self._factor(rest)], power)
        if len(polynomial) > MOST_WRITTEN or _is_expanded(polynomial):
            raise UnwieldyError
        signs = [1 if coefficient > 0 else -1 for coefficient in polynomial.values()]
        sign = -1 if sum(signs) < 0 else 1
        number, powers = self._write_sum(self._list_products(polynomial * sign), power)
        return Product(number * sign**power, powers)

    def _write_sum(self, terms: list[Product], power: int) -> Product:
        """Write the power of a sum of products."""
        number, powers = split_factors(self.shortener.add(terms))
        return Product(number**power, {base: power * n for base, n in powers.items()})

    def _list_products(self, polynomial: Any) -> list[Product]:
        """List the terms of a polynomial."""
        products = []
        for exponents, coefficient in polynomial.terms():
            powers = {letter: Fraction(n) for letter, n in zip(self.letters, exponents, strict=True) if n}
            products.append(Product(Fraction(int(coefficient)), powers))
        return products


def _split_powers(polynomial: Any, k: int) -> dict[int, Any]:
    """Split a polynomial by the exponent of one letter."""
    parts: dict[int, dict[tuple[int, ...], Any]] = {}
    for exponents, coefficient in polynomial.terms():
        rest = (*exponents[:k], 0, *exponents[k + 1 :])
        parts.setdefault(exponents[k], {})[rest] = coefficient
    return {exponent: polynomial.ring(part) for exponent, part in parts.items()}


def _is_expanded(polynomial: Any) -> bool:
    """Say whether a polynomial looks like a product that was multiplied out."""
    return len(polynomial) > MOST_EXPANDED and max(map(max, polynomial)) > 1


def _divides_power(divisor: Any, polynomial: Any) -> bool:
    """Say whether every factor of one polynomial is a factor of another, whatever their multiplicities."""
    rest = divisor
    while not rest.is_ground:
        common = rest.gcd(polynomial)
        if common.is_ground:
            return False
        rest = rest.quo(common)
    return True


def _refuse_large(*products: tuple[Any, Any]) -> None:
    for a, b in products:
        if len(a) * len(b) > MOST_PRODUCTS or max(len(a), len(b)) > MOST_TERMS:
            raise UnwieldyError
