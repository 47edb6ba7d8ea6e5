"""The commands that the documents name exist, with every option that they are given there."""

import re
import shlex
from typing import Final

import click
import pytest

from core.__main__ import main
from core.config import ROOT

NAMED: Final = sorted(
    {
        line.removeprefix(".venv/bin/").removeprefix("python -m core ").split(" #")[0].rstrip()
        for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
        for block in re.findall(r"```sh\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
        for line in block.splitlines()
        if line.startswith((".venv/bin/python -m core ", "python -m core "))
    }
)


@pytest.mark.parametrize("line", NAMED)
def test_a_command_of_the_documents_exists(line: str) -> None:
    command: click.Command = main
    words = shlex.split(line)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_command_is_named() -> None:
    named = {line.split()[0] for line in NAMED}
    assert set(main.commands) == named
