"""The backpropagation lab: every signal through a 2-3-1 network."""
