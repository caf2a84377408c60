"""A project of the reader's own: the test data held back, every fit logged, and the way judged."""
