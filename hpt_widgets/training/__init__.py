"""Training one network: hyperparameters, the Keras model, the traced loop, runs."""
