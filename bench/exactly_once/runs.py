"""One batch of runs: set up, meet the fail-points, let everything come to rest, and ask the ledger."""

import signal
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bench.exactly_once.plan import MOODS, Run
from bench.exactly_once.world import World
from pluralis.core.states import PartState

REST_SECONDS = 240.0
STEP_SECONDS = 0.05
SHOWN = (PartState.SENT, PartState.REFUSED, PartState.HELD, PartState.UNCONFIRMED)
OPEN = (PartState.WAITING, PartState.SENDING, PartState.UNCONFIRMED)


@dataclass
class Result:
    """What became of a run: how often each of its messages stands on the network, and what the product says."""

    run: Run
    copies: list[int]
    states: list[str]
    met: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def doubled(self) -> bool:
        return any(number > 1 for number in self.copies)

    @property
    def lost(self) -> bool:
        """Nowhere on the network although the product says *sent*, or on the network unknown to it, or silent."""
        pairs = list(zip(self.copies, self.states, strict=True))
        wrong = any(state == PartState.SENT and not copies for copies, state in pairs)
        unknown = any(copies and state not in (PartState.SENT, PartState.UNCONFIRMED) for copies, state in pairs)
        # The rest of a thread waits, rightly, while the message before it is not settled.
        open_ended = self.states[0] not in SHOWN or (self.states[0] == "sent" and self.states[-1] not in SHOWN)
        return wrong or unknown or open_ended

    @property
    def unresolved(self) -> bool:
        return any(state == PartState.UNCONFIRMED for state in self.states)


def run_batch(world: World, runs: list[Run]) -> list[Result]:
    """Take a batch of runs, each on an account of its own, to rest."""
    marks = {name: _last(world, name) for name in world.fakes.origins}
    places = _places(world, runs)
    for name in world.fakes.origins:
        world.fakes.ask(name, "DELETE", "moods")
    deliveries = {run.number: _prepare(world, run, places[run.number]) for run in runs}
    for run in runs:
        if run.kind != "doubt":
            _set_mood(world, run, places[run.number])
    met = _strike(world, runs, deliveries, places)
    _rest(world, runs, deliveries, met)
    return [_result(world, run, deliveries[run.number], marks, met[run.number]) for run in runs]


def _places(world: World, runs: list[Run]) -> dict[int, Any]:
    """Give every run an account of its own within the batch."""
    free = {name: list(accounts) for name, accounts in world.accounts.items()}
    return {run.number: free[run.network].pop() for run in runs}


def _last(world: World, network: str) -> int:
    entries = world.fakes.ask(network, "GET", "ledger?action=post")["entries"]
    return entries[-1]["number"] if entries else 0


def _prepare(world: World, run: Run, account: Any) -> Any:
    """Schedule the run's post, due now, with what its kind needs."""
    from pluralis.posts.actions import add_picture, create_post
    from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
    from pluralis.publishing.actions import Plan, schedule_post
    from pluralis.teams.queries import database_now

    now = database_now()
    _reset_account(world, run, account)
    media: tuple[Any, ...] = ()
    if run.kind == "picture":
        picture = add_picture(actor=world.alice, content=_picture(), alt_text="A shop", now=now)
        media = (picture.id,)
    segments = [DraftSegment(run.text, media)]
    if run.kind == "thread":
        segments.append(DraftSegment(f"{run.text} - and then?"))
    draft = Draft((DraftVersion(tuple(segments)),), language="en")
    post = create_post(actor=world.alice, draft=draft, client_key=str(uuid4()), now=now)
    plan = Plan(at=now)
    return schedule_post(
        actor=world.alice, post_id=post.id, account_ids=[account.id], plan=plan, client_key=str(uuid4()), now=now
    )[0]


def _reset_account(world: World, run: Run, account: Any) -> None:
    """Give the account fresh keys: tokens about to end for a refresh run, else keys that last."""
    from pluralis.networks.contract import Grant
    from pluralis.teams.actions import store_grant
    from pluralis.teams.models import Account
    from pluralis.teams.queries import database_now

    opened = world.fakes.ask(run.network, "POST", "accounts", {"handle": account.handle, "role": "brand"})
    keys = opened["credentials"]
    Account.objects.filter(id=account.id).update(connected=True, disconnected_reason="")
    if run.kind == "refresh":
        pair = {"access_token": keys["oauth2_access_token"], "refresh_token": keys["oauth2_refresh_token"]}
        store_grant(account, Grant(pair, database_now() + timedelta(seconds=5)))
    else:
        names = [each.name for each in _connector(run.network).fields]
        store_grant(account, Grant({name: keys[name] for name in names if name in keys}))


def _connector(network: str) -> Any:
    from pluralis.networks.registry import network as registered

    return registered(network).connector


def _picture() -> bytes:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 90, 120)).save(buffer, "PNG")
    return buffer.getvalue()


def _set_mood(world: World, run: Run, account: Any) -> None:
    mood = MOODS[run.mood]
    if mood:
        world.fakes.ask(run.network, "POST", "moods", {**mood, "account": account.handle})


def _strike(world: World, runs: list[Run], deliveries: dict[int, Any], places: dict[int, Any]) -> dict[int, bool]:
    """Let each run's process meet its fail-point; returns whether it did."""
    for run in runs:
        part_id = _first_part(deliveries[run.number])
        if run.kind == "doubt":
            _bring_into_doubt(world, run, part_id, places[run.number])
            world.forge.order(str(run.number), "reconcile_part", part_id, run.failpoint, run.action)
        else:
            world.forge.order(str(run.number), "publish_part", part_id, run.failpoint, run.action)
    return {run.number: world.forge.wait(str(run.number)) in (signal.SIGKILL, signal.SIGSTOP) for run in runs}


