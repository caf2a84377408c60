"""Warnings where scikit-learn works in several threads.

Each of its jobs clears the filters of warnings, which all threads share, and puts them back one by
one. A thread that finds none warns that it was called without them; one that finds half of them
would make an error of that, once in a thousand searches.
"""

import pytest

warnings_are_no_errors = pytest.mark.filterwarnings("default")
