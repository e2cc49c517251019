"""Films are known by their containers, lose what tells where they were taken, and keep every frame in its place."""

import io

import pytest
from django.test import override_settings

from pluralis.core.text import counting_rule
from pluralis.networks.contract import FilmLimits, Limits
from pluralis.posts.films import is_film, take_film
from pluralis.posts.media_limits import FILM_ADVICE, picture_problems
from pluralis.posts.models import Media
from pluralis.teams.errors import Invalid
from tests.films import PLACE, box, element, mp4, track, webm

KINDS = {
    "mp4": (mp4(), "video/mp4", "avc1"),
    "mov": (mp4(brand=b"qt  "), "video/quicktime", "avc1"),
    "webm": (webm(), "video/webm", "V_VP9"),
}


def take(content: bytes):  # type: ignore[no-untyped-def]
    stream = io.BytesIO(content)
    film = take_film(stream, len(content))
    return film, stream.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_a_film_is_known_by_its_content(kind: str) -> None:
    content, content_type, codec = KINDS[kind]
    assert is_film(io.BytesIO(content))
    film, _kept = take(content)
    assert (film.content_type, film.codec, film.width, film.height) == (content_type, codec, 64, 36)
    assert film.seconds == 3.0
    assert not film.uncleaned


@pytest.mark.parametrize("kind", KINDS)
def test_the_place_is_gone_and_nothing_else_moves(kind: str) -> None:
    content = KINDS[kind][0]
    assert PLACE in content
    _film, kept = take(content)
    assert PLACE not in kept
    assert len(kept) == len(content)
    frames = content.rindex(b"\x01" * 32)
    assert kept[frames : frames + 32] == b"\x01" * 32
    again, same = take(kept)
    assert same == kept
    assert again.seconds == 3.0


@pytest.mark.parametrize("kind", [b"uuid", b"meta", b"free", b"udta"])
def test_remarks_beside_the_film_are_overwritten_too(kind: bytes) -> None:
    _film, kept = take(mp4(remarks=box(kind, b"by Alice, at home")))
    assert b"Alice" not in kept


def test_a_film_taken_upright_is_upright() -> None:
    film, _kept = take(mp4(tracks=(track(size=(1920, 1080), turned=True),)))
    assert (film.width, film.height) == (1080, 1920)


def test_a_film_that_does_not_tell_its_length_is_taken_with_that_said() -> None:
    assert take(mp4(0))[0].seconds is None
    assert take(webm(None))[0].seconds is None


def test_what_cannot_be_cleaned_is_told() -> None:
    assert take(mp4(tracks=(track(), track(b"meta", b"gpmd"))))[0].uncleaned
    film, kept = take(webm(live=True))
    assert film.uncleaned
    assert PLACE in kept


BROKEN = {
    "cut off": mp4()[:-5],
    "cut in its head": mp4()[:60],
    "sound only": mp4(tracks=(track(b"soun", b"mp4a"),)),
    "no film at all": box(b"ftyp", b"isom", bytes(4)),
    "a box that claims too much": box(b"ftyp", b"isom", bytes(4)) + b"\x7f\xff\xff\xffmoov",
    "a box of no length": box(b"ftyp", b"isom", bytes(4)) + b"\x00\x00\x00\x04moov" * 3,
    "a header too short": box(b"ftyp", b"isom") + box(b"moov", box(b"trak", box(b"tkhd", bytes(20)))),
    "Matroska": webm(doc_type=b"matroska"),
    "WebM cut off": webm()[:-8],
    "WebM with sound only": webm(kind=b"\x02"),
    "zeros after the head": element("1A45DFA3", element("4282", b"webm")) + bytes(64),
    "many tiny boxes": box(b"ftyp", b"isom") + box(b"wide") * 60_000,
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_whole_film_is_refused_in_words(what: str) -> None:
    with pytest.raises(Invalid) as refused:
        take(BROKEN[what])
    assert refused.value.code == "film_refused"
    assert str(refused.value.next_step)


def test_no_cut_and_no_flipped_byte_does_more_than_refuse() -> None:
    for whole in (mp4(), webm()):
        for at in range(0, len(whole), 3):
            for broken in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
                try:
                    take(broken)
                except Invalid:
                    continue


def test_a_film_larger_than_the_setting_is_refused_before_it_is_read() -> None:
    with override_settings(FILM_MAX_BYTES=2**20), pytest.raises(Invalid, match="1 MB"):
        take_film(io.BytesIO(), 2**20 + 1)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"<svg>", b"RIFF0000WEBP"])
def test_a_picture_is_no_film(content: bytes) -> None:
    assert not is_film(io.BytesIO(content))


LIMITS = FilmLimits(1_000_000, 140, ("video/mp4",), described=True)
CASES = {
    "fits": ({}, LIMITS, set()),
    "network without films": ({}, None, {"no_films"}),
    "too large": ({"size_bytes": 1_000_001}, LIMITS, {"film_too_large"}),
    "too long": ({"seconds": 140.5}, LIMITS, {"film_too_long"}),
    "length not told": ({"seconds": None}, LIMITS, {"film_length_unknown"}),
    "kind": ({"content_type": "video/webm"}, LIMITS, {"film_type"}),
    "packing": ({"codec": "hvc1"}, LIMITS, {"film_codec"}),
    "not described": ({}, FilmLimits(1_000_000, 140, ("video/mp4",), described=False), {"film_not_described"}),
    "uncleaned": ({"uncleaned": True}, LIMITS, {"film_uncleaned"}),
    "no words": ({"alt_text": ""}, LIMITS, {"no_alt_text"}),
    "no end set": ({"seconds": 9000.0}, FilmLimits(1_000_000, None, ("video/mp4",), described=True), set()),
}  # fmt: skip


def film(**more: object) -> Media:
    told = {"content_type": "video/mp4", "size_bytes": 9, "seconds": 3.0, "codec": "avc1", "alt_text": "Waves"}
    return Media(**told | more)


def limits(of_films: FilmLimits | None) -> Limits:
    return Limits(counting_rule("graphemes"), 4, 1000, ("image/png",), 100, of_films)


@pytest.mark.parametrize("case", CASES)
def test_what_does_not_fit_is_said(case: str) -> None:
    more, of_films, codes = CASES[case]
    assert {code for code, _ in picture_problems([film(**more)], limits(of_films))} == codes


def test_a_film_goes_out_alone() -> None:
    picture = Media(content_type="image/png", size_bytes=9, alt_text="A field")
    for together in ([film(), picture], [film(), film()]):
        assert ("film_not_alone", 0) in list(picture_problems(together, limits(LIMITS)))


def test_a_length_that_is_not_known_stops_nothing() -> None:
    assert {"film_length_unknown", "film_codec", "film_not_described", "film_uncleaned"} == FILM_ADVICE
