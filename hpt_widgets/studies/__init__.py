"""Studies of one hyperparameter: sweeps and learning-rate range tests."""
