"""How near the gates come: every value and local gradient against mpmath at fifty digits, in units of the last place.

python -m tests.accuracy measures all of them (two minutes), python -m tests.accuracy tanh --points 500 one. The answer
depends on the machine: sin and exp are those of its C library.
"""

from tests.accuracy.measure import LIMIT, SEED, Accuracy, Worst, measure

__all__ = ["LIMIT", "SEED", "Accuracy", "Worst", "measure"]
