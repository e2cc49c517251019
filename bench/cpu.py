"""Processor seconds of processes and their children, from /proc: on a shared machine the one figure without noise."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Return the user and system time of a process, its living children and those it has waited for."""
    own = Path(f"/proc/{pid}")
    try:
        fields = (own / "stat").read_text().rsplit(")", 1)[1].split()
        children = (own / "task" / str(pid) / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / TICK + sum(seconds_of(int(child)) for child in children)


class Spent:
    """Processor time of named groups of processes since it was made."""

    def __init__(self, groups: dict[str, list[int]]) -> None:
        self._groups = groups
        self._before = self._now()

    def _now(self) -> dict[str, float]:
        return {name: sum(seconds_of(pid) for pid in pids) for name, pids in self._groups.items()}

    def per(self, count: int) -> dict[str, float]:
        """Return the milliseconds of each group for one of ``count``."""
        now = self._now()
        return {name: (now[name] - self._before[name]) / count * 1000 for name in self._groups}
