"""The allocator's heaps: few of them, and what is free is given back."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import textwrap

import pytest

from hpt_widgets.support import process_memory

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


ARENAS_OF_EIGHT_THREADS = """
    import ctypes, threading
    from hpt_widgets.support.process_memory import limit_arenas

    limit_arenas()
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    both = threading.Barrier(8)
    places = set()

    def allocate():
        both.wait()
        # Heaps other than the first begin at multiples of 64 MB.
        places.add(libc.malloc(1000) >> 26)
        both.wait()

    threads = [threading.Thread(target=allocate) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(len(places))
"""


@glibc_alone
def test_threads_share_two_heaps() -> None:
    # A heap may begin in one of these pieces and end in the next.
    assert int(output_of(ARENAS_OF_EIGHT_THREADS)[0]) <= 2 * process_memory.ARENAS


@glibc_alone
def test_a_number_that_the_reader_has_set_stays() -> None:
    assert int(output_of(ARENAS_OF_EIGHT_THREADS, MALLOC_ARENA_MAX="64")[0]) == 8


@glibc_alone
@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says of the process")
def test_what_is_free_is_given_back() -> None:
    before, after = output_of("""
    import ctypes
    from hpt_widgets.support.process_memory import release_free_memory

    def held():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    places = [libc.malloc(100_000) for _ in range(500)]
    for place in places:
        ctypes.memset(place, 1, 100_000)
    for place in places[:-1]:  # the last one holds the end of the heap
        libc.free(place)
    before = held()
    release_free_memory()
    print(before, held())
    """)
    assert int(before) - int(after) > 40e6


def test_another_allocator_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class OtherLibrary:
        """Has none of the functions."""

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: OtherLibrary())
    process_memory._glibc.cache_clear()
    try:
        process_memory.limit_arenas()
        process_memory.release_free_memory()
        assert process_memory._glibc() is None
    finally:
        process_memory._glibc.cache_clear()
