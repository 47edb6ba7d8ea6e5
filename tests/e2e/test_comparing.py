"""What is held against the pictures of screens would be noticed if it went wrong."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps

from tests.e2e.comparing import ALLOWED, KEPT, SIZE, different

PICTURES = sorted(KEPT.glob("*.png"))


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_an_empty_a_dark_and_a_shifted_screen_look_different(path: Path) -> None:
    kept = Image.open(path)
    assert kept.size == SIZE
    assert different(kept, kept) == 0
    assert different(ImageOps.invert(kept), kept) > ALLOWED
    assert different(Image.new("L", SIZE, 255), kept) > ALLOWED
    assert different(ImageChops.offset(kept, 9, 6), kept) > ALLOWED
