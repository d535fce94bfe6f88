"""bpviz: an arithmetic expression as the picture of its backpropagation."""
