"""A process that hangs while it stops ends all the same, and says where it hung."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HANGS = """
import asyncio, signal, threading
from pluralis.config.last_resort import StoppingLoop
StoppingLoop.stop_seconds = 0.5
async def work():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    waiting = asyncio.ensure_future(asyncio.to_thread({hang}))
    print("ready", flush=True)
    await stop.wait()
    print("stopping", flush=True)
with asyncio.Runner(loop_factory=StoppingLoop) as runner:
    runner.run(work())
"""
ORPHAN = """
import signal, sys, threading
from pluralis.config.last_resort import end_with_parent, end_within
signal.signal(signal.SIGTERM, lambda *_: end_within(1000))
end_with_parent(0.5)
print("ready", flush=True)
threading.Event().wait(60)
"""
PARENT = """
import signal, subprocess, sys, time
from pluralis.config.embedded.system_user import dies_with_parent
asked = dies_with_parent(signal.SIGTERM) if {asked} else None
subprocess.Popen([sys.executable, "-c", {child!r}], preexec_fn=asked, start_new_session=True)
time.sleep(60)
"""


def run(script: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_stop_that_hangs_in_a_thread_ends_hard_and_tells_where() -> None:
    process = run(HANGS.format(hang="threading.Event().wait"))
    process.terminate()
    said, wrong = process.communicate(timeout=20)
    assert said == "stopping\n"
    assert process.returncode == 1
    assert "threading.py" in wrong


def test_a_stop_that_hangs_nowhere_ends_by_itself() -> None:
    process = run(HANGS.format(hang="int"))
    process.terminate()
    said, wrong = process.communicate(timeout=20)
    assert said == "stopping\n"
    assert wrong == ""
    assert process.returncode == 0


def test_a_process_left_alone_ends_although_it_heeds_no_signal() -> None:
    parent = run(PARENT.format(asked=True, child=ORPHAN))
    parent.kill()
    # Its end closes the pipe that it inherited.
    _, wrong = parent.communicate(timeout=20)
    assert "last resort" not in wrong
    assert "Timeout" in wrong


def test_a_process_whose_parent_never_asked_for_it_lives_on() -> None:
    parent = run(PARENT.format(asked=False, child=ORPHAN.replace("wait(60)", "wait(3)")))
    parent.kill()
    began = time.monotonic()
    _, wrong = parent.communicate(timeout=20)
    assert time.monotonic() - began > 2
    assert wrong == ""
