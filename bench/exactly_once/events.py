"""What happens to a whole batch at once, or to a run from outside: a crash, a restore, a deletion by hand."""

from typing import TYPE_CHECKING

import psycopg

from bench.exactly_once.plan import Run
from bench.exactly_once.world import World, drop_connections, handle_of
from pluralis.config.embedded import OWNER

if TYPE_CHECKING:
    from bench.exactly_once.batch import Batch

DATABASE, BACKUP = "pluralis", "pluralis_backup"


def crash_and_wake(world: World, names: list[str]) -> None:
    """Kill PostgreSQL while the processes stand at their fail-points, bring it back, and let them go on."""
    world.crash_database()
    for name in names:
        world.forge.wake(name)


def take_down(batch: "Batch", run: Run) -> None:
    """Delete the run's post on the network by hand, if it stands there."""
    place, handle = batch.world.place(run.network), handle_of(batch.accounts[run.number])
    for entry in place.standing(run.network):
        if entry["account"] == handle:
            place.take_down(run.network, entry["id"])
            batch.removed[run.number] += 1


def back_up(world: World) -> str:
    """Keep the database as it is now; returns the copy's name."""
    drop_connections()
    _copy(world, DATABASE, BACKUP)
    return BACKUP


def restore_and_release(batch: "Batch", backup: str) -> None:
    """Put the database back to the backup, see that nothing goes out, and let a lead release each account."""
    world = batch.world
    before = _counts(batch)
    drop_connections()
    _copy(world, backup, DATABASE)
    _start_again()
    _work_in_vain(batch)
    if _counts(batch) != before:
        raise AssertionError("something was sent in quarantine")
    world.fakes.forget_moods()
    _release(batch)


def _copy(world: World, source: str, target: str) -> None:
    with psycopg.connect(world.cluster.url("postgres", OWNER), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {target} TEMPLATE {source}")


def _counts(batch: "Batch") -> dict[str, int]:
    return {name: len(batch.world.place(name).standing(name)) for name in {run.network for run in batch.runs}}


def _start_again() -> None:
    """Do what every start does: compare the database with the file outside it. Raises when it sees nothing."""
    from pluralis.publishing.actions import check_instance
    from pluralis.teams.queries import database_now

    if not check_instance(now=database_now()):
        raise AssertionError("the restored database was taken for the newest")


def _work_in_vain(batch: "Batch") -> None:
    """Let the workers try everything that is due."""
    from pluralis.publishing.actions import doubt_abandoned_parts
    from pluralis.publishing.models import Part
    from pluralis.publishing.tasks import publish_part, reconcile_part
    from pluralis.teams.queries import database_now

    for _round in range(2):
        doubt_abandoned_parts(now=database_now())
        for numbers in batch.parts.values():
            for part_id in numbers:
                publish_part(part_id)
        for part_id in Part.objects.filter(state="unconfirmed").values_list("id", flat=True):
            reconcile_part(str(part_id))


def _release(batch: "Batch") -> None:
    """A lead compares each account with its network, releases it, and lets go what is not there yet."""
    from django.utils import timezone

    from pluralis.publishing.actions import release_account, try_again
    from pluralis.publishing.comparing import compare_with_network
    from pluralis.publishing.models import Part
    from pluralis.teams.models import Account

    alice = batch.world.alice
    for account in Account.objects.filter(quarantined_at__isnull=False, released_at__isnull=True):
        now = timezone.now()
        if any(account.id == other.id for other in batch.accounts.values()):
            compare_with_network(actor=alice, account_id=account.id, now=now)
        release_account(actor=alice, account_id=account.id, now=now)
    for part_id in Part.objects.filter(state="held", hold_reason="restored").values_list("id", flat=True):
        try_again(actor=alice, part_id=part_id, at=timezone.now(), now=timezone.now())