def _first_part(delivery: Any) -> str:
    return str(delivery.parts.order_by("position").values_list("id", flat=True)[0])


def _bring_into_doubt(world: World, run: Run, part_id: str, account: Any) -> None:
    """Lose the answer of a first attempt, as every other accepted, so that there is something to look up."""
    from pluralis.publishing.models import Part
    from pluralis.publishing.tasks import publish_part, reconcile_part
    from pluralis.teams.queries import database_now

    second_look = run.failpoint == "reconcile.between_reads"
    name = "drop" if run.number % 2 and not second_look else "drop_before"
    mood = {"name": name, "endpoint": "post", "times": 1, "account": account.handle}
    world.fakes.ask(run.network, "POST", "moods", mood)
    publish_part(part_id)
    if second_look:
        Part.objects.filter(id=part_id, state=PartState.UNCONFIRMED).update(look_again_at=database_now())
        reconcile_part(part_id)
    _set_mood(world, run, account)
    Part.objects.filter(id=part_id, state=PartState.UNCONFIRMED).update(look_again_at=database_now())


def _rest(world: World, runs: list[Run], deliveries: dict[int, Any], met: dict[int, bool]) -> None:
    """Work like the workers that are left, until nothing is open; frozen processes wake in the middle."""
    frozen = [str(run.number) for run in runs if run.action == "freeze" and met[run.number]]
    woken_at = time.monotonic() + 0.5
    until = time.monotonic() + REST_SECONDS
    ids = [delivery.id for delivery in deliveries.values()]
    names = [str(run.number) for run in runs]
    while time.monotonic() < until:
        if frozen and time.monotonic() > woken_at:
            for name in frozen:
                world.forge.wake(name)
            frozen = []
        if not _work(world, ids) and not frozen and not any(world.forge.lives(name) for name in names):
            return
        time.sleep(STEP_SECONDS)


def _work(world: World, delivery_ids: list[Any]) -> bool:
    """Do what a worker would do now; returns whether anything is still open."""
    from django.db.models import Q

    from pluralis.publishing.actions import doubt_abandoned_parts
    from pluralis.publishing.models import Part
    from pluralis.publishing.tasks import publish_part, reconcile_part
    from pluralis.teams.queries import database_now

    doubt_abandoned_parts(now=database_now())
    _person_reconnects(world, delivery_ids)
    parts = Part.objects.filter(delivery__in=delivery_ids).select_related("delivery")
    # Back-offs and limits of minutes are a matter of waiting, not of the protocol: here their time has come.
    _come_due(delivery_ids)
    for part in parts.filter(state=PartState.WAITING).order_by("position"):
        publish_part(str(part.id))
    for part in parts.filter(Q(look_again_at__lte=database_now()), state=PartState.UNCONFIRMED):
        reconcile_part(str(part.id))
    asked = Q(state=PartState.UNCONFIRMED, look_again_at__isnull=True)
    broken = Q(state=PartState.WAITING, position__gt=0, delivery__parts__position=0) & Q(
        delivery__parts__state__in=[PartState.REFUSED, PartState.HELD]
    )
    return parts.filter(state__in=OPEN).exclude(asked).exclude(broken).exists()


def _come_due(delivery_ids: list[Any]) -> None:
    from django.db import transaction

    from pluralis.publishing.models import Part
    from pluralis.teams.queries import database_now

    with transaction.atomic():
        waiting = Part.objects.filter(delivery__in=delivery_ids, state=PartState.WAITING)
        # A frozen process may hold its row; everybody else's time comes all the same.
        ids = list(waiting.select_for_update(skip_locked=True).values_list("id", flat=True))
        Part.objects.filter(id__in=ids).update(due_at=database_now() - timedelta(milliseconds=1))


def _person_reconnects(world: World, delivery_ids: list[Any]) -> None:
    """Connect an account again that lost its tokens, and let its held parts go on, as a person does."""
    from django.utils import timezone

    from pluralis.networks.contract import Grant
    from pluralis.publishing.actions import try_again
    from pluralis.publishing.models import Part
    from pluralis.teams.actions import store_grant
    from pluralis.teams.models import Account

    held = Part.objects.filter(delivery__in=delivery_ids, state=PartState.HELD, hold_reason="disconnected")
    for part in held.select_related("account"):
        keys = world.tokens[part.account.network][str(part.account_id)]
        names = [each.name for each in _connector(part.account.network).fields]
        store_grant(part.account, Grant({name: keys[name] for name in names if name in keys}))
        Account.objects.filter(id=part.account_id).update(connected=True, disconnected_reason="")
        try_again(actor=world.alice, part_id=part.id, at=timezone.now(), now=timezone.now())


def _result(world: World, run: Run, delivery: Any, marks: dict[str, int], met: bool) -> Result:
    wanted = f"/{run.number}"
    entries = world.fakes.sent(run.network, marks[run.network])
    parts = list(delivery.parts.order_by("position"))
    copies = []
    for part in parts:
        copies.append(sum(1 for entry in entries if _words(entry) == part.text and wanted in _words(entry)))
    return Result(run, copies, [part.state for part in parts], met, [part.reason for part in parts])


def _words(entry: dict[str, Any]) -> str:
    return str(entry["detail"].get("text", ""))
