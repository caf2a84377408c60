"""Bayesian optimisation in one dimension: what is asked, what the methods think, and a duel."""
