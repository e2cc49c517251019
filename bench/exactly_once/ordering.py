"""How posts are ordered: as the page and the API do it, with a client key on every creating command."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from bench.exactly_once.plan import SEGMENTS
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion

A_DAY = timedelta(days=1)
"""How late a run's post may be: a busy machine must not turn it into a missed one."""

WORDS = "we & you 🙂 https://norlune.example/offer"
"""An ampersand, an emoji and a link: each network counts, escapes or shortens one of them."""


def wish(shape: str, number: int, account_ids: Sequence[UUID], actor_id: UUID) -> dict[str, Any]:
    """Return an order as plain values; two processes that carry it out make one post.

    ``number`` makes its words unlike those of any other order; each account has a version of its own, as X wants it.
    """
    return {
        "number": number,
        "actor": str(actor_id),
        "accounts": [str(account_id) for account_id in account_ids],
        "segments": SEGMENTS if shape == "thread" else 1,
        "posts": SEGMENTS if shape == "burst" else 1,
        "picture": shape == "picture",
    }


def _version(about: dict[str, Any], account: int, media: tuple[UUID, ...]) -> DraftVersion:
    texts = [
        f"Run {about['number']}: voice {account}, turn {position}, {WORDS}" for position in range(about["segments"])
    ]
    segments = [DraftSegment(text, media if position == 0 else ()) for position, text in enumerate(texts)]
    return DraftVersion(tuple(segments), UUID(about["accounts"][account]) if account else None)


def order(about: dict[str, Any]) -> dict[UUID, list[str]]:
    """Create the posts and put them on their road, due now; returns the ids of their parts in order, by account."""
    ordered = [_order(about | {"number": f"{about['number']}.{post}"}) for post in range(about["posts"])]
    return {account: [part for parts in ordered for part in parts[account]] for account in ordered[0]}


def _order(about: dict[str, Any]) -> dict[UUID, list[str]]:
    from pluralis.posts.actions import add_picture, create_post
    from pluralis.publishing.actions import Plan, schedule_post
    from pluralis.teams.models import Membership
    from pluralis.teams.queries import database_now

    now = database_now()
    actor = Membership.objects.select_related("user", "team").get(id=about["actor"])
    media: tuple[UUID, ...] = ()
    if about["picture"]:
        media = (add_picture(actor=actor, content=_picture(), alt_text="A shop", now=now).id,)
    versions = tuple(_version(about, account, media) for account in range(len(about["accounts"])))
    draft = Draft(versions, language="en")
    post = create_post(actor=actor, draft=draft, client_key=f"write-{about['number']}", now=now)
    deliveries = schedule_post(
        actor=actor, post_id=post.id, account_ids=[UUID(each) for each in about["accounts"]],
        plan=Plan(at=now, missed_policy="late", late_limit=A_DAY), client_key=f"plan-{about['number']}", now=now,
    )  # fmt: skip
    return {
        each.account_id: [str(part) for part in each.parts.order_by("position").values_list("id", flat=True)]
        for each in deliveries
    }


def _picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 90, 120)).save(buffer, "PNG")
    return buffer.getvalue()
