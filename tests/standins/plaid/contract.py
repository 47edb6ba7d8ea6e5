"""Holding requests and responses against Plaid's own OpenAPI file."""

import json
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


class Contract:
    """The 21 routes that FinTrack uses, as Plaid published them."""

    def __init__(self, path: Path) -> None:
        """Read the OpenAPI document at `path`."""
        self.document: dict[str, Any] = _as_json_schema(json.loads(path.read_text("utf-8")))

    @cached_property
    def registry(self) -> Registry[Any]:
        """Return where references into the document are found."""
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        return Registry().with_resource("urn:plaid", resource)

    @cache  # noqa: B019 - one contract a process
    def _validator(self, route: str, side: str) -> Draft202012Validator | None:
        operation = self.document["paths"].get(route, {}).get("post")
        if operation is None:
            return None
        content = operation["requestBody"] if side == "request" else operation["responses"]["200"]
        schema = content["content"]["application/json"]["schema"]
        return Draft202012Validator(_absolute(schema), registry=self.registry)

    def violations(self, route: str, side: str, body: Any) -> list[str]:
        """Return how `body` breaks the contract of a route; `side` is "request" or "response"."""
        validator = self._validator(route, side)
        if validator is None:
            return [f"{route} is not one of Plaid's routes"]
        return [f"{route} {side} {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


def _as_json_schema(node: Any) -> Any:
    """Turn OpenAPI's `nullable` into JSON Schema's null type, and references into absolute ones."""
    if isinstance(node, list):
        return [_as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    turned = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    if isinstance(turned.get("$ref"), str) and turned["$ref"].startswith("#"):
        turned["$ref"] = f"urn:plaid{turned['$ref']}"
    if node.get("nullable") is True:
        if "enum" in turned and None not in turned["enum"]:
            turned["enum"] = [*turned["enum"], None]
        if isinstance(turned.get("type"), str):
            turned["type"] = [turned["type"], "null"]
        elif "type" not in turned:
            return {"anyOf": [turned, {"type": "null"}]}
    return turned


def _absolute(schema: Any) -> Any:
    return schema
