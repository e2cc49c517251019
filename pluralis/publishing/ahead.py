"""Make parts ready some minutes before their time: their card first, then their files on the network."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from pluralis.core.states import PartState
from pluralis.networks.contract import Uploads
from pluralis.networks.registry import networks
from pluralis.posts.models import SegmentMedia
from pluralis.publishing.actions.cards import give_card
from pluralis.publishing.models import BareLink, Part, StopOrder, Upload
from pluralis.publishing.uploading import upload_ahead
from pluralis.publishing.uploads import AHEAD, MARGIN, MOST_TRIES, may_upload

MOST_AT_ONCE = 500


def prepare_part(part_id: str) -> bool:
    """Give one waiting part its card and upload its files; returns whether these lie on the network now."""
    waiting = Part.objects.select_related("account__team", "delivery__post", "segment", "card")
    part = waiting.filter(id=part_id, state=PartState.WAITING, in_doubt=False).first()
    if part is None or not may_upload(part):
        return False
    give_card(part)
    return upload_ahead(part)


def parts_to_prepare(now: datetime) -> list[UUID]:
    """Return the waiting parts of the next minutes that lack a card or an upload, the earliest first. One query."""
    due = Part.objects.filter(state=PartState.WAITING, in_doubt=False, due_at__gt=now, due_at__lte=now + AHEAD)
    free = due.filter(account__connected=True, account__paused_at=None, account__quarantined_at=None)
    allowed = free.filter(~Exists(_stopped()), delivery__by_hand=False)
    lacking = allowed.filter(_files_to_upload() | _card_to_read())
    return list(lacking.order_by("due_at", "id").values_list("id", flat=True)[:MOST_AT_ONCE])


def _stopped() -> QuerySet[StopOrder]:
    return StopOrder.objects.filter(team=OuterRef("team"), lifted_at__isnull=True)


def _files_to_upload() -> Q:
    """Parts with pictures, a film or a card's picture that do not lie on a network that takes them ahead."""
    takers = [name for name, one in networks().items() if isinstance(one.connector, Uploads)]
    settled = Q(expires_at__gt=OuterRef("due_at") + MARGIN) | Q(expires_at__isnull=True, tries__gte=MOST_TRIES)
    known = Upload.objects.filter(settled, part=OuterRef("pk"), segment_id=OuterRef("segment_id"))
    return Q(Exists(_pictures()) | Q(card__picture__gt=""), ~Exists(known), account__network__in=takers)


def _card_to_read() -> Q:
    """Parts without a card whose text may have a link, on a network that builds none. Pictures stand in its place,
    and where a writer wants none below any link of the post nothing is read."""
    takers = [name for name, one in networks().items() if one.connector.limits(None).card is not None]
    bare = BareLink.objects.filter(post=OuterRef("delivery__post"))
    return Q(
        ~Exists(_pictures()), ~Exists(bare), card__isnull=True, account__network__in=takers,
        text__regex=r"://|[[:alnum:]]\.[[:alpha:]]{2}",
    )  # fmt: skip


def _pictures() -> QuerySet[SegmentMedia]:
    return SegmentMedia.objects.filter(segment=OuterRef("segment"))
