"""How often a student may send runs, and anybody guess the code."""

from hpt_widgets.board.limits import CodeTries, RateLimit


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


def test_ten_wrong_codes_a_minute_from_one_place():
    clock = Clock()
    tries = CodeTries(clock)
    for _ in range(10):
        assert tries.wait("a") == 0
        tries.note_wrong("a")
    assert tries.wait("a") == 6
    assert tries.wait("b") == 0
    clock.now += 6
    assert tries.wait("a") == 0


def test_a_hundred_wrong_codes_a_minute_from_all_places():
    tries = CodeTries(Clock())
    for i in range(100):
        assert tries.wait(f"{i}") == 0
        tries.note_wrong(f"{i}")
    assert tries.wait("new") == 1
