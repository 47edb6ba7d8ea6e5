"""The window that journeys share: what one leaves in it, the next must not find."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import SIZE, Window

pytestmark = pytest.mark.browser


def seen(page: Page) -> list[object]:
    """Return whether a page is dark, still, how wide it is, and what it keeps."""
    asked = "(prefers-color-scheme: dark)", "(prefers-contrast: more)", "print"
    return [
        *page.evaluate("asked => asked.map((one) => matchMedia(one).matches)", list(asked)),
        page.evaluate("[innerWidth, localStorage.length, document.cookie]"),
    ]


def test_an_emptied_window_is_as_a_new_one(app: str, window: Window) -> None:
    page = window.page()
    page.goto(f"{app}/healthz")
    before = seen(page)
    page.emulate_media(media="print", color_scheme="dark", contrast="more")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("localStorage.setItem('left', 'here'); document.cookie = 'left=here'")
    assert seen(page) == [True, True, True, [390, 1, "left=here"]]
    window.empty(page, {app})
    assert seen(page) == before == [False, False, False, [SIZE["width"], 0, ""]]
