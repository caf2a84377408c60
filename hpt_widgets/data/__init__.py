"""Data sets: MNIST's files, drawn digits, a reader's own arrays."""
