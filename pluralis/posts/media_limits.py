"""What of a message's pictures and films does not fit a network, as codes; the words are the desk's."""

from collections.abc import Iterable, Sequence

from pluralis.networks.contract import FilmLimits, Limits
from pluralis.posts.models import Media

FILM_ADVICE = frozenset({"film_length_unknown", "film_codec", "film_not_described", "film_uncleaned"})
"""Problems of films that are told and stop nothing."""
# What every network here is known to play: H.264 (ISO/IEC 14496-15) and the codecs of WebM.
KNOWN_CODECS = frozenset({"avc1", "avc3", "V_VP8", "V_VP9", "V_AV1"})


def picture_problems(media: Sequence[Media], limits: Limits) -> Iterable[tuple[str, int]]:
    """Yield (code, number) for everything that does not fit: the number is the picture's, or the limit."""
    if len(media) > 1 and any(one.is_film for one in media):
        yield "film_not_alone", 0
    if sum(not one.is_film for one in media) > limits.images:
        yield "too_many_pictures", limits.images
    for number, one in enumerate(media, start=1):
        yield from _film_problems(one, limits.film) if one.is_film else _picture_problems(one, limits, number)
        if len(one.alt_text) > limits.alt_text:
            yield "alt_text_too_long", number
        if not one.alt_text and not one.decorative:
            yield "no_alt_text", number


def _picture_problems(picture: Media, limits: Limits, number: int) -> Iterable[tuple[str, int]]:
    if picture.size_bytes > limits.image_bytes:
        yield "picture_too_large", number
    if picture.content_type not in limits.image_types:
        yield "picture_type", number


def _film_problems(film: Media, limits: FilmLimits | None) -> Iterable[tuple[str, int]]:
    if limits is None:
        yield "no_films", 0
        return
    if film.size_bytes > limits.bytes:
        yield "film_too_large", limits.bytes // 1_000_000
    if film.content_type not in limits.types:
        yield "film_type", 0
    if limits.seconds is not None and film.seconds is None:
        yield "film_length_unknown", limits.seconds
    if limits.seconds is not None and film.seconds is not None and film.seconds > limits.seconds:
        yield "film_too_long", limits.seconds
    if film.codec not in KNOWN_CODECS:
        yield "film_codec", 0
    if film.alt_text and not limits.described:
        yield "film_not_described", 0
    if film.uncleaned:
        yield "film_uncleaned", 0
