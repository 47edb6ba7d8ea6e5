"""Screens held against pictures of how they looked when somebody last looked at them.

Amounts and days differ from run to run, and fonts are drawn a little differently from machine to machine: what is
compared is small and grey. A screen that is empty, unstyled, in the wrong look or laid out otherwise differs far more.
`UPDATE_PICTURES=1` keeps the pictures anew; look at them before they are committed.
"""

import io
import os
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from core.config import ROOT

KEPT: Final = Path(__file__).parent / "pictures"
TAKEN: Final = ROOT / "test-results" / "pictures"
SIZE: Final = (96, 60)
ALLOWED: Final = 0.45
"""How different a screen may be: 0 is the same, 1 what an empty one would be."""


def looks_as_before(page: Page, name: str) -> None:
    """Fail where a screen that has come to rest looks different from its picture; a copy is left in `TAKEN`."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.mouse.move(0, 0)
    page.wait_for_timeout(700)
    shot = Image.open(io.BytesIO(page.screenshot()))
    TAKEN.mkdir(parents=True, exist_ok=True)
    shot.save(TAKEN / f"{name}.png")
    small = shot.convert("L").resize(SIZE, Image.Resampling.BOX)
    kept = KEPT / f"{name}.png"
    if os.environ.get("UPDATE_PICTURES"):
        KEPT.mkdir(exist_ok=True)
        small.save(kept, optimize=True)
    assert kept.exists(), f"{name} has no picture yet"
    assert different(small, Image.open(kept)) <= ALLOWED, f"{name} looks different: see {TAKEN / name}.png"


def different(one: Image.Image, kept: Image.Image) -> float:
    """Return how much a small grey picture differs from the kept one, as a share of all that is drawn on that."""
    shades, before = (np.asarray(picture, dtype=np.int32) for picture in (one, kept))
    drawn = np.abs(before - np.bincount(before.ravel()).argmax()).sum()
    return float(np.abs(shades - before).sum() / max(int(drawn), 1))
