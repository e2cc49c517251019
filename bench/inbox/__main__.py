"""`python -m bench.inbox`: the inbox of a large team, its search, its arriving messages and its live pages.

Each line is what the server takes: the whole view, as the browser's request reaches it, with its queries counted.
``MESSAGES`` chooses the size. The last line is the worst p95 over its budget.
"""

import argparse
import os
import sys

from bench.database import bench_database


def main() -> int:
    chosen = _options()
    with bench_database() as _cluster:
        import django

        django.setup()
        from bench.inbox.asking import ask
        from bench.inbox.seed import seed

        print(f"{chosen.messages} messages, 50 accounts, 20 members, {os.cpu_count()} cores, "
              f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        world = seed(chosen.messages)
        worst, work = ask(world, chosen.times)
        if chosen.arriving:
            from bench.inbox.arriving import arrive

            arrive(chosen.arriving)
        if chosen.pages:
            from bench.inbox.live import follow

            follow(chosen.pages)
        print(f"worst_p95_work_ratio={work:.2f} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
        print(f"worst_p95_ratio={worst:.2f}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.inbox")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--arriving", type=int, default=5_000, help="messages that come in at once; 0: none")
    parser.add_argument("--pages", type=int, default=200, help="open live pages; 0: none")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
