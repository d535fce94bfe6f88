"""Large graphs made small: statements and layers closed into boxes, or one gate's neighbourhood alone."""
