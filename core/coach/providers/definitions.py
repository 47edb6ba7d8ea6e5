"""Tools as models are told of them: one flat JSON schema each, as every provider and local server reads it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from core.coach.providers.provider import ToolDefinition
from core.coach.tools import Tool

_REFERENCE: Final = "$ref"


@cache
def definition_of(tool: Tool[Any]) -> ToolDefinition:
    """Return a tool's definition; references within its schema are put in, for not every server follows them."""
    schema = tool.schema
    flat = _flat(schema, schema.get("$defs", {}))
    flat.setdefault("properties", {})
    return ToolDefinition(tool.name, tool.description, flat)


def _flat(node: Any, parts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, Mapping):
        if _REFERENCE in node:
            part = parts[node[_REFERENCE].rpartition("/")[2]]
            return {**_flat(part, parts), **_flat({k: v for k, v in node.items() if k != _REFERENCE}, parts)}
        # A title that only repeats the name costs tokens; a property that is called "title" is kept.
        return {
            name: _flat(inner, parts)
            for name, inner in node.items()
            if name != "$defs" and not (name == "title" and isinstance(inner, str))
        }
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_flat(inner, parts) for inner in node]
    return node
