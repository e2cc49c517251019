"""Reading a request's body within bounds."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSON(JSONParser):
    """JSON of at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes; DRF's own would read whatever comes."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(_Bounded(stream), media_type, parser_context)
        except RecursionError:
            raise ParseError("nested too deeply") from None


class _Bounded:
    """A stream that refuses to be longer than the setting."""

    def __init__(self, stream: IO[Any]) -> None:
        self._stream, self._left = stream, settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def read(self, size: int = -1) -> bytes:
        content: bytes = self._stream.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(content)
        if self._left < 0:
            raise RequestDataTooBig("the body is too large")
        return content
