"""`make demo-bluesky FILE=posts.csv`: publish a file on a real Bluesky server through the normal road.

The server runs on this machine behind a line that loses every third answer. Rows that cannot go are refused before
anything is sent. Stopped or killed at any time, the same command goes on where it was: a row of a file is one post,
for ever. At the end the server's own record list is compared with what was meant.
"""

import argparse
import getpass
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tools.demo_bluesky.rows import Refusal, Row, file_key, read_rows
from tools.demo_bluesky.server import Demo, open_demo
from tools.demo_bluesky.worker import ORIGINS

PATIENCE_SECONDS = 900
QUIET_SECONDS = 10
"""After so long without an address, a line says how many stand and what the rest waits for."""
DONE = ("sent", "refused", "cancelled", "missed", "held")
WHENEVER = timedelta(days=3650)
"""A row accepted once goes out however late: the file was read by whoever starts the command again."""


def main() -> int:
    """Return 0 when every accepted row stands exactly once, else 1."""
    chosen = _options()
    if not chosen.file.is_file():
        print(f"There is no file {chosen.file}. Say which: make demo-bluesky FILE=posts.csv", file=sys.stderr)
        return 1
    end_on_sigterm()
    folder = chosen.folder or default_folder()
    with ExitStack() as stack:
        demo = stack.enter_context(open_demo(folder / "bluesky", lose_every=chosen.lose_every))
        stack.enter_context(database(folder, demo))
        return _publish(chosen.file, demo, stack)


def end_on_sigterm() -> None:
    """Told to end, end as after Ctrl-C: the worker first, then the database, then the server."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo-bluesky FILE=")
    parser.add_argument("file", type=Path)
    parser.add_argument("--folder", type=Path, help="where the server, its posts and our database stay")
    parser.add_argument("--lose-every", type=int, default=3, help="lose every nth answer; 0: none")
    return parser.parse_args()


def default_folder() -> Path:
    """Return a folder that stays: the checkout's own, or for root one that the database's user can reach."""
    if os.geteuid() == 0:
        return Path("/var/lib/pluralis-demo-bluesky")
    return Path(__file__).resolve().parents[2] / "var" / "demo-bluesky"


@contextmanager
def database(folder: Path, demo: Demo) -> Iterator[None]:
    """Run the embedded PostgreSQL on the folder, migrated, with this process's settings pointing at it."""
    from pluralis.config.embedded import OWNER, Cluster, binaries, bundled, system_user
    from pluralis.config.embedded.roles import ensure_database, ensure_roles
    from pluralis.config.keys import Keys

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    programs = bundled()
    if not system_user.can_reach(system_user.server_user(), programs.folder):
        programs = binaries.copy_beside(folder / "server")
    cluster = Cluster(folder / "pg", programs, extra_people=(getpass.getuser(),))
    cluster.start()
    try:
        ensure_roles(cluster, may_create_databases=True)
        ensure_database(cluster)
        state = folder / "state"
        state.mkdir(exist_ok=True, mode=0o700)
        kept = Keys.ensure(state)
        url = cluster.url("pluralis", OWNER)
        os.environ |= {
            "PLURALIS_DATA_DIR": str(state), "DATABASE_URL": url, "DATABASE_OWNER_URL": url,
            "DATABASE_DIRECT_URL": url, "SECRET_KEY": kept.secret_key, "FIELD_KEYS": ",".join(kept.field_keys),
            "DJANGO_SETTINGS_MODULE": "pluralis.config.settings", "LOG_LEVEL": "ERROR",
            ORIGINS: ",".join(demo.private_origins),
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], check=True)
        yield
    finally:
        cluster.stop()


def _publish(file: Path, demo: Demo, stack: ExitStack) -> int:
    import django

    django.setup()
    from pluralis.networks.addresses import allow_private_origins
    from pluralis.networks.registry import network
    from pluralis.teams.queries import database_now

    allow_private_origins(demo.private_origins)
    account = connected_account(demo)
    rule = network(account.network).connector.limits(None).counting
    known = _posts_of(file)
    good, bad = read_rows(file, rule, database_now())
    # A row that was accepted in an earlier run stays accepted, whatever the clock says now.
    bad = [each for each in bad if each.number not in known]
    _tell_refused(bad)
    stack.enter_context(worker())
    late = [_try_to_schedule(account, file, row, database_now()) for row in good if row.number not in known]
    meant = _watch(file)
    return _compare(demo, meant, len(bad) + sum(late))


def connected_account(demo: Demo) -> Any:
    """Return the connected account; connecting is tried again when the line loses its answer."""
    from django.utils import timezone

    from pluralis.teams.actions import Wish, connect_with_keys, found_team
    from pluralis.teams.errors import Invalid
    from pluralis.teams.models import Account, Membership, User

    found = Account.objects.filter(remote_id=demo.norlune.did).first()
    if found is not None:
        return found
    seat = Membership.objects.first()
    if seat is None:
        user = User.objects.create_user(email="alice@norlune.example", name="Alice")
        seat = found_team(user=user, name="Norlune", language="en", zone="UTC", now=timezone.now())
    values = {"identifier": demo.norlune.handle, "password": demo.norlune.app_password}
    for _try in range(6):
        try:
            return connect_with_keys(actor=seat, wish=Wish("bluesky", demo.host), values=values, now=timezone.now())
        except Invalid as problem:
            print(f"Connecting again: {problem.happened}", flush=True)
    raise SystemExit("The account could not be connected.")


