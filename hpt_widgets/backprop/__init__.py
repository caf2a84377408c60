"""Backpropagation, signal by signal. NumPy alone."""
