"""The rows in the order of the table, a module for each kind of thing that is measured."""

from tests.benchmarks.records import Row
from tests.benchmarks.rows import again, chains, commands, figures, large

ROWS: tuple[Row, ...] = (*commands.ROWS, *chains.ROWS, *again.ROWS, *large.ROWS, *figures.ROWS)
