"""Whether gradients are right: differences, exact derivatives, and somebody's answers with their slips."""

from bpviz.checking.checks import Check, check

__all__ = ["Check", "check"]
