"""`python -m bench.inbox [lists searches pages arriving claims live]`: the inbox of a large team, all parts or some.

Each line of the questions is what the server takes: the whole view, as the browser's request reaches it, with its
queries counted. ``--messages`` chooses the size, ``--short`` a trial of two minutes. The last line is the worst p95
over its budget.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.database import bench_database

PARTS = ("lists", "searches", "pages", "arriving", "claims", "live")
ASKED = ("lists", "searches", "pages")
RACERS = 50


def main() -> int:
    chosen = _options()
    parts = chosen.parts or list(PARTS)
    # Each racer keeps a session, so that they really press at the same instant.
    os.environ.setdefault("DATABASE_POOL", str(RACERS + 10))
    began = time.monotonic()
    with bench_database(sessions=RACERS + 70) as _cluster:
        import django

        django.setup()
        from bench.inbox.seed import seed
        from pluralis.config.settling import settle

        settle()
        print(f"{chosen.messages} messages, 50 accounts, 20 members, {os.cpu_count()} cores, "
              f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        world = seed(chosen.messages)
        found: dict[str, float] = {}
        for part in [each for each in PARTS if each in parts]:
            started = time.monotonic()
            found |= RUN[part](world, chosen)
            print(f"({part}: {time.monotonic() - started:.0f} s)\n", flush=True)
        print(f"took {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        _verdict(found)
    return 0


def _verdict(found: dict[str, float]) -> None:
    """Print what the parts found, the worst p95 over its budget last."""
    ratios = {name: value for name, value in found.items() if name.startswith("worst")}
    for name, value in found.items():
        if name not in ratios:
            print(f"{name}={value:.0f}")
    for end in ("work_ratio", "ratio"):
        worst = [value for name, value in ratios.items() if name.rpartition(":")[2] == end]
        if worst:
            print(f"worst_p95_{end}={max(worst):.2f}")


def _asked(part: str) -> Callable[[Any, argparse.Namespace], dict[str, float]]:
    def run(world: Any, chosen: argparse.Namespace) -> dict[str, float]:
        from bench.inbox.asking import ask

        worst, work = ask(world, part, chosen.times)
        return {f"worst {part}:ratio": worst, f"worst {part}:work_ratio": work}

    return run


def _arriving(_world: Any, chosen: argparse.Namespace) -> dict[str, float]:
    from bench.inbox.arriving import arrive

    return {"ingested_per_second": arrive(chosen.arriving)}


def _claims(world: Any, chosen: argparse.Namespace) -> dict[str, float]:
    from bench.inbox.claiming import claim

    return claim(world, RACERS, chosen.claims)


def _live(_world: Any, chosen: argparse.Namespace) -> dict[str, float]:
    from bench.inbox.live import follow

    follow(chosen.pages)
    return {}


RUN = {**{part: _asked(part) for part in ASKED}, "arriving": _arriving, "claims": _claims, "live": _live}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to do; all of it without any named")
    parser.add_argument("--short", action="store_true", help="a tenth of everything")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--arriving", type=int, default=10_000, help="messages that come in at once")
    parser.add_argument(
        "--claims", type=int, default=1_000, help=f"conversations that {RACERS} members claim at once"
    )
    parser.add_argument("--pages", type=int, default=200, help="open live pages")
    chosen = parser.parse_args()
    if chosen.short:
        chosen.messages, chosen.times = chosen.messages // 10, max(60, chosen.times // 10)
        chosen.arriving, chosen.claims = chosen.arriving // 10, chosen.claims // 10
    return chosen


if __name__ == "__main__":
    sys.exit(main())
