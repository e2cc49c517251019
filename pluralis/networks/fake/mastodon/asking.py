"""What a client sends, in whichever of the three shapes the API takes: JSON, form, or form with files."""

from typing import Any
from urllib.parse import parse_qsl

from pluralis.networks.fake.http import BadRequest, Request


def fields_of(request: Request) -> dict[str, Any]:
    """Return the fields of a body by name; ``name[]`` is a list whatever the shape."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return {name: part.content.decode() for name, part in request.parts().items() if part.filename is None}
    if kind.startswith("application/json") or not request.body:
        content = request.json()
        if not isinstance(content, dict):
            raise BadRequest("the body is no JSON object")
        return content
    return gather(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def gather(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return pairs as fields, ``name[]`` gathered into lists."""
    gathered: dict[str, Any] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            gathered.setdefault(name.removesuffix("[]"), []).append(value)
        else:
            gathered[name] = value
    return gathered