def _posts_of(file: Path) -> set[int]:
    """Return the row numbers of this file that were scheduled before."""
    from pluralis.publishing.models import Delivery

    prefix = f"import:{file_key(file)}:"
    keys = Delivery.objects.filter(client_key__startswith=prefix).values_list("client_key", flat=True)
    return {int(key.removeprefix(prefix)) for key in keys}


def _try_to_schedule(account: Any, file: Path, row: Row, now: datetime) -> bool:
    """Schedule a row; say why and return True when the program's own checks refuse it."""
    from pluralis.teams.errors import ActionError

    try:
        _schedule(account, file, row, now)
    except ActionError as problem:
        _tell_refused([Refusal(row.number, problem.happened)])
        return True
    return False


def _schedule(account: Any, file: Path, row: Row, now: datetime) -> None:
    """Put one row on its road, or nothing of it; the file's hash and the row's number are its client key."""
    from django.db import transaction

    from pluralis.core.delivery import MissedPolicy
    from pluralis.posts.actions import add_picture, create_post
    from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
    from pluralis.publishing.actions import Plan, schedule_post
    from pluralis.publishing.checks import Confirmations
    from pluralis.teams.models import Membership

    actor = Membership.objects.select_related("team", "user").first()
    assert actor is not None
    key = f"import:{file_key(file)}:{row.number}"
    # Whoever publishes a file of their own has read it; the override stands in the audit log.
    confirmed = Confirmations(same_text=True, override_reason=f"{file.name}, row {row.number}")
    with transaction.atomic():
        media = ()
        if row.picture is not None:
            media = (add_picture(actor=actor, content=row.picture, alt_text=row.alt, now=now).id,)
        segments = [DraftSegment(text, media if not number else ()) for number, text in enumerate(row.texts)]
        post = create_post(actor=actor, draft=Draft((DraftVersion(tuple(segments)),)), client_key=key, now=now)
        plan = Plan(max(row.at, now), row.zone, MissedPolicy.LATE, WHENEVER, confirmed)
        schedule_post(actor=actor, post_id=post.id, account_ids=[account.id], plan=plan, client_key=key, now=now)


def _watch(file: Path) -> dict[str, str]:
    """Print each part's address as it comes to stand; returns every text that must stand now, by record key.

    That is this file's, but for rows whose time lies beyond our patience, and whatever stands from other files.
    """
    from django.utils import timezone

    from pluralis.publishing.models import Part

    prefix = f"import:{file_key(file)}:"
    told: set[str] = set()
    said_at = time.monotonic()
    until = said_at + PATIENCE_SECONDS
    mine = Part.objects.filter(delivery__client_key__startswith=prefix).select_related("delivery")
    horizon = timezone.now() + timedelta(seconds=PATIENCE_SECONDS / 2)
    while time.monotonic() < until:
        parts = list(mine.filter(planned_at__lte=horizon))
        for part in parts:
            if part.state == "sent" and part.key not in told:
                told.add(part.key)
                said_at = time.monotonic()
                print(f"row {_place(part, prefix)}: {part.url}", flush=True)
        if all(part.state in DONE for part in parts):
            break
        if time.monotonic() - said_at > QUIET_SECONDS:
            said_at = time.monotonic()
            print(_progress(parts), flush=True)
        time.sleep(0.5)
    for part in [*(each for each in parts if each.state != "sent"), *mine.filter(planned_at__gt=horizon)]:
        print(f"row {_place(part, prefix)}: {part.state} {part.reason or part.planned_at.isoformat()}", flush=True)
    others = Part.objects.filter(state="sent").values_list("key", "text")
    return {**dict(others), **{part.key: part.text for part in parts if part.state != "refused"}}


def _progress(parts: list[Any]) -> str:
    """Return one line: how many stand, and of the others how many are in which state, with the next try."""
    by_state: dict[str, list[Any]] = {}
    for part in parts:
        by_state.setdefault(part.state, []).append(part)
    others = [f"{len(found)} {state}" for state, found in sorted(by_state.items()) if state not in DONE]
    next_at = min((part.due_at for part in by_state.get("waiting", ()) if part.due_at is not None), default=None)
    next_try = f", next at {next_at:%H:%M:%S} UTC" if next_at else ""
    return f"{len(by_state.get('sent', ()))} of {len(parts)} stand; {', '.join(others)}{next_try}"


def _place(part: Any, prefix: str) -> str:
    """Return the row's number, and the message's from the second of a thread on."""
    row: str = part.delivery.client_key.removeprefix(prefix)
    return f"{row}.{part.position + 1}" if part.position else row


def _tell_refused(bad: list[Refusal]) -> None:
    for each in bad:
        print(f"row {each.number}: refused, {each.why}", flush=True)


def _compare(demo: Demo, meant: dict[str, str], refused: int) -> int:
    found = demo.compare(meant)
    print(
        f"meant={len(meant)} missing={len(found.missing)} doubled={len(found.doubled)} "
        f"different={len(found.different)} extra={len(found.extra)} refused={refused} "
        f"answers_lost={len(demo.line.lost)}",
        flush=True,
    )
    return 0 if found.is_exact else 1


@contextmanager
def worker() -> Iterator[None]:
    """Run a worker, which ends with us, even when we are killed: without its database it could only complain."""
    from pluralis.config.embedded.system_user import dies_with_parent

    command = [sys.executable, "-m", "tools.demo_bluesky.worker"]
    # In a session of its own, so that Ctrl-C reaches it through us alone and its database outlives it.
    process = subprocess.Popen(command, start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL))
    try:
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
