"""Are the numbers right: gates against mpmath, graphs against sympy, answers against the usual slips."""
