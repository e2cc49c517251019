"""Upload the pictures or the film of a part some minutes before its time: the one place that does it ahead.

A film has a deadline of its own, far longer than a post's. A failure is no error: the part is then sent with its
files as ever. A worker killed in between leaves a file on the network that no post names, which the network forgets.
"""

import logging
import threading

from pluralis import jobs
from pluralis.networks.contract import Outgoing, Uploaded, Uploads
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused
from pluralis.publishing.actions.uploads import begin_upload, fail_upload, keep_upload
from pluralis.publishing.composing import compose
from pluralis.publishing.models import Part, Upload
from pluralis.publishing.uploads import content_of, forbidden_to_programs
from pluralis.teams.actions.credentials import ensure_fresh, mark_stale
from pluralis.teams.fields import SealBroken
from pluralis.teams.ids import new_id
from pluralis.teams.locks import locks
from pluralis.teams.models import Credential
from pluralis.teams.queries import access_of, database_now, network_of

log = logging.getLogger(__name__)

PICTURE_SECONDS = 60.0
FILM_SECONDS = 600.0
"""The deadline of one film: 512 MB, the most that any network here takes, at 7 Mbit/s."""

# The jobs of upkeep have other work to do while films go out.
_room = threading.BoundedSemaphore(2)


def upload_ahead(part: Part) -> bool:
    """Upload what a part needs, if its network takes that ahead; returns whether it lies there now.

    ``part`` comes with its account, delivery, post and segment. Never raises but for the database.
    """
    connector = network_of(part.account).connector
    if not isinstance(connector, Uploads) or not _room.acquire(blocking=False):
        return False
    token = new_id()
    try:
        outgoing = compose(part, part.planned_at)
        if not outgoing.files or forbidden_to_programs(part, outgoing):
            return False
        if all(one.uploaded is not None for one in outgoing.files):
            return True
        locks.hold(token)
        upload = begin_upload(part, content_of(part), token, database_now())
        return upload is not None and _upload(part, connector, outgoing, upload)
    finally:
        locks.release(token)
        _room.release()


def _upload(part: Part, connector: Uploads, outgoing: Outgoing, upload: Upload) -> bool:
    try:
        done = _ask(part, connector, outgoing)
    except (NetworkError, SealBroken, Credential.DoesNotExist, OSError) as error:
        log.info("the files of part %s could not be uploaded ahead: %s", part.id, error)
        refused = isinstance(error, Refused)
        for_good = refused or isinstance(error, Disconnected)
        fail_upload(upload, str(error), database_now(), for_good=for_good, refused=refused)
        return False
    return keep_upload(upload, done, database_now())


def _ask(part: Part, connector: Uploads, outgoing: Outgoing) -> tuple[Uploaded, ...]:
    access = access_of(part.account, ensure_fresh(part.account))
    is_film = any(one.is_film for one in outgoing.files)
    jobs.lend_connection()
    try:
        return connector.upload(access, outgoing, Deadline.after(FILM_SECONDS if is_film else PICTURE_SECONDS))
    except NotNow as error:
        if error.refresh:
            mark_stale(part.account_id)
        raise
