"""Elements of a marked-up file: text, attributes, children, and the line on which each begins."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from core.errors import ImportFileError

DEEPEST: Final = 64
"""Levels; statements need about twelve."""


@dataclass(slots=True)
class Node:
    """An element: its text, its attributes, its children and the line on which it begins."""

    name: str
    line: int
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)

    def find(self, *path: str) -> "Node | None":
        """Return the first element down a path of names."""
        node: Node | None = self
        for name in path:
            node = next((one for one in node.children if one.name == name), None) if node else None
        return node

    def value(self, *path: str) -> str:
        """Return the text of the element down a path, "" when there is none."""
        node = self.find(*path)
        return node.text if node else ""

    def every(self, *names: str) -> Iterator["Node"]:
        """Yield all elements of these names below, in the order of the file."""
        for child in self.children:
            if child.name in names:
                yield child
            else:
                yield from child.every(*names)


def parse_xml(text: str) -> Node:
    """Return the root of an XML document, names without their prefixes, texts without space around them.

    A document with a DOCTYPE is refused: no bank writes one, and entities are declared there.

    Raises:
        ImportFileError: it is not well-formed, nests too deeply, or declares a DOCTYPE; with its line.
    """
    root = Node("", 1)
    stack = [root]
    pieces: list[list[str]] = [[]]
    # As text it is decoded already, whatever encoding it declares.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise ImportFileError("The file nests too deeply.", "Download it again.", parser.CurrentLineNumber)
        node = Node(name.rpartition(":")[2], parser.CurrentLineNumber, attributes=attributes)
        stack[-1].children.append(node)
        stack.append(node)
        pieces.append([])

    def end(_name: str) -> None:
        stack.pop().text = "".join(pieces.pop()).strip()

    def words(data: str) -> None:
        pieces[-1].append(data)

    def refuse(*_declaration: object) -> None:
        raise ImportFileError(
            "The file declares a DOCTYPE, which no bank does.", "Download it again.", parser.CurrentLineNumber
        )

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = words, refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as cause:
        raise ImportFileError(
            f"The XML breaks here: {expat.ErrorString(cause.code)}.", "Nothing was imported. Download it again.",
            cause.lineno,
        ) from cause  # fmt: skip
    return root.children[0]
