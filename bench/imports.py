"""`python -m bench.imports`: a file of posts from its bytes to the calendar, beside one post at a time.

The rows differ, in four languages, spread over a year on two accounts of a fake network; every check of the road is
done twice, when the problems are shown and when the posts are planned.
"""

import argparse
import csv
import io
import os
import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from bench.database import bench_database

TEXTS = (
    "We open our doors at nine, visitor number {n} gets a coffee on us. See you there!",
    "Nous ouvrons à neuf heures : la visite numéro {n} commence devant la grande porte.",
    "Abrimos a las nueve y la visita número {n} empieza en la plaza. ¡Os esperamos!",
    "Kami buka pukul sembilan; lawatan nombor {n} bermula di pintu utama. Jumpa nanti!",
)


def main() -> int:
    chosen = _options()
    with bench_database() as _cluster, ExitStack() as stack:
        actor, accounts = _build(stack)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; half of the rows go to two accounts")
        print(f"{'case':<34}{'rows':>8}{'seconds':>10}{'of CPU':>9}{'rows/s':>9}{'peak MB':>9}")
        _one_at_a_time(actor, accounts, chosen.single)
        for rows in chosen.rows:
            _imported(actor, accounts, rows, "csv")
        _imported(actor, accounts, chosen.rows[-1], "xlsx")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.imports")
    parser.add_argument("--rows", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--single", type=int, default=200)
    return parser.parse_args()


def _build(stack: ExitStack) -> tuple[Any, list[Any]]:
    import django

    django.setup()
    from pluralis.networks.fake.x import FakeX
    from tests.apps.cast import connect, fake_x, make_cast

    network: FakeX = stack.enter_context(fake_x())
    cast = make_cast()
    return cast.alice, [connect(cast.alice, network), connect(cast.alice, network, "Norlune_help", "support")]


def _rows(count: int, begin: str) -> list[list[str]]:
    from django.utils import timezone

    start = timezone.now() + timedelta(days=2)
    step = timedelta(days=365) / count
    return [
        [f"{begin} {TEXTS[n % 4].format(n=n)}", (start + n * step).strftime("%Y-%m-%d %H:%M"),
         "@Norlune" if n % 2 else "@Norlune_help"]
        for n in range(count)
    ]  # fmt: skip


def _one_at_a_time(actor: Any, accounts: list[Any], count: int) -> None:
    from datetime import datetime

    from django.utils import timezone

    from pluralis.posts.actions import create_post
    from pluralis.publishing.actions import Plan, schedule_post
    from tests.apps.cast import draft

    def run() -> None:
        for number, (text, at, handle) in enumerate(_rows(count, "Alone:")):
            post = create_post(actor=actor, draft=draft(text), client_key=f"one:{number}", now=timezone.now())
            account = accounts[0] if handle == "@Norlune" else accounts[1]
            plan = Plan(datetime.fromisoformat(f"{at}+00:00"))
            schedule_post(actor=actor, post_id=post.id, account_ids=[account.id], plan=plan,
                          client_key=f"one:{number}", now=timezone.now())  # fmt: skip

    _line("one post at a time (no file)", count, _timed(run))


def _imported(actor: Any, accounts: list[Any], count: int, kind: str) -> None:
    from django.utils import timezone

    from pluralis.publishing.actions import Decisions, check_rows, decide, save_import, save_rows, start_import
    from pluralis.publishing.models import ImportState
    from tests.sheets import workbook

    table = [["text", "when", "account"], *_rows(count, f"{kind} of {count}:")]
    content = workbook(table) if kind == "xlsx" else _csv(table)
    key = f"{kind}:{count}"
    held: dict[str, Any] = {}

    def read() -> None:
        held["one"] = start_import(actor=actor, file_name=f"p.{kind}", content=content, client_key=key,
                                   now=timezone.now())  # fmt: skip

    def check() -> None:
        decisions = Decisions(tuple(held["one"].shape["guess"]), "UTC")
        decide(actor=actor, import_id=held["one"].id, decisions=decisions, now=timezone.now())
        while check_rows(held["one"].id, timezone.now()):
            pass

    def save() -> None:
        save_import(actor=actor, import_id=held["one"].id, now=timezone.now())
        while save_rows(held["one"].id, timezone.now()):
            pass

    spans = {"read": _timed(read), "check": _timed(check), "plan": _timed(save)}
    held["one"].refresh_from_db()
    assert held["one"].state == ImportState.SAVED and held["one"].rows_saved == count, held["one"].rows_saved
    for name, span in spans.items():
        _line(f"{kind}: {name}", count, span)
    whole = tuple(map(sum, zip(*spans.values(), strict=True)))
    _line(f"{kind}: from file to calendar", count, (whole[0], whole[1]))


def _csv(table: list[list[str]]) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows(table)
    return held.getvalue().encode()


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds a piece of work took by the clock, and of this process's processor time."""
    begin, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - used


def _line(case: str, rows: int, spans: tuple[float, float]) -> None:
    seconds, processor = spans
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{case:<34}{rows:>8}{seconds:>10.2f}{processor:>9.2f}{rows / seconds:>9.0f}{peak:>9.0f}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
