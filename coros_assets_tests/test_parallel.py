"""Work shared out to processes, and processes that are ended."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from coros_assets.errors import CorosError
from coros_assets.parallel import FEW, mapped
from coros_assets_tests.servers import wait_until

PARENT = """
from coros_assets_tests.test_parallel import mapped, own_id
if __name__ == "__main__":
    for process in mapped(own_id, range(20)):
        print(process, flush=True)
    input()
"""


def own_id(_: int) -> int:
    return os.getpid()


def killed_at_five(item: int) -> int:
    if item == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_process_that_the_system_kills_is_a_sentence_and_the_next_work_is_done():
    with pytest.raises(CorosError, match=r"ended from outside.*run it again"):
        list(mapped(killed_at_five, range(FEW + 3)))
    assert list(mapped(abs, range(FEW + 3))) == list(range(FEW + 3))


def test_no_process_outlives_a_parent_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=-1, stdout=-1, text=True) as parent:
        workers = {psutil.Process(int(parent.stdout.readline())) for _ in range(20)}
        assert all(worker.is_running() for worker in workers)
        parent.kill()
    wait_until(lambda: not any(worker.is_running() for worker in workers), "The end of the processes", 20)
