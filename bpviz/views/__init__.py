"""Trace to what a person sees: one view, one module, all of them pure."""
