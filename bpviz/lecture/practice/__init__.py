"""Numbers short enough to work out by hand: for a program that stands, and for new expressions."""
