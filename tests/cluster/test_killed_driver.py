"""The process that searches is killed, and the search goes on from what has landed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from objectives import SPACE, bowl, settings

import hpt_widgets as hpt
from hpt_widgets.search.runner import run_search

DRIVER = """
import sys
from pathlib import Path
import hpt_widgets as hpt
from objectives import SPACE, Slow
from hpt_widgets.search.runner import run_search

if __name__ == "__main__":
    marks, path, method = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    record = hpt.SearchRecord(method, path)
    with hpt.Cluster(workers=2) as cluster:
        run_search(method, SPACE, Slow(marks, 0.4), trials=30, record=record, where=cluster)
"""


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_what_the_file_holds_when_the_driver_is_killed_can_be_continued(tmp_path, marks, method):
    script, path = tmp_path / "driver.py", tmp_path / "trials.csv"
    script.write_text(DRIVER, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    driver = subprocess.Popen(
        [sys.executable, str(script), str(marks), str(path), method], env=environment
    )
    while not path.exists() or len(hpt.SearchRecord.load(path)) < 5:
        assert driver.poll() is None
        time.sleep(0.05)
    workers = psutil.Process(driver.pid).children(recursive=True)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    _, alive = psutil.wait_procs(workers, timeout=120)
    assert not alive
    landed = hpt.SearchRecord(method, path)
    assert 5 <= len(landed) < 30
    kept = settings(landed)
    record = run_search(method, SPACE, bowl, trials=14, record=landed)
    assert len(record) == 14
    assert set(kept) <= set(settings(record))
    if method == "random":
        assert settings(record) == settings(run_search("random", SPACE, bowl, trials=14))
