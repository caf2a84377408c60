"""The sweep lab: one or two hyperparameters over their values, seed by seed."""
