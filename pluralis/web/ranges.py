"""A stored picture or film, whole or the stretch that was asked for (RFC 9110, 14).

Safari plays no film from a server that knows no ranges, and every browser needs them to jump within one. Nothing is
held in memory but one piece, whoever serves: an ASGI server would otherwise read a whole film to send it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO, cast

from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def serve_stored(request: HttpRequest, file: FieldFile, content_type: str, tag: str) -> HttpResponseBase:
    """Return the file, or the one stretch of it that ``Range`` names: 206, or 416 for one that lies outside.

    ``tag`` names this content and no other: ``If-Range`` with another one gets the whole. Several stretches at once
    are not told apart and get the whole too, as the standard allows.
    """
    size, etag = file.size, f'"{tag}"'
    first, last, status = 0, size - 1, 200
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked and any(asked.groups()) and request.method in ("GET", "HEAD") and _is_of_this(request, etag):
        found = _stretch(asked[1], asked[2], size)
        if found is None:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
        first, last, status = *found, 206
    response = _response(request, file, content_type, first, last - first + 1)
    response.status_code = status
    response.headers["Accept-Ranges"], response.headers["ETag"] = "bytes", etag
    response.headers["Content-Length"] = str(last - first + 1)
    if status == 206:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _is_of_this(request: HttpRequest, etag: str) -> bool:
    condition = request.headers.get("If-Range")
    return condition is None or parse_etags(condition) == [etag]


def _stretch(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte that are meant, ``None`` when there is no such stretch."""
    if not first:
        count = min(int(last or 0), size)
        return (size - count, size - 1) if count else None
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin <= end else None


def _response(request: HttpRequest, file: FieldFile, content_type: str, first: int, count: int) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type)
    stream = cast(BinaryIO, file.open("rb"))
    stream.seek(first)
    pieces = _pieces_for_a_loop(stream, count) if isinstance(request, ASGIRequest) else _pieces(stream, count)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    # As FileResponse does: also an answer that nobody reads to its end gives the file back.
    response._resource_closers.append(stream.close)  # type: ignore[attr-defined]
    return response


def _pieces(stream: BinaryIO, count: int) -> Iterator[bytes]:
    while count > 0 and (piece := stream.read(min(PIECE, count))):
        count -= len(piece)
        yield piece


async def _pieces_for_a_loop(stream: BinaryIO, count: int) -> AsyncIterator[bytes]:
    while count > 0 and (piece := await asyncio.to_thread(stream.read, min(PIECE, count))):
        count -= len(piece)
        yield piece
