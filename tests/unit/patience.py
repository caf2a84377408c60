"""How long a test waits for another thread or process."""

SECONDS = 300
"""Nothing takes as long, on however slow and busy a machine: who waits in vain has met a fault."""
