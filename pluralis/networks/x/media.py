"""Pictures and films: uploaded first, described second, never posted before X has acknowledged the description."""

import time

from pluralis import failpoints
from pluralis.networks.contract import Attachment, FilmLimits, Outgoing, Uploaded
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.transport import Answer
from pluralis.networks.x.client import XClient
from pluralis.networks.x.dialect import Row
from pluralis.networks.x.refusals import refusal_of_upload

MOST_BYTES = 5 * 1024 * 1024
PIECE = 4 * 1024 * 1024
# docs.x.com/x-api/media/quickstart/best-practices: 512 MB and 140 seconds; descriptions are for pictures only.
FILM = FilmLimits(512 * 1024 * 1024, 140, ("video/mp4", "video/quicktime", "video/webm"), described=False)
LONGEST_WAIT = 5.0  # seconds between two looks at an upload in the works
KEPT_SECONDS = 86_400  # what X says of an upload unless ``expires_after_secs`` says otherwise


def upload_all(client: XClient, outgoing: Outgoing) -> list[str]:
    """Upload and describe every attachment; return their media ids in order.

    Nothing is public yet, so every failure is NotNow, or Refused when X does not take a picture. Uploads that a
    killed process left behind expire at X by themselves after a day.
    """
    if not outgoing.attachments:
        return []
    failpoints.reach("send.before_upload")
    media_ids = [_known(each) or _id_of(_upload(client, each, outgoing)) for each in outgoing.attachments]
    failpoints.reach("send.after_upload")
    for media_id, attachment in zip(media_ids, outgoing.attachments, strict=True):
        if not _known(attachment):  # what was uploaded ahead was described then
            _describe(client, media_id, attachment)
    failpoints.reach("send.after_metadata")
    return media_ids


def upload_ahead(client: XClient, outgoing: Outgoing) -> tuple[Uploaded, ...]:
    """Upload and describe every attachment some minutes before its post; return their media ids and how long X
    keeps them."""
    done = []
    for attachment in outgoing.attachments:
        row = _upload(client, attachment, outgoing)
        _describe(client, _id_of(row), attachment)
        done.append(Uploaded({"id": _id_of(row)}, int(row.get("expires_after_secs") or KEPT_SECONDS)))
    return tuple(done)


def _known(attachment: Attachment) -> str:
    return str((attachment.uploaded or {}).get("id") or "")


def _id_of(row: Row) -> str:
    return str(row["id"])


def _upload(client: XClient, attachment: Attachment, outgoing: Outgoing) -> Row:
    """Upload one file whole, or in pieces when it is large, moving or so set; wait until X has worked it."""
    category = f"{'dm' if outgoing.visibility == 'direct' else 'tweet'}_{_category(attachment)}"
    pieces = (
        not category.endswith("_image")
        or attachment.size > PIECE
        or client.access.settings.get("upload") == "chunked"
    )
    row = _in_pieces(client, attachment, category) if pieces else _whole(client, attachment, category)
    return _worked(client, row)


def _category(attachment: Attachment) -> str:
    if not attachment.is_film:
        return "gif" if attachment.content_type == "image/gif" else "image"
    if attachment.size > FILM.bytes:
        raise Refused("the film is too large for X", {"attachments": "too large"})
    return "video"


def _whole(client: XClient, attachment: Attachment, category: str) -> Row:
    answer = client.upload(
        "/2/media/upload",
        data={"media_category": category},
        files={"media": ("media", attachment.content, attachment.content_type)},
    )
    return _data(answer, client)


def _in_pieces(client: XClient, attachment: Attachment, category: str) -> Row:
    begun = {"media_type": attachment.content_type, "media_category": category, "total_bytes": attachment.size}
    media_id = str(_data(client.upload("/2/media/upload/initialize", json=begun), client)["id"])
    with attachment.open() as stream:
        for number, piece in enumerate(iter(lambda: stream.read(PIECE), b"")):
            answer = client.upload(
                f"/2/media/upload/{media_id}/append",
                data={"segment_index": str(number)},
                files={"media": ("media", piece, "application/octet-stream")},
            )
            if not answer.ok:
                raise refusal_of_upload(answer, client.access)
    return _data(client.upload(f"/2/media/upload/{media_id}/finalize"), client)


def _worked(client: XClient, row: Row) -> Row:
    """Wait, as long as the deadline allows, until X has worked a picture; return what X says of it then."""
    media_id = _id_of(row)
    while (info := row.get("processing_info")) and info.get("state") != "succeeded":
        if info.get("state") == "failed":
            raise _failed(info)
        client.deadline.check()
        seconds = float(info.get("check_after_secs") or 1)
        time.sleep(max(0.0, min(seconds, LONGEST_WAIT, client.deadline.remaining)))
        row = _data(client.read("/2/media/upload", {"media_id": media_id, "command": "STATUS"}), client)
    return row


def _failed(info: Row) -> NotNow | Refused:
    """X names its reason for a film that it cannot show; without a reason it may work the next time."""
    reason = (info.get("error") or {}).get("message")
    return (
        Refused(f"X could not work it: {reason}", {"attachments": str(reason)})
        if reason
        else NotNow("X could not work a picture")
    )


def _describe(client: XClient, media_id: str, attachment: Attachment) -> None:
    """Attach the text, if it has one and X takes it: not of films. Anything but X's acknowledgement for this very
    picture stops the post."""
    if attachment.is_film or not attachment.alt_text:
        return
    body = {"id": media_id, "metadata": {"alt_text": {"text": attachment.alt_text}}}
    row = _data(client.upload("/2/media/metadata", json=body), client)
    if str(row["id"]) != media_id:
        raise NotNow("X did not acknowledge the description of a picture")


def _data(answer: Answer, client: XClient) -> Row:
    """Return the ``data`` of an upload's answer, which must name an id."""
    if not answer.ok:
        raise refusal_of_upload(answer, client.access)
    row: Row = answer.parse(lambda body: {**body["data"], "id": _digits(body["data"]["id"])})
    return row


def _digits(media_id: object) -> str:
    if not str(media_id).isdigit():
        raise ValueError("no media id")
    return str(media_id)
