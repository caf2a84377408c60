"""The lab of Bayesian optimisation: a reader and two methods ask a hidden function in turns."""
