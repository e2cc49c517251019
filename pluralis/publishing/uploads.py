"""Pictures and films that lie on the network already: which part they serve, and for how long.

Uploading itself is ``uploading``. Nothing here costs a part without pictures a query.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from pluralis import jobs
from pluralis.core.states import PartState
from pluralis.networks.contract import Outgoing, Uploads
from pluralis.posts.models import SegmentMedia
from pluralis.publishing.cards import link_of
from pluralis.publishing.models import Part, StopOrder, Upload
from pluralis.teams.locks import is_owned
from pluralis.teams.queries import database_now, network_of, public_access_of

AHEAD = timedelta(minutes=20)
"""How long before its time a part is made ready: enough for a film, and less than any network keeps one."""

MARGIN = timedelta(minutes=5)
"""An upload that ends within this time is not relied on."""

MOST_TRIES = 3

STILL_TO_GO = (PartState.WAITING, PartState.HELD, PartState.MISSED)


def content_of(part: Part) -> str:
    """Return the name of what would be uploaded for a part: the same for the same files, descriptions and card."""
    pictures = [(str(one.media_id), one.media.alt_text) for one in pictures_of(part)]
    told = [part.delivery.post.visibility, pictures, str(part.card_id or "")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def pictures_of(part: Part) -> list[SegmentMedia]:
    """Return the pictures or the film of a part. No query where its segment was read with them, else one or two."""
    if part.segment is None:
        return []
    prefetch_related_objects([part.segment], "pictures__media")
    return list(part.segment.pictures.all())


def with_uploads(part: Part, outgoing: Outgoing) -> Outgoing:
    """Return the part with where its files lie on the network already, if they do and are the same. One query."""
    upload = Upload.objects.filter(part=part.id, expires_at__gt=database_now() + MARGIN).first()
    if upload is None or upload.content != content_of(part) or len(upload.files) != len(outgoing.files):
        return outgoing
    known = [replace(one, uploaded=told) for one, told in zip(outgoing.files, upload.files, strict=True)]
    count, card = len(outgoing.attachments), outgoing.card
    if card is not None and known[count:]:
        card = replace(card, picture=known[count])
    return replace(outgoing, attachments=tuple(known[:count]), card=card)


def may_upload(part: Part) -> bool:
    """Whether anything of the part may go to its network yet: what is held, stopped or done by hand stays here."""
    account = part.account
    if not account.connected or account.paused_at or account.quarantined_at or part.delivery.by_hand:
        return False
    return not StopOrder.objects.filter(team=part.team_id, lifted_at__isnull=True).exists()


def awaits_upload(part: Part) -> bool:
    """Whether a due part's film is on its way to the network, or shall be: the part is then not claimed yet.

    A film shares no deadline with its post. Whoever uploads it wakes the part, also when it did not work; then the
    post is sent with the film as ever. No query for a part without a film.
    """
    if part.segment is None or not any(one.media.is_film for one in part.segment.pictures.all()):
        return False
    if not isinstance(network_of(part.account).connector, Uploads) or not may_upload(part):
        return False
    upload = Upload.objects.filter(part=part.id).first()
    if upload is not None and is_owned(upload.token):
        return True
    if upload is not None and upload.content == content_of(part):
        lies_there = upload.expires_at is not None and upload.expires_at > database_now() + MARGIN
        if lies_there or upload.tries >= MOST_TRIES:
            return False
    jobs.defer("prepare_part", queue=jobs.UPKEEP, part_id=str(part.id))
    return True


def upload_trouble(part: Part) -> Upload | None:
    """Return the upload of a part that failed and is still to go out, ``None`` where all is well.

    No query where the part was read with its upload, else one.
    """
    upload: Upload | None = getattr(part, "upload", None)
    return upload if upload is not None and upload.problem and part.state in STILL_TO_GO else None


def forbidden_to_programs(part: Part, outgoing: Outgoing) -> bool:
    """Whether a person must send this part in the browser: nothing is uploaded for it. Opens no secrets."""
    return network_of(part.account).connector.hand_over(public_access_of(part.account), outgoing) is not None


def prepare_soon(parts: Iterable[Part], now: datetime) -> None:
    """Put the jobs of new parts that are due before the next look ahead into the engine. In the caller's transaction.

    No query for parts without pictures and links.
    """
    wanted = [part for part in parts if part.due_at <= now + AHEAD and _lacks_something(part)]
    arguments = ({"part_id": str(part.id)} for part in wanted)
    jobs.defer_many("prepare_part", queue=jobs.UPKEEP, at=None, arguments=arguments)


def _lacks_something(part: Part) -> bool:
    if part.segment is not None and len(part.segment.pictures.all()) > 0:
        return isinstance(network_of(part.account).connector, Uploads)
    return part.card_id is not None or link_of(part) is not None
