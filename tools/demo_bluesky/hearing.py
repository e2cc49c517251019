"""`make demo-bluesky-full`: hear Dana on the whole real Bluesky, answer her twice, and see the answers stand.

Opt-in: the network with its app view needs Node 22, PostgreSQL and Redis (`tools/bluesky_full`). Nothing of it
outlives the command, so every run begins anew. The line loses answers here too.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.demo_bluesky.__main__ import connected_account, database, default_folder, end_on_sigterm, worker
from tools.demo_bluesky.server import Demo, open_demo
from tools.pds.setup import Missing

PATIENCE_SECONDS = 300
MENTIONS = (
    "is there an outage in Lyon? 👋",
    "bonjour, mon colis n'est pas arrivé",
    "gracias por la ayuda",
)
ANSWERS = ("We have just repaired it. Sorry for the wait.", "Bonjour, nous le cherchons et revenons vers vous. 📦")


def main() -> int:
    """Return 0 when every mention was heard once and both answers stand under theirs, 2 when not installed."""
    parser = argparse.ArgumentParser(prog="make demo-bluesky-full")
    parser.add_argument("--folder", type=Path, help="where our database lies while it runs")
    parser.add_argument("--lose-every", type=int, default=3, help="lose every nth answer; 0: none")
    chosen = parser.parse_args()
    end_on_sigterm()
    folder = (chosen.folder or default_folder()) / "full"
    try:
        with ExitStack() as stack:
            demo = stack.enter_context(open_demo(folder / "bluesky", lose_every=chosen.lose_every, full=True))
            shutil.rmtree(folder / "pg", ignore_errors=True)
            shutil.rmtree(folder / "state", ignore_errors=True)
            stack.enter_context(database(folder, demo))
            return _converse(demo, stack)
    except Missing as missing:
        print(f"The whole of Bluesky is opt-in: {missing}", file=sys.stderr)
        return 2


def _converse(demo: Demo, stack: ExitStack) -> int:
    import django

    django.setup()
    from pluralis.networks.addresses import allow_private_origins

    allow_private_origins(demo.private_origins)
    account = connected_account(demo)
    asked = [_mention(demo, text) for text in MENTIONS]
    stack.enter_context(worker())
    heard = _hear(account, asked)
    for uri, text in zip(asked, ANSWERS, strict=False):
        _answer(heard[uri], text)
    _wait(lambda: _unsent() == 0, "the answers to be sent")
    return _compare(demo, asked, account)


def _mention(demo: Demo, text: str) -> str:
    """Let Dana write to us past everything of ours, as another program would; returns the post's address."""
    handle = f"@{demo.norlune.handle}"
    facet = {
        "index": {"byteStart": 0, "byteEnd": len(handle.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": demo.norlune.did}],
    }
    written = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record = {"$type": "app.bsky.feed.post", "text": f"{handle} {text}", "createdAt": written, "facets": [facet]}
    body = {"repo": demo.dana.did, "collection": "app.bsky.feed.post", "record": record}
    made = demo.pds.ask("com.atproto.repo.createRecord", token=demo.dana.access_token, body=body)
    return str(made["uri"])


def _hear(account: Any, asked: list[str]) -> dict[str, Any]:
    """Wait until the worker has stored every mention; returns the messages by their address."""
    from pluralis.inbox.models import Message

    stored = Message.objects.filter(account=account, direction="in")
    _wait(lambda: stored.filter(remote_id__in=asked).count() == len(asked), "the mentions to come in")
    for message in stored.order_by("created_at"):
        print(f"heard: {message.text}", flush=True)
    return {message.remote_id: message for message in stored}


def _answer(message: Any, text: str) -> None:
    """Answer as a person does at the desk."""
    from pluralis.inbox.actions import Answer, answer
    from pluralis.publishing.actions import Plan
    from pluralis.teams.models import Membership
    from pluralis.teams.queries import database_now

    now = database_now()
    actor = Membership.objects.select_related("team", "user").get()
    answer(
        actor=actor, conversation_id=message.conversation_id, given=Answer(message.id, text), plan=Plan(at=now),
        client_key=f"answer:{message.id}", now=now,
    )  # fmt: skip


def _unsent() -> int:
    from pluralis.publishing.models import Part

    return Part.objects.exclude(state="sent").count()


def _wait(done: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > until:
            raise SystemExit(f"Waited {PATIENCE_SECONDS} s in vain for {what}.")
        time.sleep(0.5)


def _compare(demo: Demo, asked: list[str], account: Any) -> int:
    """Read the answers from the server, and from the app view as Dana sees them; compare with what was meant."""
    from pluralis.inbox.models import Message

    wanted = sorted(zip(asked, ANSWERS, strict=False))
    records = demo.pds.records(demo.norlune.did).values()
    stand = sorted((str(each["value"]["reply"]["parent"]["uri"]), str(each["value"]["text"])) for each in records)
    seen = sorted(pair for uri in asked for pair in _seen_below(demo, uri))
    heard = Message.objects.filter(account=account, direction="in").count()
    print(
        f"written={len(asked)} heard={heard} answered={len(wanted)} stand={len(stand)} seen={len(seen)} "
        f"answers_lost={len(demo.line.lost)}",
        flush=True,
    )
    return 0 if stand == seen == wanted and heard == len(asked) else 1


def _seen_below(demo: Demo, uri: str) -> list[tuple[str, str]]:
    """Return what the app view shows Dana under her post; it shows a new answer a moment later."""
    for _look in range(20):
        view = demo.pds.ask("app.bsky.feed.getPostThread", token=demo.dana.access_token, uri=uri)
        replies = view["thread"].get("replies", [])
        if replies:
            return [(uri, str(each["post"]["record"]["text"])) for each in replies]
        time.sleep(0.1)
    return []


if __name__ == "__main__":
    sys.exit(main())
