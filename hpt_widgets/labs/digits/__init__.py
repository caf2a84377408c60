"""The digit canvas: draw a digit, and let a network read it."""
