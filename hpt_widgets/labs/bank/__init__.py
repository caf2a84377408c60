"""The lab of the trial bank: search strategies, replayed thousands of times."""
