"""Builds the page that needs nothing installed: ``python -m tools.site``."""
