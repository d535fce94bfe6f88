"""The floor of a cold table: rich prints as many cells as the example has, under click, and nothing else is done.

A script of its own: python bare_table.py --x 3 --y -4
"""

import click
from rich.console import Console
from rich.table import Table


@click.command()
@click.option("--x", type=float)
@click.option("--y", type=float)
def main(x: float, y: float) -> None:
    for rows, columns in ((2, 4), (8, 6)):
        table = Table(box=None)
        for column in range(columns):
            table.add_column(f"column {column}")
        for row in range(rows):
            table.add_row(*(f"{x * row + y * column:.3g}" for column in range(columns)))
        Console().print(table)


if __name__ == "__main__":
    main()
