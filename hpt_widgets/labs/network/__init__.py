"""The network lab: a small network is drawn, trained and seen to bend its answer."""
