"""Where the slopes of mish and gelu are zero, and what they are nearby: two terms cancel there, and a series does not.

Each zero is known to 32 digits, as a float and what is left of it; the series are Taylor's, without the constant
term, which is 0. They were made with mpmath.taylor, and the tests make them again.
"""

from __future__ import annotations

from functools import reduce

from bpviz.records import NamedTuple


class Flat(NamedTuple):
    """A zero of a slope, how far its series reaches, and the coefficients of (a − zero)¹, (a − zero)², …"""

    zero: tuple[float, float]
    near: float
    coefficients: tuple[float, ...]

    def slope(self, a: float) -> float | None:
        """Return the slope at a if that is near enough."""
        distance = a - self.zero[0] - self.zero[1]
        if abs(distance) > self.near:
            return None
        return distance * reduce(lambda total, c: total * distance + c, reversed(self.coefficients))


# fmt: off
MISH_SERIES = (
    0.2669479140495345, 0.20473126408010586, 0.04190782104360987, -0.020271822716684245,
    -0.01582112656173338, -0.0033606849270232685, 0.0010924055409445854, 0.0009898181021289196,
    0.00025412936386191073, -4.1961496031696126e-05, -5.582891567360688e-05, -1.72992708103044e-05,
    9.427361327376651e-07, 2.9088199364912223e-06, 1.071676702702074e-06, 2.6879417855557728e-08,
    -1.4117255919499382e-07, -6.174424363104907e-08,
)
GELU_SERIES = (
    0.4314939923140469, 0.388284982990552, -0.018199676398671087, -0.1140082332972217,
    -0.014771522148244337, 0.019421679838189067, 0.004539228379125415, -0.002239538068073497,
    -0.0007448268386746817, 0.00018633974623233514, 8.615947861116571e-05, -1.121438018842664e-05,
    -7.74846130700372e-06, 4.3284506257392273e-07, 5.702764979242107e-07, -1.6044265494246427e-09,
    -3.5459866461783865e-08, -1.396942086426202e-09, 1.90319840501314e-09, 1.4506418938779426e-10,
    -8.950037692726255e-11, -9.950340824808053e-12,
)
# fmt: on
MISH = Flat((-1.1924312145154952, -4.8484829848031044e-17), 0.25, MISH_SERIES)
GELU = Flat((-0.7517915246935645, 1.4956759177009883e-17), 0.5, GELU_SERIES)
