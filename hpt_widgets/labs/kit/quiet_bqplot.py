"""The one place that imports bqplot, without a warning of its own.

Its scales declare their traits in a way that traitlets no longer likes. Where a reader
has made warnings errors, the import would fail, and with it every lab.
"""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "metadata .* was set from the constructor")
    import bqplot

__all__ = ["bqplot"]
