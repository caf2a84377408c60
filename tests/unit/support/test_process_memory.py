"""The allocator's heaps give back what is free."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import textwrap

import pytest

from hpt_widgets.support import process_memory

linux_alone = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says of it")
glibc_alone = pytest.mark.skipif(process_memory._glibc() is None, reason="not glibc's allocator")


def output_of(code: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout.split()


PREAMBLE = """
    import ctypes
    from hpt_widgets.support import process_memory

    def held():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]

    def filled(size):
        place = libc.malloc(size)
        ctypes.memset(place, 1, size)
        return place
"""
LARGE_PIECES = """
    process_memory.limit_heaps()
    libc.free(filled(30_000_000))  # glibc would have pieces of this size in its heaps from here on
    before = held()
    pieces = [(filled(9_000_000), filled(100_000)) for _ in range(20)]
    for large, _small in pieces:
        libc.free(large)
    print(held() - before)
"""


@glibc_alone
@linux_alone
def test_large_pieces_are_given_back_at_once() -> None:
    assert int(output_of(PREAMBLE + LARGE_PIECES)[0]) < 10e6


@glibc_alone
@linux_alone
def test_what_the_reader_has_set_stays() -> None:
    own = {"MALLOC_MMAP_THRESHOLD_": "33000000"}
    assert int(output_of(PREAMBLE + LARGE_PIECES, **own)[0]) > 150e6


HEAPS = """
    import threading

    process_memory.limit_heaps()
    all_there = threading.Barrier(9)

    def allocate():
        libc.malloc(1000)
        all_there.wait()  # a heap whose thread has ended would serve the next one
        all_there.wait()

    for _ in range(8):
        threading.Thread(target=allocate).start()
    all_there.wait()
    libc.fdopen.restype = ctypes.c_void_p
    out = ctypes.c_void_p(libc.fdopen(1, b"w"))
    libc.malloc_info(0, out)
    libc.fflush(out)
    all_there.wait()
"""


@glibc_alone
@linux_alone
def test_threads_share_few_heaps_unless_the_reader_has_set_how_many() -> None:
    def n_heaps(**environment: str) -> int:
        return sum(word.startswith("nr=") for word in output_of(PREAMBLE + HEAPS, **environment))

    assert n_heaps() == process_memory.N_HEAPS
    assert n_heaps(MALLOC_ARENA_MAX="5") == 5


@glibc_alone
@linux_alone
def test_pieces_of_the_size_of_a_gradient_keep_their_pages() -> None:
    """A piece outside the heaps has to ask for each page in every step of a training."""
    first, again = output_of(
        PREAMBLE
        + """
    import resource

    def faults():
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

    process_memory.limit_heaps()
    size = 784 * 512 * 4
    for _ in range(2):
        before = faults()
        for _ in range(5):
            places = [filled(size) for _ in range(3)]
            for place in places:
                libc.free(place)
        print(faults() - before)
    """
    )
    assert int(again) < int(first) / 10


TENSORFLOW = """
    from hpt_widgets.support.tensorflow_loader import load_tensorflow
    import numpy as np

    tf = load_tensorflow()
    array = np.ones((25_000, 784), np.float32)

    def held_after():
        tf.reduce_sum(tf.constant(array))
        return held()

    tf.reduce_sum(tf.constant(array[:1]))
    before = held()
    print(held_after() - before)
"""


@pytest.mark.slow
@glibc_alone
@linux_alone
def test_tensorflow_gives_large_arrays_back() -> None:
    assert int(output_of(PREAMBLE + TENSORFLOW)[0]) < 40e6  # of 78


@glibc_alone
@linux_alone
def test_what_is_free_within_a_heap_is_given_back() -> None:
    before, after = output_of(
        PREAMBLE
        + """
    places = [filled(100_000) for _ in range(500)]
    for place in places[:-1]:  # the last one holds the end of the heap
        libc.free(place)
    before = held()
    process_memory.release_free_memory()
    print(before, held())
    """
    )
    assert int(before) - int(after) > 40e6


def test_another_allocator_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class OtherLibrary:
        """Has none of the functions."""

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: OtherLibrary())
    process_memory._glibc.cache_clear()
    try:
        process_memory.limit_heaps()
        process_memory.release_free_memory()
        assert process_memory._glibc() is None
    finally:
        process_memory._glibc.cache_clear()
