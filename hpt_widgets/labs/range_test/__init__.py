"""The range-test lab: which learning rates are worth trying."""
