"""Processor seconds of processes and their children, from /proc: on a shared machine the one figure without noise."""

from pathlib import Path


def seconds_of(pid: int) -> float:
    """Return the time the threads of a process and of its children, as far as they live, have had a processor.

    In nanoseconds of the scheduler, not in ticks: who works for less than a tick at a time is not seen by those.
    """
    own = Path(f"/proc/{pid}")
    try:
        nanoseconds = [int((task / "schedstat").read_text().split()[0]) for task in (own / "task").iterdir()]
        children = (own / "task" / str(pid) / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(nanoseconds) / 1e9 + sum(seconds_of(int(child)) for child in children)


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
