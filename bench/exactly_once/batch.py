"""One batch of runs: order the posts, meet the fail-points, let everything come to rest, and ask the ledger."""

import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench.exactly_once import events
from bench.exactly_once.oracle import Result
from bench.exactly_once.ordering import order, wish
from bench.exactly_once.plan import Run
from bench.exactly_once.resting import come_to_rest
from bench.exactly_once.world import World, grant_of, handle_of

AT_ONCE = 4
STRUCK = (signal.SIGKILL, signal.SIGSTOP)


@dataclass
class Batch:
    """The runs of a batch, each with an account of its own; ``parts`` are the ids of a run's parts in order."""

    world: World
    runs: list[Run]
    accounts: dict[int, Any]
    began_at: Any
    parts: dict[int, list[str]] = field(default_factory=dict)
    met: dict[int, bool] = field(default_factory=dict)
    removed: Counter[int] = field(default_factory=Counter)


def run_batch(world: World, runs: list[Run]) -> list[Result]:
    """Take a batch of runs, each on an account of its own, to rest."""
    from pluralis.teams.queries import database_now

    began = time.monotonic()
    world.forget()
    batch = Batch(world, runs, _accounts(world, runs), database_now())
    _reset_accounts(batch)
    _order(batch)
    backup = events.back_up(world) if runs[0].kind == "restored" else None
    _strike_all(batch)
    if runs[0].kind == "database":
        events.crash_and_wake(world, [run.name for run in runs])
    come_to_rest(batch)
    for run in runs:
        if run.kind == "taken_down":
            events.take_down(batch, run)
    if backup:
        events.restore_and_release(batch, backup)
    if backup or batch.removed:
        come_to_rest(batch)
    return _results(batch, (time.monotonic() - began) / len(runs))


def _accounts(world: World, runs: list[Run]) -> dict[int, Any]:
    """Give every run an account of its own within the batch."""
    free = {name: list(accounts) for name, accounts in world.accounts.items()}
    return {run.number: free[run.network].pop() for run in runs}


def _reset_accounts(batch: Batch) -> None:
    """Give fresh keys to accounts that lost theirs, and tokens about to end where a run is about a refresh."""
    spent = batch.world.spent
    for run in batch.runs:
        account = batch.accounts[run.number]
        if run.kind == "refresh" or account.id in spent:
            _reset_account(batch.world, run, account)
        (spent.add if run.kind == "refresh" else spent.discard)(account.id)


def _order(batch: Batch) -> None:
    """Order one post of each shape for all the accounts that wait for one; a double click orders later, twice."""
    for shape in ("plain", "picture", "thread", "burst"):
        mine = [run for run in batch.runs if run.shape == shape and run.kind != "double_click"]
        if mine:
            accounts = [batch.accounts[run.number].id for run in mine]
            parts = order(wish(shape, mine[0].number, accounts, batch.world.alice.id))
            batch.parts |= {run.number: parts[batch.accounts[run.number].id] for run in mine}


def _reset_account(world: World, run: Run, account: Any) -> None:
    """Give the account fresh keys: tokens about to end for a refresh run, else keys that last."""
    from pluralis.networks.contract import Grant
    from pluralis.teams.actions import store_grant
    from pluralis.teams.models import Account
    from pluralis.teams.queries import database_now

    grant, keys = grant_of(world.place(run.network), account, run.network)
    Account.objects.filter(id=account.id).update(connected=True, disconnected_reason="")
    if run.kind != "refresh":
        store_grant(account, grant)
        return
    ends_at = database_now() + timedelta(seconds=5)
    if "oauth2_refresh_token" in keys:
        pair = {"access_token": keys["oauth2_access_token"], "refresh_token": keys["oauth2_refresh_token"]}
        store_grant(account, Grant(pair, ends_at))
    else:
        store_grant(account, Grant(grant.credentials, ends_at))


def _strike_all(batch: Batch) -> None:
    """Let every run's process meet its fail-point, a few at a time: a crowd would only wait for processors."""
    forge, begun = batch.world.forge, 0
    for number, run in enumerate(batch.runs):
        while begun < min(number + AT_ONCE, len(batch.runs)):
            _strike(batch, batch.runs[begun])
            begun += 1
        batch.met[run.number] = forge.wait(run.name) in STRUCK


def _strike(batch: Batch, run: Run) -> None:
    """Start the run's process, which meets its fail-point, and whoever is at it at the same time."""
    forge, account = batch.world.forge, batch.accounts[run.number]
    place, handle = batch.world.place(run.network), handle_of(account)
    if run.kind == "doubt":
        _bring_into_doubt(batch, run)
    place.set_mood(run, handle)
    job, about = _job(batch, run)
    forge.order(run.name, job, about, run.failpoint, run.action, run.position)
    if run.kind in ("two_workers", "two_planners", "double_click"):
        forge.order(f"{run.name} again", job, about)


def _job(batch: Batch, run: Run) -> tuple[str, Any]:
    """Return what the struck process does, and about what."""
    if run.kind == "double_click":
        account_id = batch.accounts[run.number].id
        return "order_and_publish", wish(run.shape, run.number, [account_id], batch.world.alice.id)
    part_id = batch.parts[run.number][0]
    jobs = {"doubt": "reconcile_part", "two_planners": "plan_and_publish"}
    return jobs.get(run.kind, "publish_part"), part_id


def _bring_into_doubt(batch: Batch, run: Run) -> None:
    """Lose the answer of a first attempt, as every other accepted, so that there is something to look up."""
    from pluralis.publishing.models import Part
    from pluralis.publishing.tasks import publish_part, reconcile_part
    from pluralis.teams.queries import database_now

    place, handle = batch.world.place(run.network), handle_of(batch.accounts[run.number])
    part_id, second_look = batch.parts[run.number][0], run.failpoint == "reconcile.between_reads"
    place.lose(run.network, handle, "drop" if run.number % 2 and not second_look else "drop_before")
    publish_part(part_id)
    doubted = Part.objects.filter(id=part_id, state="unconfirmed")
    if second_look:
        doubted.update(look_again_at=database_now())
        reconcile_part(part_id)
    doubted.update(look_again_at=database_now())


def _results(batch: Batch, seconds: float) -> list[Result]:
    standing = {name: batch.world.place(name).standing(name) for name in {run.network for run in batch.runs}}
    return [_result(batch, run, standing[run.network], seconds) for run in batch.runs]


def _result(batch: Batch, run: Run, standing: list[dict[str, Any]], seconds: float) -> Result:
    from pluralis.publishing.models import Part

    account = batch.accounts[run.number]
    ordered = Part.objects.filter(account=account, created_at__gte=batch.began_at).select_related("account")
    parts = list(ordered.order_by("created_at", "position"))
    texts = Counter(entry["text"] for entry in standing if entry["account"] == handle_of(account))
    copies = [texts[part.text] for part in parts]
    removed = batch.removed[run.number]
    if copies and removed:
        copies[0] -= removed
    return Result(
        run, copies, [part.state for part in parts], batch.met[run.number], [part.reason for part in parts],
        [bool(part.url or part.account.profile_url) for part in parts], bool(removed), seconds,
    )  # fmt: skip
