"""Worker processes of Dask, on this machine or elsewhere, on which searches run."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
