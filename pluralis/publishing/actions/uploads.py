"""Keep what was uploaded ahead of a part's time. Losing any of it loses nothing: the part is sent with its files."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from pluralis.config import wiring
from pluralis.core.states import PartState
from pluralis.networks.contract import Uploaded
from pluralis.publishing.models import Delivery, Part, Upload
from pluralis.publishing.uploads import MARGIN, MOST_TRIES, STILL_TO_GO, content_of
from pluralis.publishing.wakeups import wake_next
from pluralis.teams.changes import note_change
from pluralis.teams.locks import is_owned


def begin_upload(part: Part, content: str, token: UUID, now: datetime) -> Upload | None:
    """Take the right to upload a part's files under ``token``, whose lock the caller holds.

    ``None`` when somebody living uploads them, when they lie there already, or when it was tried often enough.
    """
    with transaction.atomic():
        Upload.objects.bulk_create([Upload(team_id=part.team_id, part=part)], ignore_conflicts=True)
        upload = Upload.objects.select_for_update().get(part=part)
        if is_owned(upload.token):
            return None
        same = upload.content == content
        tries = upload.tries if same and upload.expires_at is None else 0
        upload.segment_id = part.segment_id
        if tries >= MOST_TRIES or (same and _lies_there(upload, now)):
            upload.save(update_fields=["segment_id"])
            return None
        upload.content, upload.files, upload.expires_at = content, [], None
        upload.tries, upload.token, upload.problem, upload.refused = tries + 1, token, "", False
        upload.save()
    return upload


def _lies_there(upload: Upload, now: datetime) -> bool:
    return upload.expires_at is not None and upload.expires_at > now + MARGIN


def keep_upload(upload: Upload, done: Sequence[Uploaded], now: datetime) -> bool:
    """Keep where the files lie, if nobody else took over; wakes a part that waits for its film."""
    expires_at = now + timedelta(seconds=min(one.seconds for one in done))
    files = [dict(one.reference) for one in done]
    return _end(upload, now, files=files, expires_at=expires_at, tries=0)


def fail_upload(
    upload: Upload, problem: str, now: datetime, *, for_good: bool = False, refused: bool = False
) -> bool:
    """Note why the files were not taken; the part is sent with them all the same, and says then what is wrong.

    What the network ``refused`` is told at once to those who can replace it: there is still time to.
    """
    tries = MOST_TRIES if for_good else upload.tries
    with transaction.atomic():
        noted = _end(upload, now, problem=problem[:500], tries=tries, refused=refused, failed_at=now)
        part = Part.objects.select_related("account", "delivery__post").get(id=upload.part_id)
        if noted and refused and part.state in STILL_TO_GO and part.due_at > now:
            wiring.tell("upload_refused", part=part, now=now)
    return noted


def _end(upload: Upload, now: datetime, **values: object) -> bool:
    with transaction.atomic():
        ended = Upload.objects.filter(id=upload.id, token=upload.token).update(token=None, **values)
        if not ended:
            return False
        part = Part.objects.only("id", "account_id", "team_id", "state", "due_at").get(id=upload.part_id)
        if part.state == PartState.WAITING and part.due_at <= now:
            wake_next(part.account_id, now)
        note_change(part.team_id, f"part:{part.id}", *(["calendar"] if "problem" in values else []))
    return True


def forget_other_files(deliveries: Collection[Delivery]) -> int:
    """Forget what was uploaded, or failed, for parts that now go with other files; returns for how many.

    In the transaction that changed them. Other files are made ready afresh, with all their tries. Two queries.
    """
    uploads = Upload.objects.filter(part__delivery__in=deliveries).exclude(content="")
    wanted = ("part__delivery__post", "part__segment", "part__card")
    other = [one for one in uploads.select_related(*wanted) if content_of(one.part) != one.content]
    if other:
        Upload.objects.filter(id__in=[one.id for one in other]).update(
            files=[], expires_at=None, tries=0, problem="", refused=False
        )
    return len(other)


def forget_upload(part_id: UUID) -> None:
    """Rely no longer on what was uploaded for a part: the network has lost it. The next try uploads as it sends."""
    Upload.objects.filter(part=part_id).update(files=[], expires_at=None, tries=MOST_TRIES)
