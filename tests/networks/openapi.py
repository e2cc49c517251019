"""Checks requests and answers against a published OpenAPI 3.0 description, strictly."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft7Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from pluralis.networks.fake.http import Request, Response

Json = Any
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time")
def _is_instant(value: object) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or bool(re.fullmatch(pattern, value))


@FORMATS.checks("uri")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"[a-z]+://[^\s]+", value))


@cache
def description(path: Path) -> "Description":
    """Return the description in a file, read once."""
    return Description(json.loads(path.read_text(encoding="utf-8")))


class Description:
    """One OpenAPI document."""

    def __init__(self, document: Json) -> None:
        self.document = document
        resource = Resource.from_contents(document, default_specification=DRAFT7)
        self._registry: Registry[Json] = Registry().with_resource("urn:api", resource)
        self._validators: dict[int, Draft7Validator] = {}
        self._paths = [
            (re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path))), item)
            for path, item in sorted(document["paths"].items(), key=lambda pair: pair[0].count("{"))
        ]

    def knows(self, request: Request) -> bool:
        """Tell whether the address is described at all."""
        return self._operation(request) is not None

    def _operation(self, request: Request) -> Json | None:
        path = urlsplit(request.target).path
        for shape, item in self._paths:
            if shape.fullmatch(path) and request.method.lower() in item:
                return item[request.method.lower()]
        return None

    def faults_of_request(self, request: Request) -> list[str]:
        """Return what is wrong with a request: unknown or misshapen parameters, a misshapen body."""
        operation = self._operation(request)
        if operation is None:
            return [f"{request.method} {request.path} is not described"]
        known = {row["name"]: row for row in map(self._resolve, operation.get("parameters", ()))}
        pairs = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        faults = [f"unknown parameter {name}" for name, _ in pairs if name not in known]
        faults += [f"{name} twice" for name in known if [one for one, _ in pairs].count(name) > 1]
        given = {name: value for name, value in pairs if name in known}
        for name, row in known.items():
            if row["in"] == "query" and row.get("required") and name not in given:
                faults.append(f"{name} is required")
            if name in given:
                faults += self._faults(row["schema"], self._typed(row["schema"], given[name]), name)
        return faults + self._faults_of_body(operation, request)

    def _faults_of_body(self, operation: Json, request: Request) -> list[str]:
        described = operation.get("requestBody")
        if described is None:
            return ["a body where none is described"] if request.body else []
        kind = request.headers.get("content-type", "").split(";")[0]
        if kind not in described["content"]:
            return [f"a body of type {kind!r}"] if request.body or described.get("required") else []
        schema = described["content"][kind]["schema"]
        return self._faults(schema, self._form(schema, request) if "form" in kind else request.json(), "body")

    def _form(self, schema: Json, request: Request) -> dict[str, Json]:
        shape = self._resolve(schema)
        shape = shape if "properties" in shape else self._resolve(shape["anyOf"][0])
        return {
            name: self._typed(shape["properties"].get(name, {}), part.content.decode("latin-1"))
            for name, part in request.parts().items()
        }

    def faults_of_answer(self, request: Request, response: Response) -> list[str]:
        """Return what is wrong with an answer."""
        operation = self._operation(request)
        if operation is None:
            return [f"{request.method} {request.path} is not described"]
        responses = operation["responses"]
        described = responses.get(str(response.status))
        if described is None and response.status < 300:
            return [f"status {response.status} is not described"]
        content = (described or responses["default"]).get("content", {})
        kind = response.headers.get("content-type", "").split(";")[0]
        if kind not in content:
            return [f"an answer of type {kind!r} is not described for {response.status}"]
        return self._faults(content[kind]["schema"], json.loads(response.body), f"answer {response.status}")

    def _faults(self, schema: Json, value: Json, where: str) -> list[str]:
        validator = self._validators.get(id(schema))
        if validator is None:
            validator = Draft7Validator(self._absolute(schema), registry=self._registry, format_checker=FORMATS)
            self._validators[id(schema)] = validator  # the document keeps every schema alive
        return [f"{where}{error.json_path[1:]}: {error.message[:200]}" for error in validator.iter_errors(value)]

    def _absolute(self, schema: Json) -> Json:
        """Return the schema with its references leading into the document."""
        if isinstance(schema, dict):
            return {
                name: f"urn:api{value}" if name == "$ref" and value.startswith("#") else self._absolute(value)
                for name, value in schema.items()
            }
        return [self._absolute(one) for one in schema] if isinstance(schema, list) else schema

    def _resolve(self, row: Json) -> Json:
        while "$ref" in row:
            found = self.document
            for name in row["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            row = found
        return row

    def _typed(self, schema: Json, text: str) -> Json:
        """Return a parameter's text as the type its schema asks for; what does not fit stays text and fails."""
        schema = self._resolve(schema)
        kinds = {one.get("type") for one in map(self._resolve, schema.get("oneOf", [schema]))}
        if "array" in kinds:
            return [self._typed(schema["items"], one) for one in text.split(",")]
        if "integer" in kinds and re.fullmatch(r"-?\d+", text):
            return int(text)
        return text


def faults(known: Description, exchanges: list[tuple[Request, Response]], ignored: Mapping[str, str]) -> list[str]:
    """Return every fault in a recording; ``ignored`` are addresses that no description holds, with the reason."""
    found = []
    for request, response in exchanges:
        if request.path in ignored:
            continue
        wrong = known.faults_of_request(request)
        if response.fate == "answer":
            wrong += known.faults_of_answer(request, response)
        found += [f"{request.method} {request.target[:120]}: {one}" for one in wrong]
    return found
