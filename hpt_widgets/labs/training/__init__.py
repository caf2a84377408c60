"""The training lab: sliders that retrain the network while you watch."""
