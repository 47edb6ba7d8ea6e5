"""The table of requirements names tests that exist."""

import re

from core.config import ROOT


def test_every_test_that_the_security_table_names_exists() -> None:
    table = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", table))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))
    }
    assert len(named) > 40
    assert sorted(named - written) == []
