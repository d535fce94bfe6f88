"""The slides of a trace: frames.py says what is on each, board.py what is to be seen; the writers stand beside them."""
