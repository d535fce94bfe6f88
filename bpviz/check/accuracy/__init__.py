"""How near the gates come: every value and local gradient against mpmath at fifty digits, in units of the last place.

It is part of the program and not only of its tests because the answer depends on the machine: sin and exp are those
of its C library. mpmath is a heavy import: import this package only where the measurement is asked for.
"""

from bpviz.check.accuracy.measure import LIMIT, SEED, Accuracy, Worst, measure

__all__ = ["LIMIT", "SEED", "Accuracy", "Worst", "measure"]
