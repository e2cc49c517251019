"""Long downloads, piece by piece: under the asynchronous server too, which would gather a plain iterator whole."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse


def streamed(pieces: Iterator[str], *, name: str, content_type: str) -> StreamingHttpResponse:
    """Return a download of text that is made while it is sent."""
    response = StreamingHttpResponse(_one_by_one(pieces), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


async def _one_by_one(pieces: Iterator[str]) -> AsyncIterator[bytes]:
    take = sync_to_async(lambda: next(pieces, None))
    while (piece := await take()) is not None:
        yield piece.encode("utf-8", "replace")
