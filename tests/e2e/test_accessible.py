"""Every screen is held against WCAG by axe-core in a real browser, light and dark; and the app can be installed."""

import json
import struct
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from core.config import ROOT
from tests.e2e.steps import visit

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
OUTSIDE: Final = ("", "sign_in", "sign_up", "forgot_password", "confirm_email", "new_password", "about")
INSIDE: Final = sorted({one.stem for one in Path(ROOT / "pages").glob("[a-z]*.py")} - {*OUTSIDE, "landing", "overview"})
FAINT: Final = """() => {
    const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(one => one / 255)
            .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = light(getComputedStyle(document.querySelector('.stApp')).backgroundColor)
    return [...document.querySelectorAll('.js-plotly-plot text, [role="tab"] p')].filter(one => one.textContent.trim())
        .map(one => [one.textContent, getComputedStyle(one)[one instanceof SVGElement ? 'fill' : 'color']])
        .filter(([_, fill]) => (Math.max(light(fill), ground) + 0.05) / (Math.min(light(fill), ground) + 0.05) < 4.5)
        .map(([words, fill]) => `${words}: ${fill}`)
}"""
"""Relative luminance and contrast as WCAG 2.2 defines them; text of this size needs 4.5."""
MOVING: Final = "() => document.getAnimations().some(one => one.playState === 'running')"
CHART: Final = ".js-plotly-plot"
GRAVE: Final = {"serious", "critical"}


def settle(page: Page) -> None:
    """Wait until a screen is drawn whole: what fades in or changes its look is paler than it is meant to be."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
    page.wait_for_timeout(300)
    page.wait_for_function(f"() => !({MOVING})()")


def findings(page: Page, only: str = "") -> list[str]:
    """Return what axe-core finds grave on a screen; `only` one of its rules where that is said."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    asked: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        asked["runOnly"] = [only]
    told = page.evaluate("asked => axe.run(document, asked)", asked)
    return [
        f"{page.url} {one['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for one in told["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def faint(page: Page) -> list[str]:
    """Return the words in charts and on tabs that are too pale on the screen's ground, which axe-core leaves out."""
    told: list[str] = page.evaluate(FAINT)
    return [f"{page.url} {one}" for one in told]


def titles(page: Page) -> list[str]:
    """Return the titles of a screen unless there is one, by which whoever hears it knows where they are."""
    told = page.locator("h1").all_inner_texts()
    return [] if len(told) == 1 else [f"{page.url} has the titles {told}"]


def in_the_light(page: Page) -> list[str]:
    """Return what is grave on a screen."""
    settle(page)
    return findings(page) + faint(page) + titles(page)


def in_the_dark(page: Page) -> list[str]:
    """Return what can't be read on a screen that is dark."""
    settle(page)
    return findings(page, "color-contrast") + faint(page)


def both_looks(page: Page) -> list[str]:
    """Return what is grave in the light, and what can't be read in the dark."""
    page.emulate_media(color_scheme="light")
    found = in_the_light(page)
    page.emulate_media(color_scheme="dark")
    return found + in_the_dark(page)


def test_no_screen_keeps_anybody_out(demo_page: Page, app: str) -> None:
    demo_page.emulate_media(color_scheme="light")
    demo_page.goto(f"{app}/")
    found, with_charts = in_the_light(demo_page), []
    for name in INSIDE:
        demo_page.emulate_media(color_scheme="light")
        visit(demo_page, f"/{name}")
        found += in_the_light(demo_page)
        if demo_page.locator(CHART).count():
            with_charts.append(name)
            continue
        demo_page.emulate_media(color_scheme="dark")
        found += in_the_dark(demo_page)
    # Streamlit gives a chart its colours when it is first drawn: in the look of the moment.
    demo_page.emulate_media(color_scheme="dark")
    demo_page.goto(f"{app}/")
    found += in_the_dark(demo_page)
    for name in with_charts:
        visit(demo_page, f"/{name}")
        found += in_the_dark(demo_page)
    assert {"analytics", "explore", "forecast"} <= set(with_charts)
    assert found == []


def test_no_screen_before_signing_in_keeps_anybody_out(page: Page, app: str) -> None:
    found = []
    for name in OUTSIDE:
        page.goto(f"{app}/{name}")
        found += both_looks(page)
    assert found == []


def test_the_app_can_be_put_among_a_computers_programs(demo_page: Page, app: str) -> None:
    demo_page.goto(f"{app}/about")
    expect(demo_page.locator('link[rel="manifest"]')).to_be_attached()
    devtools = demo_page.context.new_cdp_session(demo_page)
    told = devtools.send("Page.getAppManifest")
    devtools.detach()
    assert told["errors"] == []
    manifest = json.loads(told["data"])
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    for icon in manifest["icons"]:
        answer = demo_page.request.get(f"{app}{icon['src']}")
        width, height = struct.unpack(">II", answer.body()[16:24])
        assert answer.headers["content-type"] == icon["type"]
        assert f"{width}x{height}" == icon["sizes"]
