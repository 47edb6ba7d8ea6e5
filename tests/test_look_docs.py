"""What docs/look.md says of colours and sizes is what the theme holds."""

import re
import tomllib

from core.config import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
TOLD = (ROOT / "docs" / "look.md").read_text("utf-8")


def test_every_colour_is_the_themes() -> None:
    rows = re.findall(r"^\| .+ \| `(#\w+)` \| `(#\w+)` \| `(\w+)` \|", TOLD, re.MULTILINE)
    assert len(rows) == 10
    assert rows == [(THEME["light"][name], THEME["dark"][name], name) for _, _, name in rows]


def test_every_size_is_the_themes() -> None:
    sizes = dict(re.findall(r"^\| ([^|]+) \| ([\d.]+ \w+) \| \d+ \|", TOLD, re.MULTILINE))
    told = [sizes[use].replace(" ", "") for use in ("the screen's title", "a part of a screen", "a card, a list")]
    assert told == THEME["headingFontSizes"][:3]
    assert sizes["text"] == f"{THEME['baseFontSize']} px"
    assert sizes["the figure on a card"].replace(" ", "") == THEME["metricValueFontSize"]
    assert sizes["code"].replace(" ", "") == THEME["codeFontSize"]
