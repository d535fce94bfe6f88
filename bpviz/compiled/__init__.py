"""A graph compiled to straight-line code: value and gradients at point after point, floats or whole arrays of them."""

from bpviz.compiled.function import Compiled, compile  # noqa: A004 - the public name

__all__ = ["Compiled", "compile"]
