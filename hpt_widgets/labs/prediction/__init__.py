"""A question before a run, and what came out beside what was expected."""
