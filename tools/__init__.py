"""What the Makefile runs: the set-up, the checks, the notebooks."""
