"""The peers' side of a row, written as plainly and as fast as their own documentation does it."""
