"""An evidence pack: what somebody wrote, as it stood, with times, addresses, pictures drawn by us, and hashes.

Everything is drawn from our own rows as escaped text; nothing is fetched. The pictures show letters of European
scripts; any other character is written as its number (``[U+0645]``) there, and stands as it is in *messages.json*.
"""

import hashlib
import io
import json
import textwrap
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from pluralis.inbox.models import Contact, Message

WIDTH, MARGIN, LINE = 1000, 40, 34
LETTERS = 76
"""Characters of a line of a picture."""
_LAST_DRAWN = 0x024F  # Latin Extended-B: what the packaged letters of Pillow hold
_ALSO = frozenset("‘’“”–—…•€™")


def make_pack(contact: Contact, messages: Sequence[Message], made_at: datetime, made_by: str, zone: str) -> bytes:
    """Return the pack as a zip: *messages.json*, *evidence.pdf*, a picture per message, *hashes.txt*.

    The same messages at the same instant give the same bytes.
    """
    rows = [_row(number, each) for number, each in enumerate(messages, start=1)]
    head = {"contact": contact.name, "contact_id": str(contact.id), "made_at": _stamp(made_at), "made_by": made_by,
            "zone_of_the_team": zone, "messages": rows}  # fmt: skip
    pictures = [draw(row) for row in rows]
    files = {"messages.json": json.dumps(head, ensure_ascii=False, indent=1).encode()}
    files |= {f"pictures/{number:04d}.png": _png(one) for number, one in enumerate(pictures, start=1)}
    if pictures:
        files["evidence.pdf"] = _pdf(pictures, made_at)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())]
    files["hashes.txt"] = ("\n".join(lines) + "\n").encode()
    return _zipped(files, made_at)


def _row(number: int, message: Message) -> dict[str, Any]:
    profile = message.profile
    return {
        "number": number,
        "network": profile.network if profile else "",
        "host": profile.host if profile else "",
        "author": profile.display_name if profile else "",
        "handle": profile.handle if profile else "",
        "profile_id": profile.remote_id if profile else "",
        "to": message.account.handle,
        "kind": message.kind,
        "text": message.text,
        "sha256_of_text": hashlib.sha256(message.text.encode()).hexdigest(),
        "message_id": message.remote_id or "",
        "url": message.url,
        "written_at": _stamp(message.created_at),
        "received_at": _stamp(message.received_at),
        "pictures_attached": [str(each.get("url", "")) for each in message.media],
    }


def draw(row: dict[str, Any]) -> Image.Image:
    """Return a message as a picture: who, when, where, the words, and the hash of the words."""
    lines = [
        f"{row['number']}.  {row['author']}  @{row['handle']}  to  @{row['to']}",
        f"{row['written_at']}   {row['kind']}   {row['network']}",
        "",
        *(line for paragraph in shown(row["text"]).splitlines() or [""] for line in _wrapped(paragraph)),
        "",
        *_wrapped(row["url"] or "no address"),
        f"SHA-256 {row['sha256_of_text']}",
    ]
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + LINE * len(lines)), "white")
    pen, words, small = ImageDraw.Draw(image), _font(24), _font(18)
    for place, line in enumerate(lines):
        quiet = place in (1, len(lines) - 1)
        pen.text((MARGIN, MARGIN + LINE * place), shown(line), fill="#57616b" if quiet else "#111",
                 font=small if quiet else words)  # fmt: skip
    pen.rectangle((0, 0, image.width - 1, image.height - 1), outline="#b8c0c8")
    return image


def shown(text: str) -> str:
    """Return ``text`` as it can be drawn: marks that turn the writing around, and far scripts, by their number."""
    return "".join(each if _is_drawn(each) else f"[U+{ord(each):04X}]" for each in text)


def _is_drawn(letter: str) -> bool:
    return (
        letter == "\n" or letter in _ALSO or (letter >= " " and ord(letter) <= _LAST_DRAWN and letter.isprintable())
    )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, LETTERS, break_long_words=True) or [""]


def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def _png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _pdf(pictures: Sequence[Image.Image], made_at: datetime) -> bytes:
    held = io.BytesIO()
    first, *others = pictures
    moment = made_at.astimezone(UTC).timetuple()
    first.save(held, "PDF", save_all=True, append_images=others, resolution=110, title="Evidence",
               creationDate=moment, modDate=moment)  # fmt: skip
    return held.getvalue()


def _zipped(files: dict[str, bytes], made_at: datetime) -> bytes:
    held = io.BytesIO()
    date = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return held.getvalue()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
