"""How a reader gets in: the launcher, the reader's copies, the check-up."""
