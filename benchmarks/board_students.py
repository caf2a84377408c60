"""A part of a simulated class, in a process of its own: real members, made-up runs.

Run as ``python -m benchmarks.board_students`` by `benchmarks.board`, with a JSON object of
`Part`'s fields as its argument. For each run it writes a line to its log when the run ends;
the last line says how many were sent and how many still wait.
"""

from __future__ import annotations

import dataclasses
import heapq
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.simulated_class import made_up_trial
from hpt_widgets.board.member import ClassMember
from hpt_widgets.board.task import Task
from hpt_widgets.language import use_language

JOIN_SECONDS = 120.0
LAST_SECONDS = 180.0
# The page is told five digits of a learning rate: as many different ones are needed.
RATES = 9_000


@dataclass(frozen=True)
class Part:
    """What a part of the class does.

    Attributes
    ----------
    address, code : str
        The board's.
    first : int
        The number of its first student; each has a nickname of its own, but for student 0
        of each part, who is called ``twin``.
    students : int
        How many they are.
    seconds, interval : float
        For how long they train, and how often each of them.
    task : dict
        The task.
    log : str
        The file for what is sent.
    """

    address: str
    code: str
    first: int
    students: int
    seconds: float
    interval: float
    task: dict[str, object]
    log: str


def key_of(number: int) -> tuple[float, int]:
    """Return the learning rate and batch size by which run `number` is known on the page."""
    return round((1_000 + number % RATES) / 1e6, 6), 1 + number // RATES


def main() -> None:
    """Take part, and say what came of it."""
    part = Part(**json.loads(sys.argv[1]))
    use_language("en")
    task = Task.from_dict(part.task)
    chance = random.Random(part.first)
    names = ["twin", *(f"student-{part.first + i}" for i in range(1, part.students))]
    members = [ClassMember(part.address, part.code, name) for name in names]
    deadline = time.monotonic() + JOIN_SECONDS
    while any(m.state == "joining" for m in members) and time.monotonic() < deadline:
        time.sleep(0.05)
    with Path(part.log).open("w", buffering=1, encoding="utf-8") as log:
        sent = _train(part, task, members, chance, log.write)
    waiting = _wait(members)
    joined = sum(member.state == "joined" for member in members)
    print(json.dumps({"sent": sent, "waiting": waiting, "joined": joined}), flush=True)


def _train(
    part: Part,
    task: Task,
    members: list[ClassMember],
    chance: random.Random,
    write: Callable[[str], object],
) -> int:
    """Let each member end a run in each interval, all out of step; return how many ended."""
    begun = time.monotonic()
    due = [(begun + chance.uniform(0, part.interval), i) for i in range(len(members))]
    heapq.heapify(due)
    # Each part has its own numbers, as far apart as they need to be.
    number = 0
    while due and due[0][0] < begun + part.seconds:
        at, i = heapq.heappop(due)
        time.sleep(max(0.0, at - time.monotonic()))
        rate, batch = key_of(number * 2 + (part.first > 0))
        trial = made_up_trial(task, chance, learning_rate=rate, batch_size=batch)
        write(f"{rate} {batch} {time.monotonic()}\n")
        members[i].send(trial, task.data)
        number += 1
        heapq.heappush(due, (at + part.interval, i))
    return number


def _wait(members: list[ClassMember]) -> int:
    deadline = time.monotonic() + LAST_SECONDS
    while (left := sum(member.waiting for member in members)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def command(part: Part) -> list[str]:
    """Return the arguments of Python that run a part."""
    return ["-m", "benchmarks.board_students", json.dumps(dataclasses.asdict(part))]


if __name__ == "__main__":
    main()
