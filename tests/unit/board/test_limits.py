"""How often a student may send runs, and anybody guess the code."""

import itertools

import pytest

from hpt_widgets.board.limits import CodeTries, RateLimit
from hpt_widgets.board.words import WORDS

WANTED = "zebra-yarrow"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_sixty_at_once_and_then_one_a_second():
    clock = Clock()
    limit = RateLimit(60, clock)
    assert limit.take("a", 60) == 0
    assert limit.take("a") == 1
    assert limit.take("a", 20) == 20
    clock.now += 1
    assert limit.take("a") == 0
    assert limit.take("a") == 1
    clock.now += 20
    assert limit.take("a", 20) == 0


def test_each_name_has_its_own():
    limit = RateLimit(60, Clock())
    assert limit.take("a", 60) == 0
    assert limit.take("b", 60) == 0


def test_what_is_refused_takes_nothing():
    clock = Clock()
    limit = RateLimit(60, clock)
    limit.take("a", 50)
    for _ in range(100):
        assert limit.take("a", 20) == 10
    assert limit.take("a", 10) == 0


def test_more_than_a_bucket_holds_waits_for_a_full_one():
    clock = Clock()
    limit = RateLimit(60, clock)
    limit.take("a", 1)
    assert limit.take("a", 1000) == 1
    clock.now += 1
    assert limit.take("a", 1000) == 0


def test_names_without_end_do_not_fill_the_memory():
    clock = Clock()
    limit = RateLimit(60, clock)
    for i in range(30_000):
        limit.take(f"{i}")
        clock.now += 0.001
    assert len(limit) <= 5_000


def codes():
    """Yield codes that a board might have drawn."""
    return (f"{first}-{second}" for first, second in itertools.permutations(WORDS, 2))


def test_sixty_guesses_from_one_place_and_then_six_a_minute():
    clock = Clock()
    tries = CodeTries(clock)
    for code in itertools.islice(codes(), 60):
        assert tries.wait("a") == 0
        tries.note_wrong("a", code, WANTED)
    assert tries.wait("a") == 10
    assert tries.wait("b") == 0
    clock.now += 10
    assert tries.wait("a") == 0


def test_two_hundred_guesses_from_all_places():
    tries = CodeTries(Clock())
    for i, code in enumerate(itertools.islice(codes(), 200)):
        assert tries.wait(f"{i}") == 0
        tries.note_wrong(f"{i}", code, WANTED)
    assert tries.wait("new") == 3


@pytest.mark.parametrize("code", ["", "maple-rivr", "maple", "maple-maple", "acorn-alder"])
def test_what_tells_a_guesser_nothing_is_no_guess(code):
    tries = CodeTries(Clock())
    tries.note_wrong("b", "acorn-alder", WANTED)
    for _ in range(500):
        tries.note_wrong("a", code, WANTED)
    assert tries.wait("a") == 0


def test_with_another_code_every_guess_is_one_again():
    tries = CodeTries(Clock())
    for i in range(60):
        tries.note_wrong("a", "acorn-alder", f"the code of lesson {i}")
    assert tries.wait("a") > 0


def test_the_code_is_hardly_ever_guessed_in_a_lesson():
    clock = Clock()
    tries, guesses = CodeTries(clock), 0
    begun, possible = clock.now, codes()
    while clock.now < begun + 45 * 60:
        while not tries.wait("a"):
            tries.note_wrong("a", next(possible), WANTED)
            guesses += 1
        clock.now += 1
    assert guesses / (len(WORDS) * (len(WORDS) - 1)) < 0.005
