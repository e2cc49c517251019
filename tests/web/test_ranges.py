"""Films and pictures, whole or in stretches: what a player asks for is what it gets, and nothing is read whole."""

import asyncio
import tracemalloc
from collections.abc import Callable

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncRequestFactory, Client
from django.urls import reverse
from django.utils import timezone

from pluralis.posts.actions import add_media
from pluralis.posts.models import Media
from pluralis.teams.models import Membership
from pluralis.web.ranges import serve_stored
from tests.apps.cast import Cast
from tests.films import mp4

Browser = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def film(cast: Cast) -> Media:
    import io

    content = io.BytesIO(mp4(frames=600_000))
    return add_media(actor=cast.alice, content=content, alt_text="Waves", now=timezone.now())


def whole(film: Media) -> bytes:
    with film.file.open("rb") as stream:
        return stream.read()


def test_a_whole_film_says_that_stretches_can_be_asked_for(cast: Cast, film: Media, browser: Browser) -> None:
    shown = browser(cast.alice).get(reverse("media", args=[film.id]))
    assert (shown.status_code, shown["Accept-Ranges"], shown["Content-Type"]) == (200, "bytes", "video/mp4")
    assert int(shown["Content-Length"]) == film.size_bytes
    assert b"".join(shown.streaming_content) == whole(film)


# What Safari asks first, the middle over several pieces, the rest, the end, more than there is, the last byte.
STRETCHES = {
    "bytes=0-1": (0, 2), "bytes=1000-400000": (1000, 400_001), "bytes=300000-": (300_000, None),
    "bytes=-500": (-500, None), "bytes=599000-99999999": (599_000, None), "bytes=-99999999": (0, None),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "wanted"), STRETCHES.items())
def test_a_stretch_is_given_exactly(
    cast: Cast, film: Media, browser: Browser, asked: str, wanted: tuple[int, int | None]
) -> None:
    shown = browser(cast.alice).get(reverse("media", args=[film.id]), headers={"Range": asked})
    content = b"".join(shown.streaming_content)
    assert shown.status_code == 206
    assert content == whole(film)[slice(*wanted)]
    begin = wanted[0] if wanted[0] >= 0 else film.size_bytes + wanted[0]
    assert shown["Content-Range"] == f"bytes {begin}-{begin + len(content) - 1}/{film.size_bytes}"
    assert int(shown["Content-Length"]) == len(content)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=5-2", "bytes=-0"])
def test_a_stretch_that_is_not_there_is_told_the_length(
    cast: Cast, film: Media, browser: Browser, asked: str
) -> None:
    shown = browser(cast.alice).get(reverse("media", args=[film.id]), headers={"Range": asked})
    assert (shown.status_code, shown["Content-Range"]) == (416, f"bytes */{film.size_bytes}")


@pytest.mark.parametrize("asked", ["", "bytes=", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"])
def test_what_is_no_single_stretch_gets_the_whole(cast: Cast, film: Media, browser: Browser, asked: str) -> None:
    shown = browser(cast.alice).get(reverse("media", args=[film.id]), headers={"Range": asked})
    assert (shown.status_code, int(shown["Content-Length"])) == (200, film.size_bytes)
    shown.close()


@pytest.mark.parametrize(("tag", "status"), [("same", 206), ("other", 200)])
def test_a_player_that_has_another_film_begun_gets_the_whole(
    cast: Cast, film: Media, browser: Browser, tag: str, status: int
) -> None:
    condition = f'"{film.sha256}"' if tag == "same" else '"other"'
    headers = {"Range": "bytes=0-9", "If-Range": condition}
    shown = browser(cast.alice).get(reverse("media", args=[film.id]), headers=headers)
    assert shown.status_code == status
    shown.close()


def test_strangers_get_no_stretch_either(cast: Cast, film: Media, browser: Browser) -> None:
    address = reverse("media", args=[film.id])
    assert browser(cast.charlie).get(address, headers={"Range": "bytes=0-1"}).status_code == 404


def test_the_head_of_a_film_has_no_body(cast: Cast, film: Media, browser: Browser) -> None:
    shown = browser(cast.alice).head(reverse("media", args=[film.id]))
    assert (shown.content, int(shown["Content-Length"])) == (b"", film.size_bytes)


def test_a_large_film_is_never_in_memory_whole(film: Media) -> None:
    size = 64 * 1024 * 1024
    with film.file.open("rb+") as stream:
        stream.truncate(size)
    request = AsyncRequestFactory().get("/", headers={"Range": "bytes=0-"})
    assert isinstance(request, ASGIRequest)

    async def read() -> int:
        film.file.close()
        response = serve_stored(request, Media.objects.none().model(file=film.file.name).file, "video/mp4", "tag")
        return sum([len(piece) async for piece in response])

    tracemalloc.start()
    try:
        assert asyncio.run(read()) == size
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
