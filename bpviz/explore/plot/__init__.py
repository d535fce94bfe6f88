"""Sweeps and descents as pages to draw: every line, number and word in its place, in inches; no drawing library."""
