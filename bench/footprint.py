"""What one installation costs: start cold and warm, memory at rest, weight of the first pages.

Run with `make bench-footprint`. It starts instances of its own in a temporary folder on a free port and takes
them away again. Memory is the proportional set size (PSS) of every process of the instance, so shared pages
are counted once; the demo's fake network is listed apart, since it is no part of a real installation.

Cold here is a new data folder with everything installed: database, migrations, demo, first page. `--install` also
measures `make setup`'s own share in a copy of the checkout, with the caches of an earlier run.
"""

import argparse
import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("/account/login/", "/healthz")
REST_SECONDS = 20


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure, and what it must stay under."""

    what: str
    figure: str
    bar: str = ""


class Installation:
    """An instance in a folder of its own."""

    def __init__(self, folder: Path, demo: bool) -> None:
        self.data = folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
        self.environ = kept | {
            "PLURALIS_DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "DEMO": "1" if demo else "0",
        }

    @contextmanager
    def running(self) -> Iterator[float]:
        """Start it, yield the seconds until it said that it is ready, stop it."""
        command = [sys.executable, "-m", "pluralis.cli.main", "up"]
        began = time.monotonic()
        process = subprocess.Popen(command, env=self.environ, stdout=subprocess.PIPE, text=True)
        try:
            yield self._seconds_until_ready(process, began)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)

    def _seconds_until_ready(self, process: subprocess.Popen[str], began: float) -> float:
        said = ""
        for line in process.stdout or ():
            said += line
            if "is ready" in line:
                return time.monotonic() - began
        raise SystemExit(f"it never was ready:\n{said}")

    def memory(self) -> dict[str, float]:
        """Return PSS in MB by part of the instance."""
        found: dict[str, float] = {}
        for path in Path("/proc").glob("[0-9]*"):
            part = self._part_of(path)
            if part:
                found[part] = found.get(part, 0.0) + pss(path)
        return found

    def _part_of(self, process: Path) -> str | None:
        try:
            if os.fsencode(self.data) not in (process / "environ").read_bytes() + (process / "cmdline").read_bytes():
                return self._database_part(process)
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return None
        if b"pluralis.cli.main" in words:
            return words[words.index(b"pluralis.cli.main") + 1].decode()
        return "database" if words[0].endswith(b"/postgres") else None

    def _database_part(self, process: Path) -> str | None:
        """PostgreSQL's children rename themselves; they are known by their parent."""
        parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
        words = Path(f"/proc/{parent}/cmdline").read_bytes()
        return "database" if os.fsencode(self.data) in words and b"/postgres" in words else None


def pss(process: Path) -> float:
    """Return the proportional set size of a process in MB (proc(5), smaps_rollup)."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def page_weight(port: int, path: str) -> tuple[float, float]:
    """Return a page's compressed size in kB and the milliseconds of its answer, the median of nine."""
    times = []
    for _ in range(9):
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
            body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
    return len(gzip.compress(body, 6)) / 1000, sorted(times)[4]


def measure(folder: Path, *, demo: bool) -> list[Row]:
    one = Installation(folder, demo)
    with one.running() as cold:
        rows = [Row("cold start, everything installed", f"{cold:.1f} s", "60 s")]
        for path in PAGES:
            kilobytes, milliseconds = page_weight(one.port, path)
            rows.append(Row(f"page {path}", f"{kilobytes:.1f} kB gz, {milliseconds:.0f} ms", "150 kB"))
    warm = []
    for _ in range(3):
        with one.running() as seconds:
            warm.append(seconds)
            time.sleep(REST_SECONDS if len(warm) == 3 else 0)
            memory = one.memory() if len(warm) == 3 else {}
    rows.append(Row("warm start, median of 3", f"{sorted(warm)[1]:.1f} s", "6 s"))
    return rows + memory_rows(memory)


def memory_rows(memory: dict[str, float]) -> list[Row]:
    apart = memory.pop("network", 0.0)
    rows = [Row(f"memory of {part}", f"{size:.0f} MB") for part, size in sorted(memory.items())]
    rows.append(Row("memory at rest in all (PSS)", f"{sum(memory.values()):.0f} MB", "400 MB"))
    return [*rows, Row("the demo's network, apart", f"{apart:.0f} MB")] if apart else rows


def measure_install(folder: Path) -> list[Row]:
    """Measure setting up a copy of the checkout; caches are those of the checkout, so nothing is downloaded."""
    copy = folder / "checkout"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
    environ = os.environ | {"UV_CACHE_DIR": str(ROOT / ".cache/uv"), "PIP_CACHE_DIR": str(ROOT / ".cache/pip")}
    began = time.monotonic()
    command = ["make", "--no-print-directory", ".venv/have-run", ".venv/have-catalogues"]
    subprocess.run(command, cwd=copy, env=environ, check=True, stdout=subprocess.DEVNULL)
    return [Row("set-up's own share, packages cached", f"{time.monotonic() - began:.1f} s")]


def table(rows: list[Row]) -> str:
    width = max(len(row.what) for row in rows)
    lines = [
        f"| {'what':<{width}} | {'measured':>22} | {'stay under':>10} |",
        f"|{'-' * (width + 2)}|{'-' * 23}:|{'-' * 11}:|",
    ]
    return "\n".join([*lines, *(f"| {row.what:<{width}} | {row.figure:>22} | {row.bar:>10} |" for row in rows)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-demo", action="store_true", help="an empty instance")
    parser.add_argument("--install", action="store_true", help="also measure setting up a copy of the checkout")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pluralis-footprint-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        rows = measure_install(folder) if arguments.install else []
        rows += measure(folder, demo=not arguments.no_demo)
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end\n")
        print(table(rows))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
