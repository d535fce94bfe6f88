"""A worksheet and its key: what is on them, where it stands, and the two set by Typst."""
