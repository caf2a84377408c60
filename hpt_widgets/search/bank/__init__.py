"""The trial bank: searches that were trained once, so that they can be replayed in no time."""
