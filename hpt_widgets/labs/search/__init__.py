"""The search lab: grid, random and Bayesian search side by side."""
