"""The descent lab: optimisers walk down a surface."""
