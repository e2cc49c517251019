"""Faces from outside: small, ours, and never a way for strangers to learn or send anything."""

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account, Membership
from pluralis.web import avatars
from tests.apps.cast import Cast

Browser = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(avatars, "_place", lambda url: tmp_path / "avatars" / f"{zlib.crc32(url.encode())}.webp")
    yield


def picture(size: tuple[int, int] = (400, 300), kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, "teal").save(buffer, format=kind, exif=exif)
    return buffer.getvalue()


def test_a_face_is_written_anew_small_and_square_and_tells_nothing_else() -> None:
    made = avatars.small(picture())
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size) == ("WEBP", (160, 160))
        assert not image.getexif()


@pytest.mark.parametrize("content", [b"", b"<svg onload='alert(1)'/>", b"GIF89a", picture()[:100], b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no picture"):
        avatars.small(content)


def test_a_bomb_is_not_opened() -> None:
    with pytest.raises(ValueError, match="too many pixels"):
        avatars.small(picture((5000, 4000), "PNG"))


def test_the_face_of_an_account_comes_from_our_own_address_and_is_kept(
    cast: Cast, account: Account, x: FakeX, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.avatar_url.startswith(x.origin)
    alice, address = browser(cast.alice), reverse("account_avatar", args=[account.id])
    page = alice.get(reverse("settings_accounts")).content.decode()
    assert f'src="{address}"' in page and account.avatar_url not in page
    first = alice.get(address)
    assert (first.headers["Content-Type"], first.headers["Content-Security-Policy"]) == (
        "image/webp", "default-src 'none'; sandbox",
    )  # fmt: skip
    monkeypatch.setattr(avatars, "fetch_url", lambda *_a, **_k: pytest.fail("asked a second time"))
    assert alice.get(address).content == first.content
    assert browser(cast.charlie).get(address).status_code == 404


def test_where_there_is_no_face_initials_stand(
    cast: Cast, account: Account, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(avatars, "_fetch", lambda url: asked.append(url) or b"")
    address = reverse("account_avatar", args=[account.id])
    for _ in range(2):
        answer = browser(cast.alice).get(address)
        assert answer.headers["Content-Type"] == "image/svg+xml" and b">NO<" in answer.content
    assert len(asked) == 1


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://169.254.169.254/latest", "javascript:1", "", "http://["]
)
def test_a_face_leads_nowhere_that_a_stranger_must_not_send_us(url: str) -> None:
    assert avatars.face_of(url) is None


def test_a_private_address_is_not_asked(x: FakeX) -> None:
    before = allow_private_origins([])
    try:
        assert avatars.face_of(f"{x.origin}/pictures/1.png") is None
    finally:
        allow_private_origins(before)


def test_a_slow_server_does_not_hold_the_others(x: FakeX) -> None:
    taken = [avatars._fetching.acquire(blocking=False) for _ in range(2)]
    try:
        assert all(taken) and avatars.face_of(f"{x.origin}/pictures/1.png") is None
    finally:
        for _ in taken:
            avatars._fetching.release()
    assert avatars.face_of(f"{x.origin}/pictures/1.png") is not None
