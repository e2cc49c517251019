"""The fork server as seen from the runs: order a process, wait for its end, wake it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import Any

PATIENCE_SECONDS = 120


class Forge:
    """Starts processes that do one job and meet their end at a fail-point."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.exactly_once.forge"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ,
        )  # fmt: skip
        self._rest = b""
        self.living: dict[str, int] = {}
        self.frozen: dict[str, int] = {}
        self.ended: dict[str, int] = {}
        self._read(timeout=60)

    def order(
        self, run: str, job: str, about: Any, failpoint: str = "", action: str = "kill", passed: int = 0
    ) -> None:
        """Have a child called ``run`` do a job and meet its end at a fail-point, which it has ``passed`` so many
        times before; none: it does all of it."""
        assert self._process.stdin is not None
        self.ended.pop(run, None)
        line = {"run": run, "job": job, "about": about, "failpoint": failpoint, "action": action,
                "passed": passed}  # fmt: skip
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        self._process.stdin.flush()

    def wait(self, run: str) -> int:
        """Return the signal that struck a child, 0 for none; frozen is SIGSTOP (19)."""
        until = time.monotonic() + PATIENCE_SECONDS
        while run not in self.ended and run not in self.frozen:
            self._read(timeout=1)
            if time.monotonic() > until:
                raise TimeoutError(f"run {run} neither ended nor stopped")
        return int(signal.SIGSTOP) if run in self.frozen else self.ended[run]

    def wake(self, run: str) -> None:
        """Let a frozen child go on; nothing happens to one that is not frozen."""
        pid = self.frozen.pop(run, None)
        if pid is not None:
            os.kill(pid, signal.SIGCONT)

    def lives(self) -> bool:
        """Say whether any child has not ended yet."""
        self._read(timeout=0)
        return bool(self.living)

    def _read(self, timeout: float) -> None:
        """Take in what the fork server has said."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while select.select([descriptor], [], [], timeout)[0]:
            heard = os.read(descriptor, 65536)
            if not heard:
                raise RuntimeError("the fork server has ended")
            *lines, self._rest = (self._rest + heard).split(b"\n")
            for line in lines:
                self._hear(json.loads(line))
            timeout = 0

    def _hear(self, said: dict[str, Any]) -> None:
        if "ready" in said:
            return
        run = said["run"]
        if said.get("stopped"):
            self.frozen[run] = said["pid"]
        elif "ended" in said:
            self.ended[run] = said["ended"]
            self.frozen.pop(run, None)
            self.living.pop(run, None)
        else:
            self.living[run] = said["pid"]

    def stop(self) -> None:
        """End the fork server and its children."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
